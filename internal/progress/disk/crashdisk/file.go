package crashdisk

import (
	"fmt"
	"io/fs"
	"sync/atomic"

	"postfleet/internal/progress/disk"
)

// file is an inode that somebody has open.
type file struct {
	dir    *Dir
	inode  *inode
	name   string
	closed atomic.Bool
}

// ReadAt reads what was written, flushed or not.
func (f *file) ReadAt(p []byte, off int64) (int, error) {
	if err := f.open("read"); err != nil || len(p) == 0 {
		return 0, err
	}
	return f.inode.data.ReadAt(p, off)
}

// WriteAt writes in two halves.
func (f *file) WriteAt(p []byte, off int64) (int, error) {
	if err := f.open("write"); err != nil || len(p) == 0 {
		return 0, err
	}
	half := len(p) / 2
	n, err := f.write(Write, p[:half], off)
	if err != nil {
		return n, err
	}
	rest, err := f.write(WriteRest, p[half:], off+int64(half))
	return n + rest, err
}

func (f *file) write(kind Kind, p []byte, off int64) (int, error) {
	if err := f.dir.begin(kind, f.name); err != nil {
		return 0, err
	}
	f.dir.mu.Lock()
	defer f.dir.mu.Unlock()
	return f.inode.data.WriteAt(p, off)
}

// Size returns the length in bytes.
func (f *file) Size() (int64, error) {
	if err := f.open("stat"); err != nil {
		return 0, err
	}
	return f.inode.size()
}

// ID returns the number of the inode.
func (f *file) ID() (uint64, error) { return f.inode.id, f.open("stat") }

// Sync makes the data last.
func (f *file) Sync() error {
	err := f.open("flush")
	if err == nil {
		err = f.flush()
	}
	if err != nil {
		return fmt.Errorf("%w: %w", disk.ErrSync, err)
	}
	return nil
}

func (f *file) flush() error {
	err := f.dir.begin(Sync, f.name)
	f.dir.mu.Lock()
	defer f.dir.mu.Unlock()
	if err != nil {
		f.inode.lost = true
	}
	if f.inode.lost {
		return err
	}
	return f.inode.data.Sync()
}

// Close closes this one of the file's openings.
func (f *file) Close() error {
	if f.closed.Swap(true) {
		return &fs.PathError{Op: "close", Path: f.name, Err: fs.ErrClosed}
	}
	return nil
}

func (f *file) open(op string) error {
	if f.closed.Load() {
		return &fs.PathError{Op: op, Path: f.name, Err: fs.ErrClosed}
	}
	return nil
}
