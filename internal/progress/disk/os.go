package disk

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"syscall"
)

var (
	_ Dir  = (*OS)(nil)
	_ File = (*osFile)(nil)
)

// newMode is the mode of a new file, less the process's umask.
const newMode = 0o644

// OS is a directory of the operating system. It stays with the directory that
// was opened, wherever that is moved, and follows no name out of it.
type OS struct {
	root *os.Root
	// handle is the directory too. It is kept because the kernel tells a failed
	// write-back to whoever had the file open when it failed.
	handle *os.File
}

// OpenDir opens a directory that is there. The caller closes it.
func OpenDir(path string) (*OS, error) {
	root, err := os.OpenRoot(path)
	if err != nil {
		return nil, fmt.Errorf("open directory: %w", err)
	}
	handle, err := root.Open(".")
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open directory %s: %w", path, err), root.Close())
	}
	return &OS{root: root, handle: handle}, nil
}

// Close lets go of the directory. Files that it opened stay open.
func (d *OS) Close() error { return errors.Join(d.handle.Close(), d.root.Close()) }

// Open opens a regular file. One that the process may only read is opened all
// the same; WriteAt then says why not.
func (d *OS) Open(name string) (File, error) {
	if err := plain(name); err != nil {
		return nil, d.fail("open", name, err)
	}
	f, denied := d.root.OpenFile(name, os.O_RDWR, 0)
	if denied == nil {
		return d.file(f, nil)
	}
	if !errors.Is(denied, fs.ErrPermission) && !errors.Is(denied, syscall.EROFS) {
		return nil, d.fail("open", name, denied)
	}
	f, err := d.root.OpenFile(name, os.O_RDONLY, 0)
	if err != nil {
		return nil, d.fail("open", name, err)
	}
	return d.file(f, d.fail("write", name, denied))
}

// Create makes a file for the owner of the directory to write.
func (d *OS) Create(name string) (File, error) {
	if err := plain(name); err != nil {
		return nil, d.fail("create", name, err)
	}
	f, err := d.root.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_EXCL, newMode)
	if err != nil {
		return nil, d.fail("create", name, err)
	}
	if err := d.adopt(f); err != nil {
		return nil, errors.Join(d.fail("give away", name, err), f.Close(), d.Remove(name))
	}
	return d.file(f, nil)
}

// Replace gives the file the mode, and as far as the process may the owner and
// the group, of the one whose name it takes.
func (d *OS) Replace(oldName, newName string) error {
	if err := errors.Join(plain(oldName), plain(newName)); err != nil {
		return d.fail("replace", newName, err)
	}
	if err := d.inherit(oldName, newName); err != nil {
		return d.fail("keep the permissions of", newName, err)
	}
	if err := d.root.Rename(oldName, newName); err != nil {
		return d.fail("rename "+oldName+" to", newName, err)
	}
	return nil
}

// Remove removes a file.
func (d *OS) Remove(name string) error {
	if err := plain(name); err != nil {
		return d.fail("remove", name, err)
	}
	if err := d.root.Remove(name); err != nil {
		return d.fail("remove", name, err)
	}
	return nil
}

// Names returns every name, in order.
func (d *OS) Names() ([]string, error) {
	// Not by the handle: readers of one handle share its position.
	dir, err := d.root.Open(".")
	if err != nil {
		return nil, d.fail("list", ".", err)
	}
	names, err := dir.Readdirnames(-1)
	if err = errors.Join(err, dir.Close()); err != nil {
		return nil, d.fail("list", ".", err)
	}
	slices.Sort(names)
	return names, nil
}

// Sync flushes the directory itself.
func (d *OS) Sync() error {
	if err := d.handle.Sync(); err != nil {
		return fmt.Errorf("%w: %w", ErrSync, d.fail("sync", ".", err))
	}
	return nil
}

// ID is made of the inode and the device: never the same for two files of one
// file system that are there at once, open or named.
func (d *OS) ID(name string) (uint64, error) {
	if err := plain(name); err != nil {
		return 0, d.fail("stat", name, err)
	}
	id, err := nameID(d.handle, name)
	if err != nil {
		return 0, d.fail("stat", name, err)
	}
	return id, nil
}

// Free returns what is left to users without privileges.
func (d *OS) Free() (uint64, error) {
	free, err := freeBytes(d.handle)
	if err != nil {
		return 0, d.fail("statfs", ".", err)
	}
	return free, nil
}

// plain refuses what is not a name in the directory.
func plain(name string) error {
	if !filepath.IsLocal(name) || name != filepath.Base(name) || name == "." {
		return fs.ErrInvalid
	}
	return nil
}

// fail says it with the whole path and in the words of this package: os.Root
// names the system call and the name only.
func (d *OS) fail(op, name string, err error) error {
	if perr, ok := errors.AsType[*fs.PathError](err); ok {
		err = perr.Err
	} else if lerr, ok := errors.AsType[*os.LinkError](err); ok {
		err = lerr.Err
	}
	return &fs.PathError{Op: op, Path: filepath.Join(d.root.Name(), name), Err: err}
}
