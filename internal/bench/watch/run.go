package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"postfleet/internal/evidence"
	"postfleet/internal/testbed"
)

const megabyte = 1e6

// subject is an orchestrator that is measured.
type subject struct {
	engine  string
	measure func(ctx context.Context, cfg config, dir string) (idle, error)
	params  map[string]any
}

func subjects(cfg config, version string) []subject {
	appium := "a stand-in that answers"
	if cfg.appium {
		appium = "real, with an idle session"
	}
	return []subject{
		{"fake", measureFake, map[string]any{"engine": "in memory, in the same process"}},
		{"real", measureReal, map[string]any{
			"engine": "Docker " + version, "worker": "the real image with its health check and adb server",
			"appium": appium, "phones": "simulated, all in one container without health checks",
		}},
	}
}

// run measures, and writes the report.
func run(ctx context.Context, cfg config) error {
	version, err := testbed.Docker(ctx, "version", "--format", "{{.Server.Version}}")
	if err != nil {
		return err
	}
	report := evidence.New(0, version)
	for _, s := range subjects(cfg, version) {
		fmt.Fprintf(cfg.stderr, "%s engine, %d workers …\n", s.engine, cfg.workers)
		got, err := inFolder(ctx, cfg, s)
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		put(report, cfg, s, got, err)
	}
	return report.Conclude(cfg.stdout, cfg.report)
}

// inFolder gives the measurement a data directory for its time.
func inFolder(ctx context.Context, cfg config, s subject) (_ idle, err error) {
	if err := os.MkdirAll(cfg.dir, 0o755); err != nil {
		return idle{}, fmt.Errorf("make the working directory: %w", err)
	}
	dir, err := os.MkdirTemp(cfg.dir, "watch-")
	if err != nil {
		return idle{}, fmt.Errorf("make the working directory: %w", err)
	}
	if dir, err = filepath.Abs(dir); err != nil {
		return idle{}, fmt.Errorf("make the working directory: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	if err := makeData(ctx, dir, cfg.workers); err != nil {
		return idle{}, err
	}
	return s.measure(ctx, cfg, dir)
}

// put adds what was measured, or why nothing was.
func put(report *evidence.Report, cfg config, s subject, got idle, err error) {
	want := targets().on(s.engine)
	why := ""
	switch {
	case err != nil:
		why = err.Error()
	case cfg.workers != targetWorkers:
		why = fmt.Sprintf("it was measured with %d workers", cfg.workers)
	}
	if err == nil {
		s.params["workers"], s.params["span_s"] = cfg.workers, got.span.Seconds()
		report.Measure("resident memory, most of one look a second", float64(got.rss)/megabyte, "MB", s.params)
		report.Measure("resident memory, most since the start", float64(got.peak)/megabyte, "MB", s.params)
		report.Measure("processor", got.share(), "% of a core", s.params)
	}
	if why != "" {
		report.CannotCheck(want.memory, why)
		report.CannotCheck(want.processor, why)
		return
	}
	report.Check(want.memory, float64(got.rss)/megabyte)
	report.Check(want.processor, got.share())
}

// rest waits, but not longer than ctx.
func rest(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-timer.C:
		return nil
	}
}
