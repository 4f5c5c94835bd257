package jobs

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"strings"
	"unicode"
	"unicode/utf8"

	"postfleet/internal/fault"
)

// The columns that jobs.csv must have, in any order.
const (
	ColumnAccount = "account_name"
	ColumnVideo   = "video_path"
	ColumnCaption = "caption"
)

// Input is what jobs.csv holds.
type Input struct {
	Jobs []PostJob
	// EmptyRows counts the rows that were passed over because nothing was in
	// them. They have no job id.
	EmptyRows int
}

// Read reads the jobs file at path. Videos are files under mediaRoot; that
// they exist is not asked here, see MissingVideos, but a path that leaves
// mediaRoot is an error.
//
// All that is wrong with the file is in one error, each problem with file, row,
// column and what to do; its class is fault.Input.
func Read(path, mediaRoot string) (Input, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return Input{}, fault.Errorf(fault.Input, "read jobs: %w", err)
	}
	r := reader{file: path, mediaRoot: mediaRoot}
	r.readAll(data)
	if len(r.problems) > 0 {
		return Input{}, fault.Mark(fault.Input, errors.Join(r.problems...))
	}
	return r.input, nil
}

// reader gathers jobs and problems on its way through one file.
type reader struct {
	file      string
	mediaRoot string
	header    header
	input     Input
	problems  []error
}

func (r *reader) readAll(data []byte) {
	if reason := unreadable(data); reason != "" {
		r.problems = append(r.problems, fmt.Errorf("%s: %s", r.file, reason))
		return
	}
	first := true
	for rec, err := range ParseCSV(data) {
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
			r.readRow(rec)
		}
	}
}

// unreadable says why data is no CSV file at all, or "".
func unreadable(data []byte) string {
	switch {
	case len(bytes.TrimSpace(bytes.TrimPrefix(data, []byte("\ufeff")))) == 0:
		return fmt.Sprintf("the file is empty: its first row must be the header %s,%s,%s",
			ColumnAccount, ColumnVideo, ColumnCaption)
	case bytes.HasPrefix(data, []byte{0xff, 0xfe}), bytes.HasPrefix(data, []byte{0xfe, 0xff}):
		return "the file is UTF-16: save it as CSV UTF-8"
	case bytes.HasPrefix(data, []byte("PK\x03\x04")):
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
	for i, f := range fields {
		if reason := badText(f); reason != "" {
			r.problem(rec, r.header.names[i], reason)
		}
	}
	job := r.header.job(fields)
	r.checkName(rec, ColumnAccount, job.Account)
	r.checkName(rec, ColumnVideo, job.Video)
	if len(r.problems) > before {
		return
	}
	rel, err := relativeVideo(r.mediaRoot, job.Video)
	if err != nil {
		r.problem(rec, ColumnVideo, err.Error())
		return
	}
	job.ID, job.Video = len(r.input.Jobs)+1, rel
	r.input.Jobs = append(r.input.Jobs, job)
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
