//go:build !linux

package disk

import (
	"io/fs"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// flush goes through os: macOS wants more than an fsync.
func flush(f *os.File) error { return f.Sync() }

func freeBytes(dir *os.File) (uint64, error) {
	var st unix.Statfs_t
	err := control(dir, func(fd int) error { return unix.Fstatfs(fd, &st) })
	return uint64(st.Bavail) * uint64(st.Bsize), err
}

func fileID(info fs.FileInfo) uint64 {
	st, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return 0
	}
	return mixID(uint64(st.Dev), st.Ino)
}

// nameID asks the kernel directly: os.Root would resolve a name, which is plain
// already, once more.
func nameID(dir *os.File, name string) (uint64, error) {
	var st unix.Stat_t
	err := control(dir, func(fd int) error { return unix.Fstatat(fd, name, &st, unix.AT_SYMLINK_NOFOLLOW) })
	return mixID(uint64(st.Dev), st.Ino), err
}
