package filelock

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"syscall"

	"github.com/gofrs/flock"

	"postfleet/internal/fault"
	"postfleet/internal/progress"
)

// mode lets the orchestrator, as root, and the data directory's owner, as whom
// workers run, open the file; and others only look whether it is locked.
const mode = 0o644

// try takes the lock on the file at path, made when missing, or returns
// progress.ErrBusy.
func try(path string) (*flock.Flock, error) {
	return made(path, func() (*flock.Flock, error) {
		return attempt(path, os.O_RDWR, (*flock.Flock).TryLock)
	})
}

// wait is try that waits in the kernel's queue for as long as it takes.
func wait(path string) (*flock.Flock, error) {
	return made(path, func() (*flock.Flock, error) {
		return attempt(path, os.O_RDWR, func(f *flock.Flock) (bool, error) { return true, f.Lock() })
	})
}

// made makes the file when lock does not find it. Looking first would cost
// every other time something.
func made(path string, lock func() (*flock.Flock, error)) (*flock.Flock, error) {
	for {
		f, err := lock()
		if !errors.Is(err, fs.ErrNotExist) {
			return f, err
		}
		if err := touch(path); err != nil {
			return nil, err
		}
	}
}

// attempt opens the file and locks it. A lock on an inode that the path does
// not lead to any more excludes nobody, and is no lock.
func attempt(path string, flag int, lock func(*flock.Flock) (bool, error)) (*flock.Flock, error) {
	for {
		f := flock.New(path, flock.SetFlag(flag|syscall.O_NOFOLLOW), flock.SetPermissions(mode))
		ok, err := lock(f)
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

// current reports whether the path still leads to the locked inode.
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
	return errors.Join(adopt(f), f.Close())
}

// adopt gives f to the owner of its directory when root made it: workers run
// as that owner and must be able to open what the orchestrator made.
func adopt(f *os.File) error {
	if os.Geteuid() != 0 {
		return nil
	}
	info, err := os.Stat(filepath.Dir(f.Name()))
	if err != nil {
		return err
	}
	if owner, ok := info.Sys().(*syscall.Stat_t); ok {
		return f.Chown(int(owner.Uid), int(owner.Gid))
	}
	return nil
}

func isBusy(err error) bool { return errors.Is(err, progress.ErrBusy) }

// lockError says what was being done, and gives the error its class:
// fault.Infra when trying again may help, fault.Ledger when it will not. That
// a lock is busy is no fault.
func lockError(path string, err error) error {
	if err == nil {
		return nil
	}
	err = fmt.Errorf("lock %s: %w", path, err)
	var errno syscall.Errno
	switch {
	case isBusy(err):
		return err
	case errors.As(err, &errno) && slices.Contains(passing(), errno):
		return fault.Mark(fault.Infra, err)
	default:
		return fault.Mark(fault.Ledger, err)
	}
}

// passing are the errors that go away by themselves, or when a person makes
// room, without harm done.
func passing() []syscall.Errno {
	return []syscall.Errno{
		syscall.EINTR, syscall.EAGAIN, syscall.ENOSPC, syscall.EDQUOT,
		syscall.EMFILE, syscall.ENFILE, syscall.ENOMEM, syscall.ENOLCK,
	}
}
