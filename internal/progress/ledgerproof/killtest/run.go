package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"postfleet/internal/evidence"
	"postfleet/internal/progress/ledgerproof"
)

// run makes the proof in a new data directory, and writes and prints the report.
func run(ctx context.Context, cfg config) error {
	cfg.proof.Dir = filepath.Join(cfg.dir, "data")
	cfg.proof.Seed = uint64(cfg.seed)
	if err := newDir(cfg.proof.Dir); err != nil {
		return err
	}
	fmt.Fprintf(cfg.stdout, "%d kills of %d processes with %d jobs, seed %d\n",
		cfg.proof.Kills, cfg.proof.Processes, cfg.proof.Rows, cfg.seed)
	report := evidence.New(cfg.seed, "")
	ctx, cancel := context.WithTimeout(ctx, cfg.timeout)
	defer cancel()
	found, err := ledgerproof.Run(ctx, cfg.proof)
	if err != nil {
		cannot(report, cfg, err)
	} else {
		figures(report, cfg, found)
		checks(report, cfg, found)
	}
	for _, p := range found.Problems {
		fmt.Fprintln(cfg.stdout, p)
	}
	printFigures(cfg, report)
	return errors.Join(err, report.Conclude(cfg.stdout, filepath.Join(cfg.dir, "report.json")))
}

func newDir(dir string) error {
	if err := os.RemoveAll(dir); err != nil {
		return fmt.Errorf("clear data directory: %w", err)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("make data directory: %w", err)
	}
	return nil
}

func figures(report *evidence.Report, cfg config, f ledgerproof.Findings) {
	params := map[string]any{
		"processes": cfg.proof.Processes, "rows": cfg.proof.Rows, "job_time_ms": cfg.proof.JobTime.Milliseconds(),
	}
	for _, figure := range []struct {
		name  string
		value int
		unit  string
	}{
		{"kills", f.Kills, "processes"},
		{"lives", f.Lives, "processes"},
		{"stopped with a claim held", f.Zombies, "processes"},
		{"claims", f.Claims, "claims"},
		{"rescues", f.Rescues, "rows"},
		{"requeues", f.Requeues, "rows"},
		{"posted rows on which too many died", f.Posted, "rows"},
		{"uses of an old claim", f.StaleTries, "calls"},
		{"reads by the other program", f.Reads, "reads"},
	} {
		report.Measure(figure.name, float64(figure.value), figure.unit, params)
	}
	report.Measure("seconds", f.Seconds, "s", params)
	for _, op := range slices.Sorted(maps.Keys(f.KilledIn)) {
		report.Measure("kills in a call", float64(f.KilledIn[op]), "processes", map[string]any{"call": op})
	}
}

func printFigures(cfg config, report *evidence.Report) {
	for _, f := range report.Figures {
		if op, ok := f.Params["call"]; ok {
			fmt.Fprintf(cfg.stdout, "      %-42s %g\n", fmt.Sprintf("kills in call %q", op), f.Value)
		} else {
			fmt.Fprintf(cfg.stdout, "      %-42s %.6g %s\n", f.Name, f.Value, f.Unit)
		}
	}
}
