package jobs

import (
	"fmt"
	"slices"
	"strings"
)

// header is the first row of jobs.csv.
type header struct {
	// names are the trimmed names, in file order; "" is a column without one.
	names                   []string
	account, video, caption int
	// repeat is the index of an optional column: -1 when it is not there.
	repeat int
	// extra are the indexes of the columns that are not ours.
	extra []int
}

// newHeader returns every problem of the header at once.
func newHeader(rec Record) (header, []error) {
	h := header{names: make([]string, len(rec.Fields))}
	var errs []error
	for i, f := range rec.Fields {
		name := strings.TrimSpace(f)
		switch {
		case badText(name) != "":
			errs = append(errs, fmt.Errorf("column number %d: %s", i+1, badText(name)))
		case name != "" && slices.Contains(h.names[:i], name):
			errs = append(errs, fmt.Errorf("column %s is there twice: rename or remove one", name))
		}
		h.names[i] = name
	}
	for _, want := range []struct {
		name  string
		index *int
	}{{ColumnAccount, &h.account}, {ColumnVideo, &h.video}, {ColumnCaption, &h.caption}} {
		*want.index = slices.Index(h.names, want.name)
		if *want.index < 0 {
			errs = append(errs, missingColumn(want.name, h.names))
		}
	}
	h.repeat = slices.Index(h.names, ColumnRepeat)
	for i, name := range h.names {
		switch {
		case name == "", i == h.account, i == h.video, i == h.caption, i == h.repeat:
		case strings.EqualFold(name, ColumnRepeat):
			errs = append(errs, fmt.Errorf("column %s: write it in lower case, %s", name, ColumnRepeat))
		default:
			h.extra = append(h.extra, i)
		}
	}
	return h, errs
}

func missingColumn(name string, have []string) error {
	if len(have) == 1 && strings.ContainsAny(have[0], ";\t") {
		return fmt.Errorf("column %s is missing: "+
			"the file is separated by semicolons or tabs, save it with commas", name)
	}
	for _, h := range have {
		if strings.EqualFold(h, name) {
			return fmt.Errorf("column %s is missing: there is %q, write it in lower case", name, h)
		}
	}
	return fmt.Errorf("column %s is missing: the header is %s", name, strings.Join(have, ","))
}

// job returns the row's job. repeat says whether allow_repeat could be read.
func (h header) job(fields []string) (job PostJob, repeat bool) {
	job = PostJob{
		Account: strings.TrimSpace(fields[h.account]),
		Video:   strings.TrimSpace(fields[h.video]),
		Caption: fields[h.caption],
	}
	for _, i := range h.extra {
		if fields[i] == "" {
			continue
		}
		if job.Extra == nil {
			job.Extra = make(map[string]string, len(h.extra))
		}
		job.Extra[h.names[i]] = fields[i]
	}
	if h.repeat < 0 {
		return job, true
	}
	job.AllowRepeat, repeat = yesOrNo(fields[h.repeat])
	return job, repeat
}

// yesOrNo reads a cell that answers a question; an empty one says no.
func yesOrNo(cell string) (yes, ok bool) {
	switch strings.ToLower(strings.TrimSpace(cell)) {
	case "yes", "true", "1":
		return true, true
	case "no", "false", "0", "":
		return false, true
	}
	return false, false
}
