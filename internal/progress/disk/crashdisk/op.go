package crashdisk

import "io/fs"

// Kind is what an operation does.
type Kind string

// The operations that Before hears of. A WriteAt is two: Write comes before its
// first half is written, and WriteRest between the halves.
const (
	Create    Kind = "create"
	Write     Kind = "write"
	WriteRest Kind = "write the rest of"
	Sync      Kind = "flush"
	Replace   Kind = "replace"
	Remove    Kind = "remove"
	SyncDir   Kind = "flush directory"
)

// Op is an operation that is about to change something.
type Op struct {
	// N counts the operations of a directory, from 1.
	N    int
	Kind Kind
	// Name is the file's when it was opened or made; for Replace, the new one.
	Name string
}

// Before has fn called before every operation, until the next Before; nil stops
// it. An error of fn, such as syscall.ENOSPC, is the operation's, which then
// does nothing: of a WriteAt that fails at WriteRest the first half is written.
// After a failed flush of a file its later ones succeed, and flush nothing.
//
// fn may read the directory and Crash it, but not change it. It is called by
// whoever does the operation, so by several goroutines at once if these do.
func (d *Dir) Before(fn func(op Op) error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.before = fn
}

// Ops returns how many operations there have been.
func (d *Dir) Ops() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.ops
}

// begin counts an operation and asks whether it may happen.
func (d *Dir) begin(kind Kind, name string) error {
	d.mu.Lock()
	d.ops++
	op, before := Op{N: d.ops, Kind: kind, Name: name}, d.before
	d.mu.Unlock()
	if before == nil {
		return nil
	}
	if err := before(op); err != nil {
		return &fs.PathError{Op: string(kind), Path: name, Err: err}
	}
	return nil
}
