// Package doctor is what a check-up is made of: findings, each with its mend,
// and the question whether an Android phone's adbd answers. What is checked is
// decided in cmd/orchestrator. It changes nothing anywhere.
package doctor

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

// Status is how grave a finding is.
type Status string

// The statuses. Unchecked is what could not be looked at because of another
// finding, or need not be; what it says begins with "not checked: ".
const (
	OK        Status = "ok"
	Warn      Status = "warn"
	Fail      Status = "fail"
	Unchecked Status = "unchecked"
)

// Finding is what one check has come to.
type Finding struct {
	// Check names it, in a word or a few, such as "engine" or "device lab-1".
	Check  string `json:"check"`
	Status Status `json:"status"`
	// Seen is what was found.
	Seen string `json:"seen"`
	// Mend is what to do about it; "" when there is nothing to do, or Seen ends
	// in it.
	Mend string `json:"mend"`
}

// Report is the findings of a check-up, in order. Not safe for concurrent use.
type Report struct{ Findings []Finding }

// OK adds what is as it should be.
func (r *Report) OK(check, format string, args ...any) {
	r.add(check, OK, "", fmt.Sprintf(format, args...))
}

// Warn adds what keeps no fleet from running.
func (r *Report) Warn(check, mend, format string, args ...any) {
	r.add(check, Warn, mend, fmt.Sprintf(format, args...))
}

// Fail adds what has to be mended first.
func (r *Report) Fail(check, mend, format string, args ...any) {
	r.add(check, Fail, mend, fmt.Sprintf(format, args...))
}

// Error adds a failure for each of the errors that err joins. Their texts end
// in their mends.
func (r *Report) Error(check string, err error) {
	for _, e := range Each(err) {
		r.add(check, Fail, "", e.Error())
	}
}

// Unchecked adds a check that was not made, and why.
func (r *Report) Unchecked(check, format string, args ...any) {
	r.add(check, Unchecked, "", "not checked: "+fmt.Sprintf(format, args...))
}

// add keeps every finding on one line.
func (r *Report) add(check string, status Status, mend, seen string) {
	seen = strings.Join(strings.Fields(seen), " ")
	r.Findings = append(r.Findings, Finding{Check: check, Status: status, Seen: seen, Mend: mend})
}

// Each returns the errors that err joins, at any depth, and those it wraps alone
// where nothing is said besides.
func Each(err error) []error {
	switch w := err.(type) { //nolint:errorlint // this is the walk over the tree
	case nil:
		return nil
	case interface{ Unwrap() []error }:
		var all []error
		for _, e := range w.Unwrap() {
			all = append(all, Each(e)...)
		}
		return all
	case interface{ Unwrap() error }:
		if inner := w.Unwrap(); inner != nil && inner.Error() == err.Error() { // a mark
			return Each(inner)
		}
	}
	return []error{err}
}

// Count returns how many findings have the status.
func (r *Report) Count(s Status) int {
	n := 0
	for _, f := range r.Findings {
		if f.Status == s {
			n++
		}
	}
	return n
}

// Failed reports whether a finding of one of the checks is a failure.
func (r *Report) Failed(checks ...string) bool {
	for _, f := range r.Findings {
		for _, check := range checks {
			if f.Check == check && f.Status == Fail {
				return true
			}
		}
	}
	return false
}

// WriteText writes a line for each finding, and one for all.
func (r *Report) WriteText(out io.Writer) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, f := range r.Findings {
		mend := ""
		if f.Mend != "" {
			mend = ": " + f.Mend
		}
		if _, err := fmt.Fprintf(table, "%s\t%s\t%s%s\n", f.Status, f.Check, f.Seen, mend); err != nil {
			return err
		}
	}
	if err := table.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintf(out, "%d ok, %d warn, %d fail, %d unchecked\n",
		r.Count(OK), r.Count(Warn), r.Count(Fail), r.Count(Unchecked))
	return err
}

// WriteJSON writes one object: the findings, and how many there are of each status.
func (r *Report) WriteJSON(out io.Writer) error {
	encoder := json.NewEncoder(out)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(struct {
		Findings  []Finding `json:"findings"`
		OK        int       `json:"ok"`
		Warn      int       `json:"warn"`
		Fail      int       `json:"fail"`
		Unchecked int       `json:"unchecked"`
	}{r.Findings, r.Count(OK), r.Count(Warn), r.Count(Fail), r.Count(Unchecked)})
}
