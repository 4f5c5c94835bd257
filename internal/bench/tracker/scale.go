package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"postfleet/internal/evidence"
)

const (
	// seedTries is how often seeding is measured; the medians count.
	seedTries = 3
	// programTimeout bounds one run of the orchestrator, well past the targets.
	programTimeout = time.Minute
)

// usage is what one run of the orchestrator took.
type usage struct {
	wall   time.Duration
	cpu    time.Duration // of all its threads
	memory int64         // bytes, at its peak
}

func (u usage) seconds() float64    { return u.wall.Seconds() }
func (u usage) cpuSeconds() float64 { return u.cpu.Seconds() }
func (u usage) megabytes() float64  { return float64(u.memory) / 1e6 }

// scale has the orchestrator seed a large jobs.csv and show its status, and
// holds both to their targets.
func scale(ctx context.Context, cfg config, report *evidence.Report) error {
	want := targets()
	var seeds, statuses []usage
	for i := range seedTries {
		if cfg.seedRows == 0 {
			break
		}
		fmt.Fprintf(cfg.stderr, "seeding %d rows, try %d of %d …\n", cfg.seedRows, i+1, seedTries)
		seed, status, err := seedOnce(ctx, cfg, filepath.Join(cfg.dir, "seed"))
		switch {
		case err != nil && ctx.Err() != nil:
			return err
		case err != nil:
			cannot(report, err.Error(), want.seedTime, want.seedMemory, want.statusTime)
			return nil
		}
		seeds, statuses = append(seeds, seed), append(statuses, status)
	}
	params := map[string]any{"rows": cfg.seedRows, "accounts": seedAccounts}
	measureUsage(report, "seeding", seeds, params)
	measureUsage(report, "status", statuses, params)
	if cfg.seedRows != targetSeedRows {
		cannot(report, fmt.Sprintf("%d rows were seeded", cfg.seedRows),
			want.seedTime, want.seedMemory, want.statusTime)
		return nil
	}
	report.Check(want.seedTime, median(values(seeds, usage.seconds)))
	report.Check(want.seedMemory, median(values(seeds, usage.megabytes)))
	report.Check(want.statusTime, median(values(statuses, usage.seconds)))
	return nil
}

func measureUsage(report *evidence.Report, name string, all []usage, params map[string]any) {
	if len(all) == 0 {
		return
	}
	report.Measure(name, median(values(all, usage.seconds)), "s", params)
	report.Measure(name+", processor time", median(values(all, usage.cpuSeconds)), "s", params)
	report.Measure(name+", peak memory", median(values(all, usage.megabytes)), "MB", params)
}

func cannot(report *evidence.Report, why string, targets ...evidence.Target) {
	for _, t := range targets {
		report.CannotCheck(t, why)
	}
}

// seedOnce seeds a new data directory and asks for its status.
func seedOnce(ctx context.Context, cfg config, dir string) (seed, status usage, err error) {
	if err := makeInputs(dir, cfg.seedRows); err != nil {
		return usage{}, usage{}, err
	}
	if _, seed, err = orchestrate(ctx, cfg.program, "seed", "--data-dir", dir); err != nil {
		return usage{}, usage{}, err
	}
	said, status, err := orchestrate(ctx, cfg.program, "status", "--json", "--data-dir", dir)
	if err != nil {
		return usage{}, usage{}, err
	}
	return seed, status, checkStatus(said, cfg.seedRows)
}

// checkStatus asks that what was seeded is what the status tells.
func checkStatus(said []byte, rows int) error {
	var status struct {
		Jobs struct {
			Total   int `json:"total"`
			Pending int `json:"pending"`
		} `json:"jobs"`
	}
	if err := json.Unmarshal(said, &status); err != nil {
		return fmt.Errorf("read the status: %w", err)
	}
	if status.Jobs.Total != rows || status.Jobs.Pending != rows {
		return fmt.Errorf("the status says that %d of %d jobs are pending: %d were seeded",
			status.Jobs.Pending, status.Jobs.Total, rows)
	}
	return nil
}

// orchestrate runs the orchestrator and returns what it said and what it took.
func orchestrate(ctx context.Context, program string, args ...string) ([]byte, usage, error) {
	ctx, cancel := context.WithTimeout(ctx, programTimeout)
	defer cancel()
	var out, complaint bytes.Buffer
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Stdout, cmd.Stderr = &out, &complaint
	begun := time.Now()
	err := cmd.Run()
	took := usage{wall: time.Since(begun)}
	if err != nil {
		return nil, usage{}, fmt.Errorf("run %s %s: %w: %s",
			filepath.Base(program), args[0], err, strings.TrimSpace(complaint.String()))
	}
	took.cpu = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	if took.memory, err = peakMemory(cmd.ProcessState); err != nil {
		return nil, usage{}, err
	}
	return out.Bytes(), took, nil
}
