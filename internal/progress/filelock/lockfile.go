package filelock

import (
	"errors"
	"io/fs"
	"os"
	"syscall"

	"golang.org/x/sys/unix"

	"postfleet/internal/progress"
)

// lockFile is the file of a Lock. It stays open between one lock and the next:
// to open it costs more than to lock it, which is why gofrs/flock, which closes
// what it unlocks, is not used for it.
type lockFile struct {
	file *os.File
	// dev and ino are the file's own.
	dev, ino uint64
}

// openLockFile opens the file at path, made when missing.
func openLockFile(path string) (*lockFile, error) {
	for {
		// O_NONBLOCK is nothing to a file or its lock, and spares the runtime four
		// calls to find that out.
		f, err := os.OpenFile(path, os.O_RDWR|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, mode)
		if errors.Is(err, fs.ErrNotExist) {
			if err = touch(path); err == nil {
				continue
			}
		}
		if err != nil {
			return nil, err
		}
		var st unix.Stat_t
		if err := unix.Fstat(int(f.Fd()), &st); err != nil {
			return nil, errors.Join(err, f.Close())
		}
		return &lockFile{file: f, dev: device(&st), ino: st.Ino}, nil
	}
}

// try locks without waiting: progress.ErrBusy when it is locked elsewhere.
func (f *lockFile) try() error { return f.flock(unix.LOCK_EX | unix.LOCK_NB) }

// wait locks through the kernel's queue, for as long as it takes.
func (f *lockFile) wait() error { return f.flock(unix.LOCK_EX) }

func (f *lockFile) unlock() error { return f.flock(unix.LOCK_UN) }

func (f *lockFile) flock(how int) error {
	for {
		err := unix.Flock(int(f.file.Fd()), how)
		switch {
		case errors.Is(err, unix.EINTR): // the runtime's own signals may do that
		case errors.Is(err, unix.EWOULDBLOCK):
			return progress.ErrBusy
		case err != nil:
			return &fs.PathError{Op: "flock", Path: f.file.Name(), Err: err}
		default:
			return nil
		}
	}
}

// current reports whether the path still leads to the file. Where it does not,
// the lock excludes nobody.
func (f *lockFile) current() bool {
	var st unix.Stat_t
	err := unix.Lstat(f.file.Name(), &st)
	return err == nil && device(&st) == f.dev && st.Ino == f.ino
}

func device(st *unix.Stat_t) uint64 {
	return uint64(st.Dev) //nolint:unconvert // it is an int32 on macOS
}

// close gives the lock up too.
func (f *lockFile) close() error { return f.file.Close() }
