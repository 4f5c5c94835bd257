package main

import (
	"fmt"
	"io"
	"text/tabwriter"
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
