package testbed

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/sys/unix"
)

// Volume is a file system of its own size, kept in a file: it can be filled
// without harm to anything else.
type Volume struct {
	// Dir is where it is mounted.
	Dir string

	image string
	mu    sync.Mutex // one filling at a time
}

// NewVolume makes an ext4 file system of that many bytes in dir.img and mounts
// it at dir. Close undoes both.
func NewVolume(ctx context.Context, dir string, bytes int64) (*Volume, error) {
	v := &Volume{Dir: dir, image: dir + ".img"}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("make volume: %w", err)
	}
	for _, args := range [][]string{
		{"truncate", "--size", strconv.FormatInt(bytes, 10), v.image},
		{"mkfs.ext4", "-q", "-F", "-m", "0", v.image},
		{"mount", "-o", "loop", v.image, dir},
	} {
		call, cancel := context.WithTimeout(ctx, callTimeout)
		out, err := exec.CommandContext(call, args[0], args[1:]...).CombinedOutput() //nolint:gosec // from the table
		cancel()
		if err != nil {
			return nil, fmt.Errorf("make volume: %s: %w: %s", args[0], err, strings.TrimSpace(string(out)))
		}
	}
	return v, os.Chmod(dir, 0o755) //nolint:gosec // a data directory is readable
}

// Fill takes all the room there is, until empty is called. Safe from any
// goroutine; a second filling waits for the first to be emptied.
func (v *Volume) Fill() (empty func() error, err error) {
	v.mu.Lock()
	ballast := filepath.Join(v.Dir, ".ballast")
	empty = sync.OnceValue(func() error {
		defer v.mu.Unlock()
		return os.Remove(ballast)
	})
	if err := takeRoom(ballast); err != nil {
		return nil, errors.Join(fmt.Errorf("fill volume: %w", err), empty())
	}
	return empty, nil
}

// takeRoom writes a file until the file system has no more, down to the bytes.
func takeRoom(path string) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	const most = 1 << 20
	for size := most; size > 0; {
		_, err := f.Write(make([]byte, size))
		switch {
		case err == nil:
		case errors.Is(err, unix.ENOSPC):
			size /= 2
		default:
			return errors.Join(err, f.Close())
		}
	}
	return f.Close()
}

// Close unmounts the volume and deletes it.
func (v *Volume) Close() error {
	if err := unix.Unmount(v.Dir, 0); err != nil {
		return fmt.Errorf("unmount %s: %w", v.Dir, err)
	}
	return errors.Join(os.Remove(v.image), os.Remove(v.Dir))
}
