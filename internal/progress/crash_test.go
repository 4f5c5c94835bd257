package progress_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"postfleet/internal/fault"
	"postfleet/internal/jobs"
	"postfleet/internal/progress"
)

func open(t *testing.T, dir string) *progress.CSV {
	t.Helper()
	l, err := progress.Open(dir, progress.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return l
}

func someJobs(n int) []jobs.PostJob {
	all := make([]jobs.PostJob, n)
	for i := range all {
		account := string(rune('a'+i%26)) + strings.Repeat("x", i/26)
		all[i] = jobs.PostJob{ID: i + 1, Account: account, Video: "v.mp4", Caption: "line\r\nline"}
	}
	return all
}

func seeded(t *testing.T, n int) (string, *progress.CSV) {
	t.Helper()
	dir := t.TempDir()
	l := open(t, dir)
	if _, err := l.Seed(t.Context(), someJobs(n), nil); err != nil {
		t.Fatal(err)
	}
	return dir, l
}

func snapshot(t *testing.T, l progress.Ledger) []progress.Row {
	t.Helper()
	rows, err := l.Snapshot(t.Context())
	if err != nil {
		t.Fatalf("snapshot: %v", err)
	}
	return rows
}

// atOperation calls fn at the n-th file operation, after half of its data was
// written.
func atOperation(n int, fn func(op string) error) func(string, *os.File, []byte) error {
	return func(op string, f *os.File, data []byte) error {
		if n--; n != 0 {
			return nil
		}
		if f != nil && len(data) > 0 {
			_, _ = f.Seek(0, 2)
			_, _ = f.Write(data[:len(data)/2])
		}
		return fn(op)
	}
}

type crash struct{}

// crashing runs one change with a crash at operation n and reports whether
// there was one: false is a change of fewer operations.
func crashing(l *progress.CSV, n int, change func() error) (crashed bool, err error) {
	l.SetFault(atOperation(n, func(string) error { panic(crash{}) }))
	defer l.SetFault(nil)
	defer func() {
		if v := recover(); v != nil {
			if _, ok := v.(crash); !ok {
				panic(v)
			}
			crashed = true
		}
	}()
	return false, change()
}

// TestCrashAtEveryOperation: after a crash anywhere in a change, the ledger is
// what it was or what it was to be, and goes on working. The crash comes twice
// in a row, because the second meets what the first left behind.
func TestCrashAtEveryOperation(t *testing.T) {
	t.Parallel()
	for name, journalMax := range map[string]int64{"journal grows": 1 << 20, "journal begins anew": 1} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for n := 1; ; n++ {
				if crashTwice(t, n, journalMax) {
					continue
				}
				if n < 6 {
					t.Errorf("a change has only %d operations: the seam is gone", n-1)
				}
				return
			}
		})
	}
}

func crashTwice(t *testing.T, n int, journalMax int64) bool {
	t.Helper()
	dir, first := seeded(t, 3)
	if _, err := first.Join(t.Context(), "first"); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		l := open(t, dir)
		l.SetJournalMax(journalMax)
		before := snapshot(t, l)
		m, err := l.Join(t.Context(), "0")
		if err != nil {
			t.Fatalf("operation %d: join: %v", n, err)
		}
		crashed, err := crashing(l, n, func() error {
			_, err := m.Claim(t.Context(), progress.Terms{})
			return err
		})
		if err != nil {
			t.Fatalf("operation %d: %v", n, err)
		}
		if !crashed {
			return false
		}
		_ = m.Leave() // the kernel's part
		after := snapshot(t, open(t, dir))
		if len(after) != len(before) {
			t.Fatalf("operation %d: %d rows became %d", n, len(before), len(after))
		}
	}
	finishAll(t, dir, n)
	return true
}

