package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"text/tabwriter"
	"time"

	"postfleet/internal/evidence"
)

// results are the samples of all cells, one for each round, in order.
type results struct {
	rows, processes []int
	samples         map[cell][]sample
	wrong           findings
}

func (r *results) add(c cell, s sample) {
	r.samples[c] = append(r.samples[c], s)
	r.wrong = r.wrong.plus(s.wrong)
}

// cells returns the measured cells by size, processes and design.
func (r *results) cells() []cell {
	var all []cell
	for _, rows := range r.rows {
		for _, n := range r.processes {
			for _, d := range append(designs(), sharedDesign()) {
				if c := (cell{d.name, n, rows}); len(r.samples[c]) > 0 {
					all = append(all, c)
				}
			}
		}
	}
	return all
}

// report puts every cell's figures into the report.
func (r *results) report(report *evidence.Report) {
	for _, c := range r.cells() {
		params := map[string]any{"design": c.design, "processes": c.processes, "rows": c.rows}
		put := func(name string, value float64, unit string) { report.Measure(name, value, unit, params) }
		samples := r.samples[c]
		rates := each(samples, sample.rate)
		put("cycles", median(rates), "1/s")
		put("cycles, slowest round", slices.Min(rates), "1/s")
		put("cycles, fastest round", slices.Max(rates), "1/s")
		latencies := sortedLatencies(samples)
		put("claim latency p50", milliseconds(quantile(latencies, 0.50)), "ms")
		put("claim latency p99", milliseconds(quantile(latencies, 0.99)), "ms")
		put("claim latency max", milliseconds(quantile(latencies, 1)), "ms")
		least, mean, most := byProcess(samples)
		put("cycles of a process, least", least, "cycles")
		put("cycles of a process, mean", mean, "cycles")
		put("cycles of a process, most", most, "cycles")
		put("cores that others kept busy", median(each(samples, func(s sample) float64 { return s.foreign })), "cores")
	}
	report.Measure("claims held against each other", float64(r.wrong.claims), "claims", nil)
}

// print writes the table of cycles a second: designs below, cells across.
func (r *results) print(out io.Writer) {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(w, "durable claim+complete cycles/s\t")
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
				fmt.Fprintf(w, "%s\t", r.rateText(cell{d.name, n, rows}))
			}
		}
		fmt.Fprintln(w)
	}
	_ = w.Flush() // to a person who may have gone
}

func (r *results) rateText(c cell) string {
	samples := r.samples[c]
	if len(samples) == 0 {
		return "–"
	}
	return fmt.Sprintf("%.0f", median(each(samples, sample.rate)))
}

// byProcess returns the least, mean and most cycles of a process in the round
// in which they lie furthest apart.
func byProcess(samples []sample) (least, mean, most float64) {
	worst := slices.MinFunc(samples, func(a, b sample) int { return cmp.Compare(a.evenness(), b.evenness()) })
	return float64(slices.Min(worst.cycles)), worst.mean(), float64(slices.Max(worst.cycles))
}

func (s sample) mean() float64 { return s.rate() * s.round.Seconds() / float64(len(s.cycles)) }

// evenness is the least cycles of a process as a share of the mean; 0 when
// there were none at all.
func (s sample) evenness() float64 {
	mean := s.mean()
	if mean == 0 {
		return 0
	}
	return float64(slices.Min(s.cycles)) / mean
}

func each(samples []sample, value func(sample) float64) []float64 {
	values := make([]float64, 0, len(samples))
	for _, s := range samples {
		values = append(values, value(s))
	}
	return values
}

func sortedLatencies(samples []sample) []time.Duration {
	var all []time.Duration
	for _, s := range samples {
		all = append(all, s.latencies...)
	}
	slices.Sort(all)
	return all
}

// quantile returns the q-th quantile of sorted values, 0 when there are none.
func quantile(sorted []time.Duration, q float64) time.Duration {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[min(len(sorted)-1, int(q*float64(len(sorted))))]
}

// median returns the middle value, of two in the middle the smaller.
func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[(len(sorted)-1)/2]
}

func milliseconds(d time.Duration) float64 { return d.Seconds() * 1000 }
