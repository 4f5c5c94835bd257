package main

import (
	"fmt"
	"io"
	"text/tabwriter"

	"postfleet/internal/evidence"
	"postfleet/internal/fault"
)

// printSkins writes a line for each update of the app.
func printSkins(out io.Writer, runs []skinRun) {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "update\trecipe alone\tcold\tcalls\twarm posts\tcalls\tother language, calls\tmode claude, calls")
	for _, r := range runs {
		fmt.Fprintf(w, "%d\t%s\t%.1f s\t%d\t%.0f of %d\t%.0f\t%d\t%d\n", r.number, fault.Of(r.alone.err),
			r.cold.took.Seconds(), r.cold.calls, count(r.warm, result.posted), len(r.warm), calls(r.warm),
			r.foreign.calls, r.claude.calls)
	}
	fmt.Fprintln(w)
	_ = w.Flush() // to a person who may have gone
}

// printFigures writes what has no target.
func printFigures(out io.Writer, report *evidence.Report) {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, f := range report.Figures {
		fmt.Fprintf(w, "%s\t%.4g %s\n", f.Name, f.Value, f.Unit)
	}
	fmt.Fprintln(w)
	_ = w.Flush() // to a person who may have gone
}

// printFailures says why posts were not made.
func printFailures(out io.Writer, runs []skinRun, known []result, fleet fleetRun) {
	say := func(what string, results ...result) {
		for _, r := range results {
			if !r.posted() {
				fmt.Fprintf(out, "%s: %d posts, %d taps on share, %d calls: %v\n",
					what, r.posts, r.shares, r.calls, r.err)
			}
		}
	}
	for _, r := range runs {
		what := fmt.Sprintf("update %d, ", r.number)
		say(what+"cold", r.cold)
		say(what+"warm", r.warm...)
		for _, name := range r.asked {
			fmt.Fprintf(out, "%swarm: the model was asked about %s\n", what, name)
		}
		say(what+"other language", r.foreign)
		say(what+"mode claude", r.claude)
	}
	say("original", known...)
	say("workers at once", fleet.results...)
}
