package jobs

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"unicode"
	"unicode/utf8"

	"postfleet/internal/fault"
)

// The columns of jobs.csv, in any order. ColumnRepeat may be left out.
const (
	ColumnAccount = "account_name"
	ColumnVideo   = "video_path"
	ColumnCaption = "caption"
	ColumnRepeat  = "allow_repeat"
)

// Input is what jobs.csv holds.
type Input struct {
	Jobs []PostJob
	// EmptyRows counts the rows that were passed over because nothing was in
	// them. They have no job id.
	EmptyRows int

	mediaRoot string
	seen      []sight // what Read saw of each job's video
}

// Read reads the jobs file at path. Videos are files under mediaRoot; that
// they exist is not asked here, see MissingVideos, but a path that leaves
// mediaRoot is an error.
//
// All that is wrong with the file is in one error, each problem with file, row,
// column and what to do; its class is fault.Input.
//
// The jobs' texts are parts of one string, the file: who keeps a few of many
// jobs keeps all of it.
func Read(path, mediaRoot string) (Input, error) {
	text, err := readText(path)
	if err != nil {
		return Input{}, fault.Errorf(fault.Input, "read jobs: %w", err)
	}
	r := reader{file: path, mediaRoot: mediaRoot}
	r.readAll(text)
	if len(r.problems) > 0 {
		return Input{}, fault.Mark(fault.Input, errors.Join(r.problems...))
	}
	return r.input, nil
}

// ReadJob reads the one job with the id; ok is false when the file has fewer.
// What is behind it is not looked at, and what is before it only to count it.
// Its texts are copies. Errors are those of Read.
func ReadJob(path, mediaRoot string, id int) (job PostJob, ok bool, err error) {
	text, err := readText(path)
	if err != nil {
		return PostJob{}, false, fault.Errorf(fault.Input, "read jobs: %w", err)
	}
	r := reader{file: path, mediaRoot: mediaRoot, only: id}
	r.readAll(text)
	if len(r.problems) > 0 {
		return PostJob{}, false, fault.Mark(fault.Input, errors.Join(r.problems...))
	}
	if len(r.input.Jobs) == 0 {
		return PostJob{}, false, nil
	}
	return r.input.Jobs[0].detached(), true, nil
}

// readText returns the file in one string, without a second copy of it.
func readText(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer func() { _ = f.Close() }() // only read
	info, err := f.Stat()
	if err != nil {
		return "", err
	}
	var text strings.Builder
	if info.Mode().IsRegular() {
		text.Grow(int(info.Size()))
	}
	_, err = io.Copy(&text, f)
	return text.String(), err
}

// reader gathers jobs and problems on its way through one file.
type reader struct {
	file      string
	mediaRoot string
	media     *media
	// valid: all of the text is, so its fields need not be asked.
	valid  bool
	header header
	// only, when it is not 0, is the id of the only job to be read; last is that
	// of the last row.
	only, last int
	input      Input
	problems   []error
}

func (r *reader) readAll(text string) {
	if reason := unreadable(text); reason != "" {
		r.problems = append(r.problems, fmt.Errorf("%s: %s", r.file, reason))
		return
	}
	r.media, r.valid, r.input.mediaRoot = newMedia(r.mediaRoot), badText(text) == "", r.mediaRoot
	if r.only == 0 {
		lines := strings.Count(text, "\n") // a job has one at least
		r.input.Jobs, r.input.seen = make([]PostJob, 0, lines), make([]sight, 0, lines)
	}
	first := true
	for rec, err := range ParseText(text) {
		switch {
		case first:
			first = false
			if !r.readHeader(rec, err) {
				return
			}
		case err != nil:
			r.problems = append(r.problems, fmt.Errorf("%s: %w", r.file, err))
		case rec.blank():
			r.input.EmptyRows++
		default:
			r.last++
			if r.only == 0 || r.only == r.last {
				r.readRow(rec)
			}
			if r.only == r.last {
				return
			}
		}
	}
}

