package main

import (
	"fmt"

	"postfleet/internal/evidence"
)

// check holds the samples to the targets.
func (r *results) check(report *evidence.Report) {
	want := targets()
	for _, n := range []int{fewProcesses, manyProcesses} {
		for _, rows := range []int{smallRows, middleRows, largeRows} {
			ledger := cell{designLedger, n, rows}
			r.checkRatio(report, in(want.sqlite, n, rows), ledger,
				cell{designSQLite, n, rows}, cell{designSQLiteGated, n, rows})
			r.checkRatio(report, in(want.raw, n, rows), ledger, cell{designRaw, n, rows})
			r.checkEvenness(report, in(want.even, n, rows), ledger)
		}
		large := want.large
		large.Name = fmt.Sprintf("%s: %d processes", large.Name, n)
		r.checkRatio(report, large, cell{designLedger, n, largeRows}, cell{designLedger, n, smallRows})
	}
	report.Check(want.doubled, float64(r.wrong.doubled))
	report.Check(want.reissued, float64(r.wrong.reissued))
	report.Check(want.lost, float64(r.wrong.lost))
}

// checkRatio checks the median of the rounds' ratios: what the cell did in a
// round to what the best of the others did in it.
func (r *results) checkRatio(report *evidence.Report, t evidence.Target, c cell, others ...cell) {
	for _, needed := range append(others, c) {
		if len(r.samples[needed]) == 0 {
			report.CannotCheck(t, fmt.Sprintf("not measured: %s", needed))
			return
		}
	}
	ratios := make([]float64, 0, len(r.samples[c]))
	for round, s := range r.samples[c] {
		best := 0.0
		for _, other := range others {
			best = max(best, r.samples[other][round].rate())
		}
		ratios = append(ratios, s.rate()/best)
	}
	report.Check(t, median(ratios))
}

// checkEvenness checks the least cycles of a process as a share of the mean, in
// the worst of the rounds.
func (r *results) checkEvenness(report *evidence.Report, t evidence.Target, c cell) {
	if len(r.samples[c]) == 0 {
		report.CannotCheck(t, fmt.Sprintf("not measured: %s", c))
		return
	}
	least, mean, _ := byProcess(r.samples[c])
	report.Check(t, least/mean)
}
