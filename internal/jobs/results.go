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
	"strconv"
	"strings"
	"time"
)

// Result is one row of results.csv: what came of one attempt.
type Result struct {
	Time    time.Time
	JobID   int
	Account string
	Video   string
	// Status is what the ledger says of the row after the attempt.
	Status string
	Error  string
	// ErrorClass is a fault.Class in its words.
	ErrorClass string
	WorkerID   string
	Device     string
	// Attempt is 1 for the first.
	Attempt  int
	Duration time.Duration
	// ModelCalls and ModelCostUSD are what the attempt asked of a language model.
	ModelCalls   int
	ModelCostUSD float64
}

// resultColumns are the header of results.csv.
func resultColumns() []string {
	return []string{
		"timestamp", "job_id", ColumnAccount, ColumnVideo, "status", "error", "error_class",
		"worker_id", "device", "attempt", "duration_s", "model_calls", "model_cost_usd",
	}
}

func (r Result) fields() []string {
	fields := []string{
		r.Time.UTC().Format(time.RFC3339Nano), strconv.Itoa(r.JobID), r.Account, r.Video,
		r.Status, r.Error, r.ErrorClass, r.WorkerID, r.Device, strconv.Itoa(r.Attempt),
		strconv.FormatFloat(r.Duration.Seconds(), 'f', 3, 64),
		strconv.Itoa(r.ModelCalls), strconv.FormatFloat(r.ModelCostUSD, 'f', -1, 64),
	}
	for i, f := range fields {
		fields[i] = oneLine(f)
	}
	return fields
}

// oneLine keeps a record on a line of its own, so that a line that was cut
// short can be told from the others, and line tools count attempts.
func oneLine(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool {
		return r == '\n' || r == '\r' || r == 0
	}), " ")
}

const resultsMode = 0o644

// AppendResult appends r to the results file at path and returns when it is on
// the disk. The file is made, with its header, when it is not there. Many
// processes may append at once: a row is one write. A last line that a crash
// cut short is ended first, so that it spoils no other row.
func AppendResult(path string, r Result) error {
	f, err := openResults(path)
	if err != nil {
		return fmt.Errorf("append to results: %w", err)
	}
	err = appendResult(f, r)
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		return fmt.Errorf("append to results %s: %w", path, err)
	}
	return nil
}

func appendResult(f *os.File, r Result) error {
	before, err := ahead(f)
	if err != nil {
		return err
	}
	if _, err := f.Write(AppendCSV(before, r.fields()...)); err != nil {
		return err
	}
	return f.Sync()
}

func openResults(path string) (*os.File, error) {
	for {
		f, err := os.OpenFile(path, os.O_RDWR|os.O_APPEND, 0)
		if !errors.Is(err, fs.ErrNotExist) {
			return f, err
		}
		if err := createResults(path); err != nil {
			return nil, err
		}
	}
}

// createResults brings the file into being with its header in it. link fails
// when another process was first, so there is one header and no moment at which
// the file is there without it.
func createResults(path string) error {
	dir := filepath.Dir(path)
	tmp, err := os.CreateTemp(dir, "."+filepath.Base(path)+".tmp-*")
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(tmp.Name()) }() // only a second name by then
	_, err = tmp.Write(AppendCSV(nil, resultColumns()...))
	err = errors.Join(err, tmp.Chmod(resultsMode), adopt(tmp, dir), tmp.Sync(), tmp.Close())
	if err != nil {
		return err
	}
	if err := os.Link(tmp.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return syncDir(dir)
}

const (
	// A row may span pages, and another process may then be seen half way
	// through its write. One that a crash cut short stays as it is.
	tornChecks = 5
	tornWait   = 10 * time.Millisecond
)

// ahead returns what has to be written before the next row: nothing, as a
// rule; the header of a file that somebody emptied; the rest of a last line
// that was cut short. That line stays, as evidence, and becomes a whole record.
func ahead(f *os.File) ([]byte, error) {
	var line []byte
	for range tornChecks {
		size, err := f.Seek(0, io.SeekEnd)
		if err != nil {
			return nil, err
		}
		if size == 0 {
			return AppendCSV(nil, resultColumns()...), nil
		}
		if line, err = openLine(f, size); err != nil || len(line) == 0 {
			return nil, err
		}
		<-time.After(tornWait)
	}
	return completeLine(line), nil
}

func completeLine(line []byte) []byte {
	var rest []byte
	if bytes.Count(line, []byte{'"'})%2 == 1 {
		rest = append(rest, '"')
	}
	for rec, err := range ParseCSV(slices.Concat(line, rest)) {
		if err != nil {
			break // somebody edited the file; its line stays as it is
		}
		for n := len(rec.Fields); n < len(resultColumns()); n++ {
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
