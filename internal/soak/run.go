package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"postfleet/internal/evidence"
	"postfleet/internal/testbed"
)

const (
	seed = 1 // of the jobs; no other thing is drawn
	// drainTimeout is longer than the orchestrator's grace.
	drainTimeout = 6 * time.Minute
)

// run makes the engine and the fleet, watches it, and writes the report.
func run(ctx context.Context, cfg config) (err error) {
	if err := os.RemoveAll(cfg.dir); err != nil {
		return fmt.Errorf("clear the last run: %w", err)
	}
	engine := &testbed.Engine{Dir: filepath.Join(cfg.dir, "engine")}
	if err := engine.Start(ctx); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, engine.End(ctx, syscall.SIGTERM), engine.Remove()) }()
	if err := engine.Load(ctx, cfg.host, cfg.image); err != nil {
		return err
	}
	version, err := engine.Docker(ctx, "version", "--format", "{{.Server.Version}}")
	if err != nil {
		return err
	}
	report := evidence.New(seed, version)
	fleet := &testbed.Fleet{
		Name: "soak", Dir: filepath.Join(cfg.dir, "data"), Program: cfg.program, Workers: cfg.workers, Engine: engine,
	}
	if cfg.recycle > 0 {
		fleet.Env = append(fleet.Env, "POSTFLEET_APPIUM_RECYCLE_JOBS="+strconv.Itoa(cfg.recycle))
	}
	if err := fleet.WriteJobs(seed, cfg.jobs(), cfg.accounts()); err != nil {
		return err
	}
	fmt.Fprintf(cfg.stdout, "soak: %d workers, %s, up to %d jobs\n", cfg.workers, cfg.duration, cfg.jobs())
	if err := soak(ctx, cfg, fleet, report); err != nil {
		return err
	}
	return report.Conclude(cfg.stdout, filepath.Join(cfg.dir, "report.json"))
}

// soak lets the fleet work for its time, drains it, and reports on it.
func soak(ctx context.Context, cfg config, fleet *testbed.Fleet, report *evidence.Report) error {
	launch, err := fleet.Launch(context.WithoutCancel(ctx))
	if err != nil {
		return err
	}
	w := newWatcher(fleet, launch.PID())
	err = errors.Join(w.watch(ctx, cfg, launch.Done()), drain(launch))
	if err != nil {
		return fmt.Errorf("%w: see %s-launch.log", err, fleet.Dir)
	}
	if err := w.save(filepath.Join(cfg.dir, "samples.csv")); err != nil {
		return err
	}
	done, err := checkJobs(ctx, cfg, fleet, launch.ExitCode(), report)
	if err != nil {
		return err
	}
	checkGrowth(report, w, done)
	checkFiles(report, fleet.Dir, w, done)
	return measureDisk(report, fleet.Dir, done)
}

// drain ends the fleet as a person would. It does not wait for one that does
// not end.
func drain(launch *testbed.Launch) error {
	_ = launch.Drain() // one that has ended says so by its exit code
	timer := time.NewTimer(drainTimeout)
	defer timer.Stop()
	select {
	case <-launch.Done():
		return nil
	case <-timer.C:
		launch.Kill()
		return fmt.Errorf("the orchestrator did not drain within %s", drainTimeout)
	}
}
