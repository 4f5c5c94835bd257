package disk

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"
)

// osFile is a regular file.
type osFile struct {
	*os.File
	id uint64
	// denied is what WriteAt answers for a file that may only be read.
	denied error
}

// file takes f over: it closes it on an error.
func (d *OS) file(f *os.File, denied error) (File, error) {
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = &fs.PathError{Op: "open", Path: f.Name(), Err: errors.New("not a regular file")}
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return &osFile{File: f, id: fileID(info), denied: denied}, nil
}

// WriteAt writes at off.
func (f *osFile) WriteAt(p []byte, off int64) (int, error) {
	if f.denied != nil {
		return 0, f.denied
	}
	return f.File.WriteAt(p, off)
}

// Size asks the kernel: other processes write too.
func (f *osFile) Size() (int64, error) {
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

// ID costs nothing: a file keeps its inode for as long as it is open.
func (f *osFile) ID() (uint64, error) { return f.id, nil }

// Sync flushes the data, and the size with it.
func (f *osFile) Sync() error {
	if err := flush(f.File); err != nil {
		return fmt.Errorf("%w: %w", ErrSync, err)
	}
	return nil
}

// mixID is one to one for the inodes of one device.
func mixID(dev, ino uint64) uint64 {
	const odd = 0x9e3779b97f4a7c15
	return ino + dev*odd
}

// control runs fn with the descriptor of f, which is not closed meanwhile, and
// again when a signal came between.
func control(f *os.File, fn func(fd int) error) error {
	conn, err := f.SyscallConn()
	if err != nil {
		return err
	}
	var ferr error
	err = conn.Control(func(fd uintptr) {
		for ferr = syscall.EINTR; errors.Is(ferr, syscall.EINTR); {
			ferr = fn(int(fd))
		}
	})
	return errors.Join(err, ferr)
}
