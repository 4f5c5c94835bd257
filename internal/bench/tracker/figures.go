package main

import (
	"cmp"
	"slices"
	"time"

	"postfleet/internal/evidence"
)

// report puts every cell's figures into the report.
func (r *results) report(report *evidence.Report) {
	for _, c := range r.measured() {
		params := map[string]any{"design": c.design, "processes": c.processes, "rows": c.rows}
		put := func(name string, value float64, unit string) { report.Measure(name, value, unit, params) }
		samples := r.samples[c]
		rates := values(samples, sample.rate)
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
		put("cores that others kept busy", median(values(samples, sample.others)), "cores")
	}
	report.Measure("claims held against each other", float64(r.wrong.claims), "claims", nil)
}

// byProcess returns the least, mean and most cycles of a process in the round
// in which they lie furthest apart.
func byProcess(samples []sample) (least, mean, most float64) {
	worst := slices.MinFunc(samples, func(a, b sample) int { return cmp.Compare(a.evenness(), b.evenness()) })
	return float64(slices.Min(worst.cycles)), worst.mean(), float64(slices.Max(worst.cycles))
}

func (s sample) others() float64 { return s.foreign }

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

// values is what value says of each.
func values[T any](all []T, value func(T) float64) []float64 {
	said := make([]float64, 0, len(all))
	for _, one := range all {
		said = append(said, value(one))
	}
	return said
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
func median(all []float64) float64 {
	sorted := slices.Sorted(slices.Values(all))
	return sorted[(len(sorted)-1)/2]
}

func milliseconds(d time.Duration) float64 { return d.Seconds() * 1000 }
