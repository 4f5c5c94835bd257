package filelock

import (
	"errors"
	"io/fs"

	"github.com/gofrs/flock"

	"postfleet/internal/fault"
)

// Held is a lock taken with Hold.
type Held struct{ file *flock.Flock }

// Hold takes the lock on the file at path, made when missing, without waiting:
// progress.ErrBusy when another process, or another Hold of this one, has it.
// It lasts until Release, or until the process ends, however it ends.
func Hold(path string) (*Held, error) {
	file, err := forLong().take(path)
	if err != nil {
		return nil, lockError(path, err)
	}
	return &Held{file: file}, nil
}

// Release gives the lock up. Calling it twice is safe, also at the same time.
func (h *Held) Release() error {
	if err := unlock(h.file); err != nil {
		return fault.Errorf(fault.Infra, "release %s: %w", h.file.Path(), err)
	}
	return nil
}

// Free reports whether nobody holds the lock on the file at path. A file that
// is missing is free. It asks by sharing the lock for an instant: any number
// may ask at once, but a Hold at that instant finds the lock busy. Who must
// not take a question for a holder asks and holds under a Lock.
func Free(path string) (bool, error) {
	file, err := shared().find(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return true, nil
	case isBusy(err):
		return false, nil
	case err != nil:
		return false, lockError(path, err)
	}
	return true, lockError(path, unlock(file))
}
