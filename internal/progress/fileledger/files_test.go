package fileledger_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"postfleet/internal/jobs"
	"postfleet/internal/progress"
	"postfleet/internal/progress/filelock"
)

// TestModeIsKept: what an operator made readable stays so.
func TestModeIsKept(t *testing.T) {
	t.Parallel()
	dir, l := seeded(t, 2)
	l.SetJournalLimit(1)
	path := filepath.Join(dir, table)
	if err := os.Chmod(path, 0o664); err != nil {
		t.Fatal(err)
	}
	m := join(t, l, "0")
	for range 12 { // beginning the journal anew, too
		finish(t, m, claim(t, m), progress.Release())
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o664 {
			t.Fatalf("got %v, %v, want mode 0664", info.Mode(), err)
		}
	}
}

// TestRootGivesFilesAway: the orchestrator may be root while workers run as
// the data directory's owner.
func TestRootGivesFilesAway(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Skip("only root makes files for others")
	}
	const uid, gid = 4321, 4322
	dir := t.TempDir()
	if err := os.Chown(dir, uid, gid); err != nil {
		t.Fatal(err)
	}
	l := open(t, dir)
	l.SetJournalLimit(1)
	if _, err := l.Seed(t.Context(), []jobs.PostJob{{ID: 1, Account: "ann", Video: "v.mp4"}}, nil); err != nil {
		t.Fatal(err)
	}
	m := join(t, l, "0")
	for range 6 {
		finish(t, m, claim(t, m), progress.Release())
	}
	write(t, filepath.Join(dir, table), []byte("spoilt"))
	finish(t, m, claim(t, m), progress.Success())
	if _, err := l.Archive(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		if st, ok := info.Sys().(*syscall.Stat_t); !ok || st.Uid != uid || st.Gid != gid {
			t.Errorf("%s is not given to the directory's owner: %+v", path, info.Sys())
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

// TestLockWait: the wait for another process's lock ends with the context, and
// the lock file stays what it is.
func TestLockWait(t *testing.T) {
	t.Parallel()
	dir, l := seeded(t, 1)
	lock := filepath.Join(dir, "progress.csv.lock")
	held, err := filelock.Hold(lock)
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
