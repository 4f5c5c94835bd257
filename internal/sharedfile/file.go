// Package sharedfile is a small document that several processes change: read,
// changed and written whole under a lock, so that no change is lost and no
// reader sees half of one.
//
// It knows nothing of what the document says.
package sharedfile

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"

	"postfleet/internal/fault"
	"postfleet/internal/jobs"
	"postfleet/internal/progress/disk"
	"postfleet/internal/progress/filelock"
)

// ErrDamaged is a file that does not hold the document.
var ErrDamaged = errors.New("sharedfile: damaged file")

// Rules are what a document adds to being JSON or YAML. All may be nil.
type Rules[T any] struct {
	// CheckFunc says what is wrong with a file that was read.
	CheckFunc func(doc *T) error
	// MendFunc says what a damaged file stands for: a document to go on with, or
	// the error to give up with. damage wraps ErrDamaged and names the file.
	MendFunc func(damage error) (T, error)
	// AsideFunc is told that a damaged file was mended, and where it lies now:
	// beside the document, under its name and when that was. Without an AsideFunc
	// a damaged file is written over.
	AsideFunc func(damage error, kept string)
	// CloneFunc returns a copy for Change to hand out, so that what is in View
	// already need not be read again. It must share nothing that a change alters in
	// place.
	CloneFunc func(doc *T) T
}

// File is one document. It is safe for concurrent use, in any number of
// processes. Beside it lies its lock, with the suffix .lock, which stays.
type File[T any] struct {
	path  string
	codec Codec
	rules Rules[T]
	lock  *filelock.Lock
	seen  view[T]
}

// New returns the document at path. Nothing is opened. Without a MendFunc a
// damaged file is an error of class fault.Ledger.
func New[T any](path string, codec Codec, rules Rules[T]) *File[T] {
	return &File[T]{path: path, codec: codec, rules: rules, lock: filelock.New(path + ".lock")}
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
	doc, damage, err := f.current()
	if err != nil {
		return err
	}
	// What was mended is written all the same, or it would be mended for ever.
	if changed, err := change(&doc); err != nil || (!changed && damage == nil) {
		return err
	}
	if err := f.putAside(damage); err != nil {
		return err
	}
	err = jobs.ReplaceFile(f.path, func(w io.Writer) error { return f.codec.encodeFunc(w, doc) })
	if err == nil && f.rules.CloneFunc != nil {
		f.keep(&doc)
	}
	return disk.Classify(err)
}

// Close closes the lock file, and the document. The File may be used again.
func (f *File[T]) Close() error { return errors.Join(f.seen.close(), f.lock.Close()) }

// current is read, or a copy of what was read before. The lock is held.
func (f *File[T]) current() (doc T, damage, err error) {
	if f.rules.CloneFunc == nil {
		return f.read()
	}
	if doc, ok := f.kept(); ok {
		return f.rules.CloneFunc(doc), nil, nil
	}
	return f.read()
}

func (f *File[T]) read() (doc T, damage, err error) {
	data, err := os.ReadFile(f.path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return doc, nil, nil
	case err != nil:
		return doc, nil, disk.Classify(err)
	}
	return f.decode(data)
}

// decode returns what data says, or, and why, what is to stand for it.
func (f *File[T]) decode(data []byte) (doc T, damage, err error) {
	err = f.codec.decodeFunc(data, &doc)
	if err == nil && f.rules.CheckFunc != nil {
		err = f.rules.CheckFunc(&doc)
	}
	if err == nil {
		return doc, nil, nil
	}
	damage = fmt.Errorf("%w: %s: %w", ErrDamaged, f.path, err)
	if f.rules.MendFunc == nil {
		return doc, damage, fault.Mark(fault.Ledger, damage)
	}
	doc, err = f.rules.MendFunc(damage)
	return doc, damage, err
}

// putAside gives a damaged file another name. The lock is held.
func (f *File[T]) putAside(damage error) error {
	if damage == nil || f.rules.AsideFunc == nil {
		return nil
	}
	kept := f.path + ".damaged-" + time.Now().UTC().Format("20060102T150405.000000000Z")
	if err := os.Rename(f.path, kept); err != nil {
		return disk.Classify(err)
	}
	f.rules.AsideFunc(damage, kept)
	return nil
}
