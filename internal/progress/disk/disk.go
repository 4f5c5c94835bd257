// Package disk is the directory that a file ledger lives in, as the ledger
// sees it: names and not paths, and nothing that cannot be made to crash. Dir
// and File are what a test replaces by a directory that loses its unflushed
// half when the power is cut.
//
// It knows nothing of rows. It takes no locks.
package disk

import "errors"

// Dir is one flat directory. Its methods are safe for concurrent use. A name
// that is not there is an error that wraps fs.ErrNotExist.
type Dir interface {
	// Open opens a file that is there, for reading and for writing in place.
	Open(name string) (File, error)
	// Create makes a file that is not there yet; fs.ErrExist when it is.
	Create(name string) (File, error)
	// Replace renames oldName to newName, which keeps its permissions when it was
	// there. Nobody sees a moment without newName. It lasts once Sync returned.
	Replace(oldName, newName string) error
	// Remove removes a name.
	Remove(name string) error
	// Names returns every name, in order.
	Names() ([]string, error)
	// Sync makes every Create, Replace and Remove so far last a power cut.
	Sync() error
	// ID tells the file that the name leads to now from every other that is open.
	ID(name string) (uint64, error)
	// Free returns how many bytes can still be written.
	Free() (uint64, error)
}

// File is an open file. ReadAt and Size see what any process has written;
// concurrent use is safe.
type File interface {
	ReadAt(p []byte, off int64) (int, error)
	// WriteAt writes at off, beyond the end too. An error may leave part of p
	// written.
	WriteAt(p []byte, off int64) (int, error)
	Size() (int64, error)
	// ID is what Dir.ID returns for a name that leads to this file.
	ID() (uint64, error)
	// Sync returns when what was written lasts a power cut. Its error is
	// ErrSync, and final: the kernel may have dropped the pages, and a second
	// flush would succeed for nothing.
	Sync() error
	Close() error
}

// ErrSync is a failed flush.
var ErrSync = errors.New("disk: flush")
