package filelock

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"

	"github.com/gofrs/flock"

	"postfleet/internal/progress"
	"postfleet/internal/progress/disk"
)

// mode lets the orchestrator, as root, and the data directory's owner, as whom
// workers run, open the file; and others only look whether it is locked.
const mode = 0o644

// way is how a file is locked.
type way struct {
	flag int
	// lock reports whether it has the lock, of the file that it opened.
	lock func(*flock.Flock) (bool, error)
}

// forLong is the way for a lock that is held for long.
func forLong() way { return way{flag: os.O_RDWR, lock: (*flock.Flock).TryLock} }

// shared is the way of those who only ask.
func shared() way { return way{flag: os.O_RDONLY, lock: (*flock.Flock).TryRLock} }

// take locks the file at path, made when missing. It does not wait:
// progress.ErrBusy when another has it.
func (w way) take(path string) (*flock.Flock, error) {
	for {
		f, err := w.find(path)
		if !errors.Is(err, fs.ErrNotExist) { // to look first would cost every time
			return f, err
		}
		if err := touch(path); err != nil {
			return nil, err
		}
	}
}

// find is take for a file that must be there.
func (w way) find(path string) (*flock.Flock, error) {
	// O_NONBLOCK is nothing to a file or its lock, and spares the runtime four
	// calls to find that out.
	flag := flock.SetFlag(w.flag | syscall.O_NOFOLLOW | syscall.O_NONBLOCK)
	for {
		f := flock.New(path, flag, flock.SetPermissions(mode))
		ok, err := w.lock(f)
		switch {
		case errors.Is(err, syscall.EINTR): // the runtime's own signals may do that
		case err != nil:
			return nil, err
		case !ok:
			return nil, progress.ErrBusy
		case current(f):
			return f, nil
		default:
			if err := unlock(f); err != nil {
				return nil, err
			}
		}
	}
}

// current reports whether the path still leads to the locked inode. Where it
// does not, the lock excludes nobody.
func current(f *flock.Flock) bool {
	held, err := f.Stat()
	if err != nil {
		return false
	}
	named, err := os.Lstat(f.Path())
	return err == nil && os.SameFile(held, named)
}

// unlock gives the lock up and closes the file. Interrupted, it would do
// neither.
func unlock(f *flock.Flock) error {
	for {
		if err := f.Unlock(); !errors.Is(err, syscall.EINTR) {
			return err
		}
	}
}

// touch makes the file, owned as its directory is, or finds it made.
func touch(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL|syscall.O_NOFOLLOW, mode)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return errors.Join(disk.Adopt(f), f.Close())
}

func isBusy(err error) bool { return errors.Is(err, progress.ErrBusy) }

// lockError says what was being done, and gives the error its class. That a
// lock is busy is no fault.
func lockError(path string, err error) error {
	if err == nil {
		return nil
	}
	err = fmt.Errorf("lock %s: %w", path, err)
	if isBusy(err) {
		return err
	}
	return disk.Classify(err)
}
