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
	all.print(cfg.stdout)
	return report.Conclude(cfg.stdout, cfg.report)
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

// measure makes all lists, checks the claims of each design, and runs the
// rounds. A cell that cannot be measured is in the results as such; only the
// end of ctx is an error.
func measure(ctx context.Context, cfg config) (*results, error) {
	all := newResults(cfg.rows, cfg.processes)
	most := slices.Max(cfg.processes)
	for _, c := range all.asked(most) {
		all.failed(c, prepare(ctx, cfg.dir, c))
	}
	fmt.Fprintln(cfg.stderr, "holding the claims against each other …")
	all.prove(ctx, cfg, most)
	b := bench{root: cfg.dir, round: cfg.round}
	for _, n := range cfg.processes {
		cells := all.asked(n)
		for i := range cfg.rounds {
			fmt.Fprintf(cfg.stderr, "processes: %d, round %d of %d …\n", n, i+1, cfg.rounds)
			// Another one begins each round, so that none always follows the same.
			begin := i * len(cells) / cfg.rounds
			for _, c := range slices.Concat(cells[begin:], cells[:begin]) {
				all.measure(ctx, b, c)
			}
			if ctx.Err() != nil {
				return nil, context.Cause(ctx)
			}
		}
	}
	return all, nil
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
