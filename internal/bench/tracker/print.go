package main

import (
	"fmt"
	"io"
	"strconv"
	"text/tabwriter"

	"postfleet/internal/evidence"
)

// print writes a table of cycles and one of waiting: designs below, cells across.
func (r *results) print(out io.Writer) {
	r.printTable(out, "durable claim+complete cycles/s", func(samples []sample) string {
		return fmt.Sprintf("%.0f", median(values(samples, sample.rate)))
	})
	r.printTable(out, "claim latency p99, ms", func(samples []sample) string {
		return fmt.Sprintf("%.1f", milliseconds(quantile(sortedLatencies(samples), 0.99)))
	})
	r.printTable(out, "cores that others kept busy", func(samples []sample) string {
		return fmt.Sprintf("%.1f", median(values(samples, sample.others)))
	})
}

func (r *results) printTable(out io.Writer, title string, value func([]sample) string) {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(w, "%s\t", title)
	for _, rows := range r.rows {
		for _, n := range r.processes {
			fmt.Fprintf(w, "%d rows × %d\t", rows, n)
		}
	}
	fmt.Fprintln(w)
	for _, d := range append(designs(), sharedDesign()) {
		fmt.Fprintf(w, "%s\t", d.name)
		for _, rows := range r.rows {
			for _, n := range r.processes {
				text := "–"
				if c := on(d.name, n, rows); r.missing(c) == "" {
					text = value(r.samples[c])
				}
				fmt.Fprintf(w, "%s\t", text)
			}
		}
		fmt.Fprintln(w)
	}
	fmt.Fprintln(w)
	_ = w.Flush() // to a person who may have gone
}

// printChecks prints every check and is the error that not all of them hold.
func printChecks(cfg config, report *evidence.Report) error {
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
