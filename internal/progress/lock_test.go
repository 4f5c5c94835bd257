package progress_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"postfleet/internal/progress"
)

// TestLockWait: the wait for another process's lock ends with the context.
func TestLockWait(t *testing.T) {
	t.Parallel()
	dir, l := seeded(t, 1)
	lock := filepath.Join(dir, "progress.csv.lock")
	held, err := progress.Hold(lock)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, err := l.Snapshot(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v, want a deadline", err)
	}
	if err := held.Release(); err != nil {
		t.Fatal(err)
	}
	snapshot(t, l)
	before, _ := os.Stat(lock)
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if after, err := os.Stat(lock); err != nil || !os.SameFile(before, after) {
		t.Errorf("the lock file was replaced or removed: %v", err)
	}
}

func TestHold(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "orchestrator.lock")
	first, err := progress.Hold(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := progress.Hold(path); !errors.Is(err, progress.ErrBusy) {
		t.Errorf("got %v, want ErrBusy", err)
	}
	for range 2 {
		if err := first.Release(); err != nil {
			t.Fatal(err)
		}
	}
	second, err := progress.Hold(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := second.Release(); err != nil {
		t.Fatal(err)
	}
}
