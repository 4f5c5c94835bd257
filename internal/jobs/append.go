package jobs

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"

	"postfleet/internal/fault"
)

// Addition is the rows of one file, fit to be put behind those of a jobs file.
// Nothing is written before Write.
type Addition struct {
	// Before are the jobs that the jobs file holds now, Added those that come to
	// it, with the ids that they will have.
	Before, Added []PostJob
	// Repeats names each row that has the same account, video and caption as a
	// job of the file, or as an earlier row of its own.
	Repeats []error

	path string
	was  fs.FileInfo // nil: there is no jobs file yet
	text []byte
}

// PlanAddition reads the jobs file at path, which need not be there, and the
// text of another such file, which errors call name. Its columns are found by
// their names; a further column must be one of the jobs file's as well.
//
// All that is wrong is in one error, each problem with file, row, column and
// what to do; its class is fault.Input.
func PlanAddition(path, mediaRoot, name string, text []byte) (*Addition, error) {
	more := reader{file: name, mediaRoot: mediaRoot}
	more.readAll(string(text))
	have := reader{file: path, mediaRoot: mediaRoot}
	a := &Addition{path: path}
	if err := a.readFile(&have); err != nil {
		return nil, err
	}
	if a.was == nil {
		have.header = more.header.named()
	}
	problems := slices.Concat(have.problems, more.problems)
	if len(problems) == 0 {
		problems = missingColumns(have, more)
	}
	if len(problems) > 0 {
		return nil, fault.Mark(fault.Input, errors.Join(problems...))
	}
	records := more.records(text)
	a.put(have.header, more.header, records)
	return a, a.check(&more, len(have.input.Jobs), records)
}

func (a *Addition) readFile(have *reader) error {
	was, err := os.Stat(a.path)
	if err == nil {
		a.was = was
		a.text, err = os.ReadFile(a.path)
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		a.was = nil
		return nil
	case err != nil:
		return fault.Errorf(fault.Input, "read jobs: %w", err)
	}
	have.readAll(string(a.text))
	return nil
}

// named is the header without the columns that have no name: they are empty.
func (h header) named() header {
	names := slices.DeleteFunc(slices.Clone(h.names), func(name string) bool { return name == "" })
	return header{names: names}
}

func missingColumns(have, more reader) []error {
	var errs []error
	for _, name := range more.header.names {
		if name != "" && !slices.Contains(have.header.names, name) {
			errs = append(errs, fmt.Errorf("%s: column %s: %s has no such column, only %s: add it there, "+
				"with a field in every row, or remove it here", more.file, name, have.file,
				strings.Join(have.header.named().names, ",")))
		}
	}
	return errs
}

// records returns the records of text that are jobs. All of it was found good.
func (r *reader) records(text []byte) []Record {
	records := make([]Record, 0, len(r.input.Jobs))
	for rec, err := range ParseCSV(text) {
		if err == nil && rec.Row > 1 && !rec.blank() {
			rec.Fields = slices.Clone(r.fit(rec))
			records = append(records, rec)
		}
	}
	return records
}

// put writes the records, in the jobs file's columns and line ends, behind what
// it holds. That stays byte for byte.
func (a *Addition) put(have, more header, records []Record) {
	if a.was == nil {
		a.text = AppendCSV(nil, have.names...)
	}
	end := lineEnd(a.text)
	if !bytes.HasSuffix(a.text, []byte("\n")) {
		a.text = append(a.text, end...)
	}
	source := make([]int, len(have.names))
	for i, name := range have.names {
		source[i] = slices.Index(more.names, name)
	}
	fields := make([]string, len(have.names))
	for _, rec := range records {
		for i, from := range source {
			fields[i] = ""
			if from >= 0 && have.names[i] != "" {
				fields[i] = rec.Fields[from]
			}
		}
		a.text = AppendCSV(a.text, fields...)
		a.text = append(a.text[:len(a.text)-1], end...)
	}
}

// lineEnd returns how the first record of text ends, LF when nothing shows it.
func lineEnd(text []byte) string {
	quoted := false
	for i, c := range text {
		switch {
		case c == '"':
			quoted = !quoted
		case c == '\n' && !quoted:
			if i > 0 && text[i-1] == '\r' {
				return "\r\n"
			}
			return "\n"
		}
	}
	return "\n"
}

// check reads the text as it is going to be: what is written is what was
// checked, or it is not written.
func (a *Addition) check(more *reader, before int, records []Record) error {
	all := reader{file: a.path, mediaRoot: more.mediaRoot}
	all.readAll(string(a.text))
	if len(all.problems) > 0 || len(all.input.Jobs) != before+len(records) {
		return fmt.Errorf("%s: the rows would not be read as they were given: %w", a.path,
			errors.Join(all.problems...))
	}
	a.Before, a.Added = all.input.Jobs[:before], all.input.Jobs[before:]
	for i, j := range a.Added {
		if given := more.input.Jobs[i]; postOf(given) != postOf(j) {
			return fmt.Errorf("%s: row %d would be read as another one", more.file, records[i].Row)
		}
	}
	a.findRepeats(records)
	return nil
}

// post is what makes two jobs the same.
type post struct{ account, video, caption string }

func postOf(j PostJob) post { return post{j.Account, j.Video, j.Caption} }

func (a *Addition) findRepeats(records []Record) {
	job := make(map[post]int, len(a.Before))
	for _, j := range a.Before {
		job[postOf(j)] = j.ID
	}
	row := make(map[post]int, len(a.Added))
	for i, j := range a.Added {
		p, rec := postOf(j), records[i]
		if id := job[p]; id > 0 {
			a.repeats(rec, j, fmt.Sprintf("is job %d already", id))
		} else if first := row[p]; first > 0 {
			a.repeats(rec, j, fmt.Sprintf("is the same as row %d", first))
		} else {
			row[p] = rec.Row
		}
	}
}

func (a *Addition) repeats(rec Record, j PostJob, what string) {
	a.Repeats = append(a.Repeats, fmt.Errorf("row %d (line %d): %s for account %s, with this caption, %s",
		rec.Row, rec.Line, j.Video, j.Account, what))
}

// Write puts the rows behind those of the jobs file, durably and at once. A
// file that is not the one that was read any more is left alone. The caller sees
// to it that only one of several processes is between PlanAddition and Write.
func (a *Addition) Write() error {
	is, err := os.Stat(a.path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		is = nil
	case err != nil:
		return fmt.Errorf("append to jobs: %w", err)
	}
	if !sameState(a.was, is) {
		return fmt.Errorf("append to jobs: somebody changed %s at this moment: nothing was added, try again", a.path)
	}
	return ReplaceFile(a.path, func(w io.Writer) error {
		_, err := w.Write(a.text)
		return err
	})
}

func sameState(was, is fs.FileInfo) bool {
	if was == nil || is == nil {
		return was == nil && is == nil
	}
	return os.SameFile(was, is) && was.Size() == is.Size() && was.ModTime().Equal(is.ModTime())
}