func finishAll(t *testing.T, dir string, n int) {
	t.Helper()
	l := open(t, dir)
	m, err := l.Join(t.Context(), "0")
	if err != nil {
		t.Fatalf("operation %d: join afterwards: %v", n, err)
	}
	for id := 1; id <= 3; id++ {
		c, err := m.Claim(t.Context(), progress.Terms{})
		if err != nil || c.Job.ID != id {
			t.Fatalf("operation %d: got job %d, %v, want %d", n, c.Job.ID, err, id)
		}
		if err := m.Finish(t.Context(), c, progress.Success()); err != nil {
			t.Fatalf("operation %d: finish: %v", n, err)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(dir, ".progress.csv.tmp-*")); len(left) > 0 {
		t.Errorf("operation %d: %v was not swept", n, left)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "progress.csv.damaged-*")); len(left) > 0 {
		t.Errorf("operation %d: a crash was taken for damage: %v", n, left)
	}
}

// TestCrashInFirstSeed: a ledger that was never finished is made again.
func TestCrashInFirstSeed(t *testing.T) {
	t.Parallel()
	for n := 1; ; n++ {
		dir := t.TempDir()
		l := open(t, dir)
		crashed, err := crashing(l, n, func() error {
			_, err := l.Seed(t.Context(), someJobs(3), nil)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if !crashed {
			break
		}
		got, err := open(t, dir).Seed(t.Context(), someJobs(3), nil)
		if err != nil || got.Total != 3 {
			t.Fatalf("operation %d: got %+v, %v", n, got, err)
		}
		finishAll(t, dir, n)
	}
}

// TestErrorAtEveryOperation: an error leaves the old state, and a full disk
// passes; a failed flush does not.
func TestErrorAtEveryOperation(t *testing.T) {
	t.Parallel()
	full := &os.PathError{Op: "write", Path: "x", Err: syscall.ENOSPC}
	for n := 1; ; n++ {
		_, l := seeded(t, 3)
		m, err := l.Join(t.Context(), "0")
		if err != nil {
			t.Fatal(err)
		}
		before := snapshot(t, l)
		failed := ""
		l.SetFault(atOperation(n, func(op string) error {
			failed = op
			return full
		}))
		_, err = m.Claim(t.Context(), progress.Terms{})
		l.SetFault(nil)
		if failed == "" {
			if err != nil || n < 6 {
				t.Errorf("got %v at operation %d", err, n)
			}
			return
		}
		if !errors.Is(err, syscall.ENOSPC) || !fault.Is(err, fault.Infra) {
			t.Fatalf("%s: got %v (class %v), want ENOSPC, class infra", failed, err, fault.Of(err))
		}
		if failed == "flush data directory" {
			continue // the rename took place
		}
		if diff := cmp.Diff(before, snapshot(t, l)); diff != "" {
			t.Fatalf("%s: the ledger changed:\n%s", failed, diff)
		}
		if c, err := m.Claim(t.Context(), progress.Terms{}); err != nil || c.Job.ID != 1 {
			t.Fatalf("%s: afterwards got job %d, %v", failed, c.Job.ID, err)
		}
	}
}

// TestFailedFlushIsFinal: what the kernel dropped once it does not report twice.
func TestFailedFlushIsFinal(t *testing.T) {
	t.Parallel()
	dir, l := seeded(t, 3)
	m, err := l.Join(t.Context(), "0")
	if err != nil {
		t.Fatal(err)
	}
	l.SetFault(func(op string, _ *os.File, _ []byte) error {
		if strings.HasPrefix(op, "flush new") {
			return progress.ErrFlush
		}
		return nil
	})
	_, err = m.Claim(t.Context(), progress.Terms{})
	l.SetFault(nil)
	if !fault.Is(err, fault.Ledger) {
		t.Fatalf("got %v, want class ledger", err)
	}
	if _, err := m.Claim(t.Context(), progress.Terms{}); !fault.Is(err, fault.Ledger) {
		t.Errorf("afterwards got %v, want class ledger", err)
	}
	if rows := snapshot(t, open(t, dir)); rows[0].Status != progress.StatusPending {
		t.Errorf("got %v, want the claim never reported never made", rows[0])
	}
}
