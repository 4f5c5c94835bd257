package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"postfleet/internal/evidence"
	"postfleet/internal/testbed"
)

const (
	fleet = "demo"
	// launchTimeout bounds a whole run; a run takes well under two minutes.
	launchTimeout = 15 * time.Minute
	// interruptGrace is what a launch may take to drain once it is interrupted.
	interruptGrace = 5 * time.Minute
)

// run makes the inputs, launches the fleet twice, and writes the report.
func run(ctx context.Context, cfg config) error {
	if err := copyInputs(cfg.inputs, cfg.dir); err != nil {
		return err
	}
	engine, err := testbed.Docker(ctx, "version", "--format", "{{.Server.Version}}")
	if err != nil {
		return err
	}
	report, want := evidence.New(0, engine), targets()

	first, code := timedLaunch(ctx, cfg)
	report.Measure("launch", first.Seconds(), "s", map[string]any{"workers": cfg.workers})
	report.Check(want.exit, float64(code))
	checkLedger(report, cfg.dir)
	checkPosts(report, cfg.dir)
	checkLeftovers(ctx, report)

	again, code := timedLaunch(ctx, cfg)
	report.Check(want.secondExit, float64(code))
	report.Check(want.secondTime, again.Seconds())

	return report.Conclude(cfg.stdout, filepath.Join(cfg.dir, "report.json"))
}

// timedLaunch runs one launch on the data directory and returns how long it
// took and its exit code, -1 when it could not be run.
func timedLaunch(ctx context.Context, cfg config) (time.Duration, int) {
	took, code, err := testbed.Command{
		Program: cfg.program,
		Args:    []string{"launch", "--simulate", "--workers", strconv.Itoa(cfg.workers), "--data-dir", cfg.dir},
		Env:     []string{"POSTFLEET_FLEET=" + fleet},
		Stdout:  cfg.stdout, Stderr: cfg.stderr, Limit: launchTimeout, Grace: interruptGrace,
	}.Run(ctx)
	if err != nil {
		fmt.Fprintln(cfg.stderr, "demo:", err)
	}
	return took, code
}

// copyInputs puts jobs.csv and the media into the data directory, unless a
// ledger is there already: a run that was begun is only ever resumed.
func copyInputs(from, dir string) error {
	if _, err := os.Stat(filepath.Join(dir, "progress.csv")); err == nil {
		return nil
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("make the data directory: %w", err)
	}
	for _, name := range []string{"jobs.csv", "media"} {
		if err := os.RemoveAll(filepath.Join(dir, name)); err != nil {
			return fmt.Errorf("clear old inputs: %w", err)
		}
	}
	if err := os.CopyFS(dir, os.DirFS(from)); err != nil {
		return fmt.Errorf("copy inputs from %s: %w", from, err)
	}
	return nil
}
