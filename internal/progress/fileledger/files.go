package fileledger

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"strings"
	"time"

	"postfleet/internal/progress/disk"
	"postfleet/internal/progress/table"
)

// found is what a file was found to hold.
type found struct {
	there bool
	text  string
	print table.Print
}

// readFile reads a file. That there is none is no error.
func readFile(dir disk.Dir, name string) (found, error) {
	f, err := dir.Open(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return found{}, nil
	case err != nil:
		return found{}, err
	}
	size, err := f.Size()
	is := found{there: true}
	if err == nil {
		is.text, is.print, err = table.Read(io.NewSectionReader(f, 0, size), size)
	}
	return is, errors.Join(err, f.Close())
}

// readFrom returns what an open file holds from off on.
func readFrom(f disk.File, off int64) ([]byte, error) {
	size, err := f.Size()
	if err != nil || size <= off {
		return []byte{}, err
	}
	data := make([]byte, size-off)
	n, err := f.ReadAt(data, off)
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return data[:n], err
}

// printOf sums a file up without holding it in memory. ok is false when there
// is no file.
func printOf(dir disk.Dir, name string) (p table.Print, ok bool, err error) {
	f, err := dir.Open(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return table.Print{}, false, nil
	case err != nil:
		return table.Print{}, false, err
	}
	size, err := f.Size()
	if err == nil {
		p, err = table.Sum(io.NewSectionReader(f, 0, size), size)
	}
	return p, true, errors.Join(err, f.Close())
}

// temp is a file that is going to take the place of another.
type temp struct {
	disk.File
	name string
	dir  disk.Dir
}

func newTemp(dir disk.Dir) (*temp, error) {
	name := fmt.Sprintf("%s%016x", tempPrefix, rand.Uint64())
	f, err := dir.Create(name)
	if err != nil {
		return nil, err
	}
	return &temp{File: f, name: name, dir: dir}, nil
}

// writer writes the file from its beginning.
func (t *temp) writer() io.Writer { return io.NewOffsetWriter(t, 0) }

// become puts the file in the place of name. It must have been flushed.
func (t *temp) become(name string) error {
	err := t.dir.Replace(t.name, name)
	if err == nil {
		t.name = ""
	}
	return err
}

// discard closes the file, and removes it unless it has become another.
func (t *temp) discard() {
	_ = t.Close()
	if t.name != "" {
		_ = t.dir.Remove(t.name) // swept later otherwise
	}
}

// sweep removes the temporary files of processes that died. Whoever is alive
// and has one holds the publication lock, which is ours.
func (l *Ledger) sweep() error {
	names, err := l.dir.Names()
	if err != nil {
		return disk.Classify(fmt.Errorf("sweep %s: %w", l.path, err))
	}
	for _, name := range names {
		if !strings.HasPrefix(name, tempPrefix) {
			continue
		}
		if err := l.dir.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return disk.Classify(fmt.Errorf("sweep %s: %w", l.name(name), err))
		}
	}
	return nil
}

// aside keeps a file's text under a name of its own that begins with prefix,
// and returns that name. What is kept already is not kept twice.
func (l *Ledger) aside(prefix, text string) (string, error) {
	names, err := l.dir.Names()
	if err != nil {
		return "", err
	}
	data := []byte(text)
	want := table.PrintOf(data)
	for _, name := range names {
		if !strings.HasPrefix(name, prefix) {
			continue
		}
		if have, ok, err := printOf(l.dir, name); err == nil && ok && have == want {
			return name, nil
		}
	}
	name := prefix + time.Now().UTC().Format("20060102T150405.000000000Z")
	return name, l.writeFile(name, data)
}

// writeFile makes the file of that name hold data: all of it, for good, or
// what it held before.
func (l *Ledger) writeFile(name string, data []byte) error {
	t, err := newTemp(l.dir)
	if err != nil {
		return disk.Classify(fmt.Errorf("write new %s: %w", l.name(name), err))
	}
	defer t.discard()
	if _, err := t.WriteAt(data, 0); err != nil {
		return disk.Classify(fmt.Errorf("write new %s: %w", l.name(name), err))
	}
	if err := l.syncTemp(t, name); err != nil {
		return err
	}
	return l.put(t, name)
}
