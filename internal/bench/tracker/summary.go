package main

import (
	"fmt"
	"strconv"

	"postfleet/internal/evidence"
)

// summary prints every check and is the error that not all of them hold.
func summary(cfg config, report *evidence.Report) error {
	for _, c := range report.Checks {
		verdict := "ok  "
		if !c.Holds {
			verdict = "FAIL"
		}
		value := "not made: " + c.Why
		if c.Value != nil {
			value = strconv.FormatFloat(*c.Value, 'g', 4, 64)
		}
		fmt.Fprintf(cfg.stdout, "%s  %-60s %s (%s %g)\n", verdict, c.Name, value, c.Op, c.Target)
	}
	fmt.Fprintf(cfg.stdout, "report: %s\n", cfg.report)
	if failed := report.Failed(); len(failed) > 0 {
		return fmt.Errorf("%d of %d checks do not hold: see %s", len(failed), len(report.Checks), cfg.report)
	}
	return nil
}
