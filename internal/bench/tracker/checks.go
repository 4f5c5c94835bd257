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
			ledger := on(designLedger, n, rows)
			r.checkRatio(report, in(want.sqlite, n, rows), ledger,
				on(designSQLite, n, rows), on(designSQLiteGated, n, rows))
			r.checkRatio(report, in(want.raw, n, rows), ledger, on(designRaw, n, rows))
			r.checkEvenness(report, in(want.even, n, rows), ledger)
		}
		large := want.large
		large.Name = fmt.Sprintf("%s: %d processes", large.Name, n)
		r.checkRatio(report, large, on(designLedger, n, largeRows), on(designLedger, n, smallRows))
	}
	r.checkClaims(report)
}

func on(design string, processes, rows int) cell { return cell{list{design, rows}, processes} }

// checkClaims speaks of all claims there were, and so needs every cell.
func (r *results) checkClaims(report *evidence.Report) {
	want := targets()
	for _, failure := range r.failures {
		cannot(report, failure.Error(), want.doubled, want.reissued, want.lost)
		return
	}
	report.Check(want.doubled, float64(r.wrong.doubled))
	report.Check(want.reissued, float64(r.wrong.reissued))
	report.Check(want.lost, float64(r.wrong.lost))
}

// missing says why there is nothing of one of the cells, or "".
func (r *results) missing(cells ...cell) string {
	for _, c := range cells {
		if err := r.failures[c.list]; err != nil {
			return err.Error()
		}
		if len(r.samples[c]) == 0 {
			return fmt.Sprintf("not measured: %s", c)
		}
	}
	return ""
}

// checkRatio checks the median of the rounds' ratios: what the cell did in a
// round to what the best of the others did in it.
func (r *results) checkRatio(report *evidence.Report, t evidence.Target, c cell, others ...cell) {
	if why := r.missing(append(others, c)...); why != "" {
		report.CannotCheck(t, why)
		return
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
	if why := r.missing(c); why != "" {
		report.CannotCheck(t, why)
		return
	}
	least, mean, _ := byProcess(r.samples[c])
	report.Check(t, least/mean)
}
