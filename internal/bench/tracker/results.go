package main

import (
	"context"
	"fmt"
	"slices"
)

// results are the samples of all cells, one for each round, in order.
type results struct {
	rows, processes []int
	samples         map[cell][]sample
	// failures are why a list could not be made or worked on. Its other cells
	// are not measured any more.
	failures map[list]error
	wrong    findings
}

func newResults(rows, processes []int) *results {
	return &results{
		rows: rows, processes: processes,
		samples: make(map[cell][]sample), failures: make(map[list]error),
	}
}

// asked returns the cells of n processes: every design on every size, and the
// ledger with few accounts in the one cell where it is measured.
func (r *results) asked(n int) []cell {
	var cells []cell
	for _, rows := range r.rows {
		for _, d := range designs() {
			cells = append(cells, cell{list{d.name, rows}, n})
		}
		if rows == sharedRows && n == slices.Max(r.processes) {
			cells = append(cells, cell{list{designShared, rows}, n})
		}
	}
	return cells
}

// measured returns all cells of which there are samples.
func (r *results) measured() []cell {
	var cells []cell
	for _, n := range r.processes {
		for _, c := range r.asked(n) {
			if len(r.samples[c]) > 0 && r.failures[c.list] == nil {
				cells = append(cells, c)
			}
		}
	}
	return cells
}

// failed notes err, unless it is nil, as why there is nothing of the cell.
func (r *results) failed(c cell, err error) {
	if err != nil && r.failures[c.list] == nil {
		r.failures[c.list] = fmt.Errorf("%s: %w", c, err)
	}
}

// measure adds a round of the cell.
func (r *results) measure(ctx context.Context, b bench, c cell) {
	if r.failures[c.list] != nil {
		return
	}
	s, err := b.run(ctx, c)
	if err != nil {
		r.failed(c, err)
		return
	}
	r.samples[c] = append(r.samples[c], s)
	r.wrong = r.wrong.plus(s.wrong)
}

// prove runs rounds in which each process keeps its rows for a moment. They are
// not measured: in the others a row is held too shortly for two holders to be
// caught at it.
func (r *results) prove(ctx context.Context, cfg config, processes int) {
	b := bench{root: cfg.dir, round: min(keepRound, cfg.round), keep: keepTime}
	for _, c := range r.asked(processes) {
		if c.design == designRaw || r.failures[c.list] != nil {
			continue
		}
		s, err := b.run(ctx, c)
		r.failed(c, err)
		r.wrong = r.wrong.plus(s.wrong)
	}
}
