//go:build !linux

package evidence

func memoryBytes() int64 { return 0 }
