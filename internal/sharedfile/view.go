package sharedfile

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"sync"

	"postfleet/internal/progress/disk"
)

// view is the document as it was last looked at.
type view[T any] struct {
	mu  sync.Mutex
	doc *T
	// file is what doc was read from, nil where there was none. As long as it is
	// open, no other file can have its inode, so the name leads to the same inode
	// only if nobody has replaced the document.
	file *os.File
	info fs.FileInfo
	// mended is that doc only stands for what the file says.
	mended bool
}

// View returns the document as it is now; the zero value when there is no file
// yet. It is read again only after the file was changed: the same document
// comes as the same pointer, at the price of asking for the file's state. It is
// everybody's, so nobody changes it. View takes no file lock.
func (f *File[T]) View() (*T, error) {
	f.seen.mu.Lock()
	defer f.seen.mu.Unlock()
	info, err := os.Stat(f.path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if f.seen.doc == nil || f.seen.file != nil {
			return f.seen.set(new(T), nil, nil)
		}
		return f.seen.doc, nil
	case err != nil:
		return nil, disk.Classify(err)
	case f.seen.is(info):
		return f.seen.doc, nil
	}
	return f.look()
}

// look reads the document. It may be a later one than asked for.
func (f *File[T]) look() (*T, error) {
	file, err := os.Open(f.path)
	if errors.Is(err, fs.ErrNotExist) { // a person may have removed it just now
		return f.seen.set(new(T), nil, nil)
	}
	if err != nil {
		return nil, disk.Classify(err)
	}
	info, err := file.Stat()
	if err != nil {
		return nil, disk.Classify(errors.Join(err, file.Close()))
	}
	data, err := io.ReadAll(file)
	if err != nil {
		return nil, disk.Classify(errors.Join(err, file.Close()))
	}
	doc, damage, err := f.decode(data)
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	f.seen.mended = damage != nil
	return f.seen.set(&doc, file, info)
}

// kept returns what was read before, if that is what the file says.
func (f *File[T]) kept() (*T, bool) {
	f.seen.mu.Lock()
	defer f.seen.mu.Unlock()
	info, err := os.Stat(f.path)
	if err != nil || !f.seen.is(info) || f.seen.mended {
		return nil, false
	}
	return f.seen.doc, true
}

// keep makes what was written what is seen. The lock is held, so the file is
// still what was written. Where it fails the file is read again: no reason to say
// that it was not written.
func (f *File[T]) keep(doc *T) {
	file, err := os.Open(f.path)
	if err != nil {
		return
	}
	info, err := file.Stat()
	if err != nil {
		_ = file.Close()
		return
	}
	f.seen.mu.Lock()
	defer f.seen.mu.Unlock()
	f.seen.mended = false
	_, _ = f.seen.set(doc, file, info) // doc is in place, whatever became of the file before
}

// is reports whether a file is the one that was read, and as it was then: a
// person may write into it.
func (v *view[T]) is(info fs.FileInfo) bool {
	return v.file != nil && os.SameFile(v.info, info) &&
		v.info.ModTime().Equal(info.ModTime()) && v.info.Size() == info.Size()
}

func (v *view[T]) set(doc *T, file *os.File, info fs.FileInfo) (*T, error) {
	old := v.file
	v.doc, v.file, v.info = doc, file, info
	if old == nil {
		return doc, nil
	}
	return doc, disk.Classify(old.Close())
}

func (v *view[T]) close() error {
	v.mu.Lock()
	defer v.mu.Unlock()
	_, err := v.set(nil, nil, nil)
	return err
}
