package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"postfleet/internal/jobs"
	"postfleet/internal/progress"
	"postfleet/internal/progress/fileledger"
)

const (
	video = "reel.mp4"
	// parked is how far in the future the rows' not_before lies.
	parked = 24 * time.Hour
	// seeder is the worker id under which the rows are put off.
	seeder = "9999"
)

// makeData makes a data directory with one job for each worker, none of which
// can be claimed before tomorrow.
func makeData(ctx context.Context, dir string, workers int) error {
	media := filepath.Join(dir, "media")
	if err := os.MkdirAll(media, 0o755); err != nil {
		return fmt.Errorf("make the data directory: %w", err)
	}
	err := os.WriteFile(filepath.Join(media, video), []byte("a video"), 0o644) //nolint:gosec // workers read it
	if err != nil {
		return fmt.Errorf("make a video: %w", err)
	}
	var csv strings.Builder
	csv.WriteString("account_name,video_path,caption\n")
	for i := range workers {
		fmt.Fprintf(&csv, "acct_%d,%s,Caption %d\n", i, video, i)
	}
	path := filepath.Join(dir, "jobs.csv")
	if err := os.WriteFile(path, []byte(csv.String()), 0o600); err != nil {
		return fmt.Errorf("make the jobs: %w", err)
	}
	in, err := jobs.Read(path, media)
	if err != nil {
		return err
	}
	ledger, err := openLedger(dir)
	if err != nil {
		return err
	}
	_, err = ledger.Seed(ctx, in.Jobs, nil)
	if err == nil {
		err = putOff(ctx, ledger)
	}
	return errors.Join(err, ledger.Close())
}

// openLedger is told to trust the file system: what is measured is not the disk.
func openLedger(dir string) (*fileledger.Ledger, error) {
	return fileledger.Open(dir, fileledger.Options{TrustFileSystem: true})
}

// putOff has every row wait for its not_before.
func putOff(ctx context.Context, ledger progress.Ledger) error {
	m, err := ledger.Join(ctx, seeder)
	if err != nil {
		return fmt.Errorf("put the jobs off: %w", err)
	}
	for {
		c, err := m.Claim(ctx, progress.Terms{})
		if errors.Is(err, progress.ErrNothingNow) {
			return m.Leave()
		}
		if err == nil {
			err = m.Finish(ctx, c, progress.Retry("it waits", time.Now().Add(parked)))
		}
		if err != nil {
			return errors.Join(fmt.Errorf("put the jobs off: %w", err), m.Leave())
		}
	}
}

// versionOf is the ledger's in a data directory.
func versionOf(ctx context.Context, dir string) (fileledger.Version, error) {
	ledger, err := openLedger(dir)
	if err != nil {
		return fileledger.Version{}, err
	}
	v, err := ledger.Version(ctx)
	return v, errors.Join(err, ledger.Close())
}
