// Package sharedfile is a small JSON document that several processes change:
// read, changed and written whole under a lock, so that no change is lost and
// no reader sees half of one.
//
// It knows nothing of what the document says.
package sharedfile

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"postfleet/internal/fault"
	"postfleet/internal/jobs"
	"postfleet/internal/progress/disk"
	"postfleet/internal/progress/filelock"
)

// ErrDamaged is a file that does not hold the document.
var ErrDamaged = errors.New("sharedfile: damaged file")

// Rules are what a document adds to being JSON. Both may be nil.
type Rules[T any] struct {
	// CheckFunc says what is wrong with a file that was read.
	CheckFunc func(doc *T) error
	// MendFunc says what a damaged file stands for: a document to go on with, or
	// the error to give up with. damage wraps ErrDamaged and names the file.
	MendFunc func(damage error) (T, error)
}

// File is one document. It is safe for concurrent use, in any number of
// processes. Beside it lies its lock, with the suffix .lock, which stays.
type File[T any] struct {
	path  string
	rules Rules[T]
	lock  *filelock.Lock
}

// New returns the document at path. Nothing is opened. Without a MendFunc a
// damaged file is an error of class fault.Ledger.
func New[T any](path string, rules Rules[T]) *File[T] {
	return &File[T]{path: path, rules: rules, lock: filelock.New(path + ".lock")}
}

// Path returns where the document lies.
func (f *File[T]) Path() string { return f.path }

// Read returns the document as it is now; the zero value when there is no file
// yet. It takes no lock: the file is always whole.
func (f *File[T]) Read() (T, error) {
	doc, _, err := f.read()
	return doc, err
}

// Change waits for the lock, or for the end of ctx, and hands the document to
// change. What change made of it is on the disk when Change returns nil; where
// change reports false, or an error, the file stays as it was.
func (f *File[T]) Change(ctx context.Context, change func(doc *T) (bool, error)) error {
	release, err := f.lock.Acquire(ctx)
	if err != nil {
		return err
	}
	defer release()
	doc, mended, err := f.read()
	if err != nil {
		return err
	}
	// What was mended is written all the same, or it would be mended for ever.
	if changed, err := change(&doc); err != nil || (!changed && !mended) {
		return err
	}
	return disk.Classify(jobs.ReplaceFile(f.path, func(w io.Writer) error {
		to := json.NewEncoder(w)
		to.SetIndent("", " ")
		return to.Encode(doc)
	}))
}

// Close closes the lock file.
func (f *File[T]) Close() error { return f.lock.Close() }

func (f *File[T]) read() (doc T, mended bool, err error) {
	data, err := os.ReadFile(f.path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return doc, false, nil
	case err != nil:
		return doc, false, disk.Classify(err)
	}
	err = f.decode(data, &doc)
	if err == nil {
		return doc, false, nil
	}
	err = fmt.Errorf("%w: %s: %w", ErrDamaged, f.path, err)
	if f.rules.MendFunc == nil {
		return doc, false, fault.Mark(fault.Ledger, err)
	}
	doc, err = f.rules.MendFunc(err)
	return doc, true, err
}

// decode is strict: a field that it dropped would be lost with the next change.
func (f *File[T]) decode(data []byte, doc *T) error {
	from := json.NewDecoder(bytes.NewReader(data))
	from.DisallowUnknownFields()
	if err := from.Decode(doc); err != nil {
		return err
	}
	if _, err := from.Token(); !errors.Is(err, io.EOF) {
		return errors.New("something follows the document")
	}
	if f.rules.CheckFunc != nil {
		return f.rules.CheckFunc(doc)
	}
	return nil
}
