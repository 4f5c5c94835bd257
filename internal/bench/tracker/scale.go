package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"postfleet/internal/evidence"
)

const (
	// seedTries is how often seeding is measured; the medians count.
	seedTries = 3
	// seedAccounts and seedVideos are how many the seeded jobs have in all.
	seedAccounts, seedVideos = 200, 5
	// programTimeout bounds one run of the orchestrator, well past the targets.
	programTimeout = time.Minute
)

// try is one seeding and one status.
type try struct {
	seed, status             time.Duration
	seedMemory, statusMemory int64
}

// scale has the orchestrator seed a large jobs.csv and show its status, and
// holds both to their targets.
func scale(ctx context.Context, cfg config, report *evidence.Report) error {
	want := targets()
	if cfg.seedRows == 0 {
		cannot(report, "no rows were to be seeded", want.seedTime, want.seedMemory, want.seedStatusTime)
		return nil
	}
	var tries []try
	for i := range seedTries {
		fmt.Fprintf(cfg.stderr, "seeding %d rows, try %d of %d …\n", cfg.seedRows, i+1, seedTries)
		t, err := seedOnce(ctx, cfg, filepath.Join(cfg.dir, "seed"))
		if err != nil && ctx.Err() == nil {
			cannot(report, err.Error(), want.seedTime, want.seedMemory, want.seedStatusTime)
			return nil
		}
		if err != nil {
			return err
		}
		tries = append(tries, t)
	}
	middle := func(value func(try) float64) float64 {
		var values []float64
		for _, t := range tries {
			values = append(values, value(t))
		}
		return median(values)
	}
	seedTime := middle(func(t try) float64 { return t.seed.Seconds() })
	seedMemory := middle(func(t try) float64 { return megabytes(t.seedMemory) })
	statusTime := middle(func(t try) float64 { return t.status.Seconds() })
	params := map[string]any{"rows": cfg.seedRows, "accounts": seedAccounts}
	report.Measure("seeding", seedTime, "s", params)
	report.Measure("seeding, peak memory", seedMemory, "MB", params)
	report.Measure("status", statusTime, "s", params)
	statusMemory := middle(func(t try) float64 { return megabytes(t.statusMemory) })
	report.Measure("status, peak memory", statusMemory, "MB", params)
	if cfg.seedRows != targetSeedRows {
		cannot(report, fmt.Sprintf("%d rows were seeded", cfg.seedRows),
			want.seedTime, want.seedMemory, want.seedStatusTime)
		return nil
	}
	report.Check(want.seedTime, seedTime)
	report.Check(want.seedMemory, seedMemory)
	report.Check(want.seedStatusTime, statusTime)
	return nil
}

func cannot(report *evidence.Report, why string, targets ...evidence.Target) {
	for _, t := range targets {
		report.CannotCheck(t, why)
	}
}

// seedOnce seeds a new data directory.
func seedOnce(ctx context.Context, cfg config, dir string) (try, error) {
	if err := os.RemoveAll(dir); err != nil {
		return try{}, fmt.Errorf("clear the data directory: %w", err)
	}
	if err := makeInputs(dir, cfg.seedRows); err != nil {
		return try{}, err
	}
	var t try
	var err error
	if _, t.seed, t.seedMemory, err = orchestrate(ctx, cfg, "seed", "--data-dir", dir); err != nil {
		return try{}, err
	}
	out, took, memory, err := orchestrate(ctx, cfg, "status", "--json", "--data-dir", dir)
	if err != nil {
		return try{}, err
	}
	t.status, t.statusMemory = took, memory
	var status struct {
		Jobs struct {
			Total   int `json:"total"`
			Pending int `json:"pending"`
		} `json:"jobs"`
	}
	if err := json.Unmarshal(out, &status); err != nil {
		return try{}, fmt.Errorf("read the status: %w", err)
	}
	if status.Jobs.Total != cfg.seedRows || status.Jobs.Pending != cfg.seedRows {
		return try{}, fmt.Errorf("the status says that %d of %d jobs are pending: %d were seeded",
			status.Jobs.Pending, status.Jobs.Total, cfg.seedRows)
	}
	return t, nil
}

// orchestrate runs the orchestrator and returns what it said, how long it took
// and the most memory it held.
func orchestrate(ctx context.Context, cfg config, args ...string) ([]byte, time.Duration, int64, error) {
	ctx, cancel := context.WithTimeout(ctx, programTimeout)
	defer cancel()
	var out, complaint bytes.Buffer
	cmd := exec.CommandContext(ctx, cfg.program, args...)
	cmd.Stdout, cmd.Stderr = &out, &complaint
	begun := time.Now()
	err := cmd.Run()
	took := time.Since(begun)
	if err != nil {
		return nil, 0, 0, fmt.Errorf("%s %s: %w: %s",
			cfg.program, args[0], err, strings.TrimSpace(complaint.String()))
	}
	memory, err := peakMemory(cmd.ProcessState)
	return out.Bytes(), took, memory, err
}

// makeInputs makes jobs.csv, about 90 bytes a row, and the videos.
func makeInputs(dir string, rows int) error {
	media := filepath.Join(dir, "media", "reels")
	if err := os.MkdirAll(media, 0o755); err != nil {
		return fmt.Errorf("make inputs: %w", err)
	}
	for i := range seedVideos {
		name := filepath.Join(media, fmt.Sprintf("video-%03d.mp4", i))
		if err := os.WriteFile(name, []byte("a video\n"), 0o644); err != nil {
			return fmt.Errorf("make inputs: %w", err)
		}
	}
	f, err := os.Create(filepath.Join(dir, "jobs.csv"))
	if err != nil {
		return fmt.Errorf("make inputs: %w", err)
	}
	err = writeJobs(f, rows)
	// Flushed, so that the disk does not write it while seeding is measured.
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("make inputs: %w", err)
	}
	return nil
}

func writeJobs(out io.Writer, rows int) error {
	buffered := bufio.NewWriter(out)
	w := csv.NewWriter(buffered)
	if err := w.Write([]string{"account_name", "video_path", "caption"}); err != nil {
		return err
	}
	for i := range rows {
		err := w.Write([]string{
			fmt.Sprintf("account_%03d", i%seedAccounts),
			fmt.Sprintf("reels/video-%03d.mp4", i%seedVideos),
			fmt.Sprintf("Caption of post %07d, with a #hashtag and more", i+1),
		})
		if err != nil {
			return err
		}
	}
	w.Flush()
	return errors.Join(w.Error(), buffered.Flush())
}

func megabytes(bytes int64) float64 { return float64(bytes) / 1e6 }
