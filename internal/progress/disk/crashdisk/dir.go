// Package crashdisk is a disk.Dir in memory whose power can be cut, for tests.
// Crash returns a directory as the power cut may have left it; Before is called
// at every moment at which that, or a failure, may come.
//
// What a crash may leave of what was not flushed:
//
//   - of a file's data, each block of 4 KiB as it is or as it was flushed last,
//     and of the length, its growth without the data: zeros;
//   - of the directory, each Create, Replace and Remove on its own: it happened
//     or it did not, in whatever order. Replace does both its halves or neither,
//     as every journaling file system promises.
//
// What it never leaves: a block of which some bytes are new and others old,
// other than by a WriteAt that the crash cut in half; a flushed block damaged by
// a write beside it; a file whose data is gone but not its name, when both were
// flushed. The same seed gives the same crash.
package crashdisk

import (
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"

	"postfleet/internal/progress/disk"
)

var (
	_ disk.Dir  = (*Dir)(nil)
	_ disk.File = (*file)(nil)
)

// Dir is a directory in memory. Its processes are the goroutines that use it.
type Dir struct {
	mu     sync.Mutex
	before func(Op) error
	ops    int
	lastID uint64
	free   uint64
	// names is what the processes see, flushed what the disk holds, and pending
	// how the one came from the other.
	names, flushed map[string]*inode
	pending        []change
}

// change is what an operation does to the names of a directory.
type change func(names map[string]*inode)

// New returns an empty directory with a tebibyte free.
func New() *Dir {
	return &Dir{free: 1 << 40, names: make(map[string]*inode), flushed: make(map[string]*inode)}
}

// Crash returns a directory as a power cut at this moment may leave it: with all
// that was flushed, and of the rest each part with the given probability in
// percent. At 0 rng may be nil. It has no Before, everything in it is flushed,
// and d goes on as if nothing had happened.
func (d *Dir) Crash(rng *rand.Rand, percent int) *Dir {
	d.mu.Lock()
	defer d.mu.Unlock()
	lasts := func() bool { return percent > 0 && rng.IntN(100) < percent }
	left := maps.Clone(d.flushed)
	for _, apply := range d.pending {
		if lasts() {
			apply(left)
		}
	}
	c := &Dir{lastID: d.lastID, free: d.free, names: make(map[string]*inode, len(left))}
	for _, name := range slices.Sorted(maps.Keys(left)) {
		c.lastID++
		c.names[name] = left[name].crash(c.lastID, rng, percent)
	}
	c.flushed = maps.Clone(c.names)
	return c
}

// SetFree sets what Free returns. It does not make a write fail: that is for
// Before.
func (d *Dir) SetFree(bytes uint64) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.free = bytes
}

// Open opens a file for reading and writing.
func (d *Dir) Open(name string) (disk.File, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	n, err := d.find("open", name)
	if err != nil {
		return nil, err
	}
	return &file{dir: d, inode: n, name: name}, nil
}

// Create makes a file.
func (d *Dir) Create(name string) (disk.File, error) {
	if err := d.begin(Create, name); err != nil {
		return nil, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if strings.Contains(name, "/") || !fs.ValidPath(name) || name == "." {
		return nil, &fs.PathError{Op: string(Create), Path: name, Err: fs.ErrInvalid}
	}
	if d.names[name] != nil {
		return nil, &fs.PathError{Op: string(Create), Path: name, Err: fs.ErrExist}
	}
	d.lastID++
	n := newInode(d.lastID)
	d.change(func(names map[string]*inode) { names[name] = n })
	return &file{dir: d, inode: n, name: name}, nil
}

// Replace renames a file.
func (d *Dir) Replace(oldName, newName string) error {
	if err := d.begin(Replace, newName); err != nil {
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	n, err := d.find(string(Replace), oldName)
	if err != nil {
		return err
	}
	d.change(func(names map[string]*inode) {
		maps.DeleteFunc(names, func(_ string, other *inode) bool { return other == n })
		names[newName] = n
	})
	return nil
}

// Remove removes a name; the file stays for those that have it open.
func (d *Dir) Remove(name string) error {
	if err := d.begin(Remove, name); err != nil {
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	n, err := d.find(string(Remove), name)
	if err != nil {
		return err
	}
	d.change(func(names map[string]*inode) {
		maps.DeleteFunc(names, func(_ string, other *inode) bool { return other == n })
	})
	return nil
}

// Names returns every name, in order.
func (d *Dir) Names() ([]string, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Sorted(maps.Keys(d.names)), nil
}

// Sync makes the names last.
func (d *Dir) Sync() error {
	if err := d.begin(SyncDir, "."); err != nil {
		return fmt.Errorf("%w: %w", disk.ErrSync, err)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.flushed, d.pending = maps.Clone(d.names), nil
	return nil
}

// ID returns the number of the inode that name leads to.
func (d *Dir) ID(name string) (uint64, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	n, err := d.find("stat", name)
	if err != nil {
		return 0, err
	}
	return n.id, nil
}

// Free returns what SetFree set.
func (d *Dir) Free() (uint64, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.free, nil
}

// find and change are called with mu held.
func (d *Dir) find(op, name string) (*inode, error) {
	if n := d.names[name]; n != nil {
		return n, nil
	}
	return nil, &fs.PathError{Op: op, Path: name, Err: fs.ErrNotExist}
}

func (d *Dir) change(apply change) {
	apply(d.names)
	d.pending = append(d.pending, apply)
}
