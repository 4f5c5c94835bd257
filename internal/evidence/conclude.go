package evidence

import (
	"fmt"
	"io"
	"strconv"
)

// Conclude writes the report to path, prints each check to w, and returns the
// error that not all of them hold.
func (r *Report) Conclude(w io.Writer, path string) error {
	if err := r.Write(path); err != nil {
		return err
	}
	for _, c := range r.Checks {
		if _, err := fmt.Fprintln(w, c); err != nil {
			return fmt.Errorf("print checks: %w", err)
		}
	}
	if _, err := fmt.Fprintf(w, "report: %s\n", path); err != nil {
		return fmt.Errorf("print checks: %w", err)
	}
	if failed := r.Failed(); len(failed) > 0 {
		return fmt.Errorf("%d of %d checks do not hold: see %s", len(failed), len(r.Checks), path)
	}
	return nil
}

// String is the check on one line, for people.
func (c Check) String() string {
	verdict := "ok  "
	if !c.Holds {
		verdict = "FAIL"
	}
	value := "not made: " + c.Why
	if c.Value != nil {
		value = strconv.FormatFloat(*c.Value, 'g', 4, 64)
	}
	return fmt.Sprintf("%s  %-60s %s (%s %g)", verdict, c.Name, value, c.Op, c.Target)
}
