package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"postfleet/internal/evidence"
)

const (
	// keepRound and keepTime are of the rounds that only check the claims.
	keepRound = 300 * time.Millisecond
	keepTime  = time.Millisecond
	// sharedRows is the size of the list of sharedDesign.
	sharedRows = 10_000
)

// run measures, prints the table, and writes the report.
func run(ctx context.Context, cfg config) (err error) {
	if cfg.dir, err = makePlace(cfg); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(cfg.dir)) }()
	report := evidence.New(0, "")
	all, err := measure(ctx, cfg)
	if err != nil {
		return err
	}
	all.report(report)
	all.check(report)
	if err := scale(ctx, cfg, report); err != nil {
		return err
	}
	if err := report.Write(cfg.report); err != nil {
		return err
	}
	all.print(cfg.stdout)
	return summary(cfg, report)
}

// makePlace makes an empty directory of this run's own, on a disk.
func makePlace(cfg config) (string, error) {
	if err := os.MkdirAll(cfg.dir, 0o755); err != nil {
		return "", fmt.Errorf("make the working directory: %w", err)
	}
	memory, err := inMemory(cfg.dir)
	switch {
	case err != nil:
		return "", err
	case memory && !cfg.anyDisk:
		return "", fmt.Errorf("%s is in memory (tmpfs), where a flush costs nothing: "+
			"name a folder on a disk with -dir", cfg.dir)
	}
	dir, err := os.MkdirTemp(cfg.dir, "tracker-")
	if err != nil {
		return "", fmt.Errorf("make the working directory: %w", err)
	}
	return dir, nil
}

// measure makes all lists, checks the claims of each design, and runs the rounds.
func measure(ctx context.Context, cfg config) (results, error) {
	all := results{rows: cfg.rows, processes: cfg.processes, samples: make(map[cell][]sample)}
	for _, c := range cellsOf(cfg, 1) {
		if err := prepare(ctx, cfg.dir, c); err != nil {
			return results{}, err
		}
	}
	if err := all.prove(ctx, cfg); err != nil {
		return results{}, err
	}
	b := bench{root: cfg.dir, round: cfg.round}
	for _, n := range cfg.processes {
		cells := cellsOf(cfg, n)
		for i := range cfg.rounds {
			fmt.Fprintf(cfg.stderr, "%d processes, round %d of %d …\n", n, i+1, cfg.rounds)
			// Another one begins each round, so that none always follows the same.
			begin := i * len(cells) / cfg.rounds
			for _, c := range slices.Concat(cells[begin:], cells[:begin]) {
				s, err := b.run(ctx, c)
				if err != nil {
					return results{}, err
				}
				all.add(c, s)
			}
		}
	}
	return all, nil
}

// cellsOf returns the cells of n processes: every design on every size, and the
// ledger with few accounts where its size is among them.
func cellsOf(cfg config, n int) []cell {
	var cells []cell
	for _, rows := range cfg.rows {
		for _, d := range designs() {
			cells = append(cells, cell{d.name, n, rows})
		}
		if rows == sharedRows {
			cells = append(cells, cell{designShared, n, rows})
		}
	}
	return cells
}

func prepare(ctx context.Context, root string, c cell) error {
	d, err := designNamed(c.design)
	if err != nil {
		return err
	}
	dir := c.dir(root)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("prepare %s: %w", c, err)
	}
	if err := d.prepare(ctx, dir, makeJobs(c.rows, d.accounts)); err != nil {
		return fmt.Errorf("prepare %s in %s: %w", c.design, filepath.Base(dir), err)
	}
	return nil
}

// prove runs rounds in which each process keeps its rows for a moment. They are
// not measured: in the others a row is held too shortly for two holders to be
// caught at it.
func (r *results) prove(ctx context.Context, cfg config) error {
	b := bench{root: cfg.dir, round: min(keepRound, cfg.round), keep: keepTime}
	for _, c := range cellsOf(cfg, slices.Max(cfg.processes)) {
		d, err := designNamed(c.design)
		if err != nil {
			return err
		}
		if !d.claims {
			continue
		}
		s, err := b.run(ctx, c)
		if err != nil {
			return err
		}
		r.wrong = r.wrong.plus(s.wrong)
	}
	return nil
}
