package jobs

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// appendLog is a CSV file that many processes append to at once.
type appendLog struct {
	path    string
	columns []string
}

const logMode = 0o644

// append adds a record and returns when it is on the disk. The file is made,
// with its header, when it is not there. A record is one write, on one line. A
// last line that a crash cut short is ended first, so that it spoils no other.
func (l appendLog) append(fields []string) error {
	for i, f := range fields {
		fields[i] = oneLine(f)
	}
	f, err := l.open()
	if err != nil {
		return fmt.Errorf("append to %s: %w", l.path, err)
	}
	err = l.write(f, fields)
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		return fmt.Errorf("append to %s: %w", l.path, err)
	}
	return nil
}

// oneLine keeps a record on a line of its own, so that a line that was cut
// short can be told from the others, and line tools count records.
func oneLine(s string) string {
	if !strings.ContainsAny(s, "\n\r\x00") {
		return s
	}
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool {
		return r == '\n' || r == '\r' || r == 0
	}), " ")
}

func (l appendLog) write(f *os.File, fields []string) error {
	before, err := l.ahead(f)
	if err != nil {
		return err
	}
	if _, err := f.Write(AppendCSV(before, fields...)); err != nil {
		return err
	}
	return f.Sync()
}

func (l appendLog) open() (*os.File, error) {
	for {
		f, err := os.OpenFile(l.path, os.O_RDWR|os.O_APPEND, 0)
		if !errors.Is(err, fs.ErrNotExist) {
			return f, err
		}
		if err := l.create(); err != nil {
			return nil, err
		}
	}
}

// create brings the file into being with its header in it. link fails when
// another process was first, so there is one header and no moment at which the
// file is there without it.
func (l appendLog) create() error {
	dir := filepath.Dir(l.path)
	tmp, err := os.CreateTemp(dir, "."+filepath.Base(l.path)+".tmp-*")
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(tmp.Name()) }() // only a second name by then
	_, err = tmp.Write(AppendCSV(nil, l.columns...))
	err = errors.Join(err, tmp.Chmod(logMode), adopt(tmp, dir), tmp.Sync(), tmp.Close())
	if err != nil {
		return err
	}
	if err := os.Link(tmp.Name(), l.path); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return syncDir(dir)
}

const (
	// A record may span pages, and another process may then be seen half way
	// through its write. One that a crash cut short stays as it is.
	tornChecks = 5
	tornWait   = 10 * time.Millisecond
)

// ahead returns what has to be written before the next record: nothing, as a
// rule; the header of a file that somebody emptied; the rest of a last line
// that was cut short. That line stays, as evidence, and becomes a whole record.
func (l appendLog) ahead(f *os.File) ([]byte, error) {
	var line []byte
	for range tornChecks {
		size, err := f.Seek(0, io.SeekEnd)
		if err != nil {
			return nil, err
		}
		if size == 0 {
			return AppendCSV(nil, l.columns...), nil
		}
		if line, err = openLine(f, size); err != nil || len(line) == 0 {
			return nil, err
		}
		<-time.After(tornWait)
	}
	return l.completeLine(line), nil
}

func (l appendLog) completeLine(line []byte) []byte {
	var rest []byte
	if bytes.Count(line, []byte{'"'})%2 == 1 {
		rest = append(rest, '"')
	}
	for rec, err := range ParseCSV(slices.Concat(line, rest)) {
		if err != nil {
			break // somebody edited the file; its line stays as it is
		}
		for n := len(rec.Fields); n < len(l.columns); n++ {
			rest = append(rest, ',')
		}
	}
	return append(rest, '\n')
}

// maxLine bounds how far back the beginning of an open last line is looked for.
const maxLine = 1 << 20

// openLine returns what stands behind the file's last line end.
func openLine(f *os.File, size int64) ([]byte, error) {
	for n := int64(1); ; n = min(n*1024, maxLine) {
		n = min(n, size)
		tail := make([]byte, n)
		if _, err := f.ReadAt(tail, size-n); err != nil {
			return nil, err
		}
		if i := bytes.LastIndexByte(tail, '\n'); i >= 0 {
			return tail[i+1:], nil
		}
		if n == size || n == maxLine {
			return tail, nil
		}
	}
}