// unreadable says why text is no CSV file at all, or "".
func unreadable(text string) string {
	switch {
	case strings.TrimSpace(strings.TrimPrefix(text, byteOrderMark)) == "":
		return fmt.Sprintf("the file is empty: its first row must be the header %s,%s,%s",
			ColumnAccount, ColumnVideo, ColumnCaption)
	case strings.HasPrefix(text, "\xff\xfe"), strings.HasPrefix(text, "\xfe\xff"):
		return "the file is UTF-16: save it as CSV UTF-8"
	case strings.HasPrefix(text, "PK\x03\x04"):
		return "the file is a spreadsheet, not CSV: save it as CSV UTF-8"
	}
	return ""
}

func (r *reader) readHeader(rec Record, err error) bool {
	if err != nil {
		r.problems = append(r.problems, fmt.Errorf("%s: header: %w", r.file, err))
		return false
	}
	h, errs := newHeader(rec)
	for _, err := range errs {
		r.problems = append(r.problems, fmt.Errorf("%s: header (line %d): %w", r.file, rec.Line, err))
	}
	r.header = h
	return len(errs) == 0
}

func (r *reader) readRow(rec Record) {
	before := len(r.problems)
	fields := r.fit(rec)
	if len(r.problems) > before {
		return
	}
	if !r.valid {
		for i, f := range fields {
			if reason := badText(f); reason != "" {
				r.problem(rec, r.header.names[i], reason)
			}
		}
	}
	job, repeat := r.header.job(fields)
	r.checkName(rec, ColumnAccount, job.Account)
	r.checkName(rec, ColumnVideo, job.Video)
	if !repeat {
		r.problem(rec, ColumnRepeat, fmt.Sprintf("%q is neither yes nor no: write one of them, or leave it empty",
			fields[r.header.repeat]))
	}
	if len(r.problems) > before {
		return
	}
	place := r.media.place(job.Video)
	if place.err != nil {
		r.problem(rec, ColumnVideo, place.err.Error())
		return
	}
	job.ID, job.Video = r.last, cmp.Or(place.rel, job.Video)
	r.input.Jobs, r.input.seen = append(r.input.Jobs, job), append(r.input.seen, place.seen)
}

// fit returns the record's fields, as many as the header has.
func (r *reader) fit(rec Record) []string {
	want := len(r.header.names)
	fields := rec.Fields
	// Spreadsheets pad rows with empty cells.
	for len(fields) > want && fields[len(fields)-1] == "" {
		fields = fields[:len(fields)-1]
	}
	if len(fields) != want {
		r.problems = append(r.problems, fmt.Errorf(
			"%s: row %d (line %d): %d fields where the header has %d: put a field that holds a comma in quotes",
			r.file, rec.Row, rec.Line, len(fields), want))
		return nil
	}
	for i, name := range r.header.names {
		if name == "" && fields[i] != "" {
			r.problem(rec, fmt.Sprintf("number %d", i+1),
				"the column has no name: give it one in the header, or empty it")
		}
	}
	return fields
}

func (r *reader) checkName(rec Record, column, value string) {
	switch {
	case value == "":
		r.problem(rec, column, "is empty: fill it in, or empty the whole row")
	case strings.ContainsFunc(value, unicode.IsControl):
		r.problem(rec, column, "holds a line break or another control character: remove it")
	}
}

func (r *reader) problem(rec Record, column, reason string) {
	r.problems = append(r.problems,
		fmt.Errorf("%s: row %d (line %d), column %s: %s", r.file, rec.Row, rec.Line, column, reason))
}

func badText(field string) string {
	switch {
	case !utf8.ValidString(field):
		return "is not UTF-8: save the file as CSV UTF-8"
	case strings.ContainsRune(field, 0):
		return "holds a NUL byte: the file is damaged"
	}
	return ""
}
