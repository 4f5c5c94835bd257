package fileledger_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"postfleet/internal/progress"
	"postfleet/internal/progress/disk/crashdisk"
	"postfleet/internal/progress/fileledger"
	csv "postfleet/internal/progress/table"
)

// isShown reports how progress.csv differs from the rows; "" is not at all.
func isShown(t *testing.T, d *crashdisk.Dir, rows []progress.Row) string {
	t.Helper()
	data, _ := contents(t, d, table)
	shown, err := csv.Decode(string(data))
	if err != nil {
		t.Fatal(err)
	}
	for i := range rows {
		rows[i].Deaths = 0 // no column
	}
	return cmp.Diff(rows, shown)
}

// TestSmallTableIsExact: progress.csv shows what a call has changed when the
// call returns.
func TestSmallTableIsExact(t *testing.T) {
	t.Parallel()
	p := newProcess(t)
	for _, s := range steps() {
		if err := s.call(p); err != nil {
			t.Fatalf("%s: %v", s.name, err)
		}
		if diff := isShown(t, p.disk, snapshot(t, p.ledger)); diff != "" {
			t.Errorf("%s: progress.csv is behind (-want +got):\n%s", s.name, diff)
		}
	}
}

// TestLargeTable is published once in a second, and when nothing happens.
func TestLargeTable(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := crashdisk.New()
		l := fileledger.OpenOn(t.TempDir(), d, fileledger.Options{})
		if _, err := l.Seed(t.Context(), someJobs(1200), nil); err != nil {
			t.Fatal(err)
		}
		var mu sync.Mutex
		var at []time.Time
		d.Before(func(op crashdisk.Op) error {
			mu.Lock()
			defer mu.Unlock()
			if op.Kind == crashdisk.Replace && op.Name == table {
				at = append(at, time.Now())
			}
			return nil
		})
		m := join(t, l, "0")
		for range 40 {
			finish(t, m, claim(t, m), progress.Release())
			<-time.After(100 * time.Millisecond)
		}
		if len(at) < 3 || len(at) > 5 {
			t.Errorf("got %d publications in 4 seconds", len(at))
		}
		for i := range at {
			if i > 0 && at[i].Sub(at[i-1]) < time.Second {
				t.Errorf("published again after %v", at[i].Sub(at[i-1]))
			}
		}
		claim(t, m)
		if isShown(t, d, snapshot(t, l)) == "" {
			t.Error("progress.csv is not behind: the test proves nothing")
		}
		<-time.After(1100 * time.Millisecond)
		if diff := isShown(t, d, snapshot(t, l)); diff != "" {
			t.Errorf("when idle progress.csv is behind (-want +got):\n%s", diff)
		}
		claim(t, m)
		rows := snapshot(t, l)
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
		if diff := isShown(t, d, rows); diff != "" {
			t.Errorf("when closed progress.csv is behind (-want +got):\n%s", diff)
		}
	})
}

// TestTwoProcesses that change a small table at once leave each publication to
// the other for an instant only.
func TestTwoProcesses(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := newProcess(t)
		defer func() { _ = p.ledger.Close() }()
		if err := steps()[0].call(p); err != nil {
			t.Fatal(err)
		}
		other := p.another()
		defer func() { _ = other.Close() }()
		m, n := join(t, p.ledger, "0"), join(t, other, "1")
		for range 30 {
			c, d := claim(t, m), claim(t, n)
			finish(t, m, c, progress.Release())
			finish(t, n, d, progress.Release())
			<-time.After(11 * time.Millisecond)
			if diff := isShown(t, p.disk, snapshot(t, p.ledger)); diff != "" {
				t.Fatalf("progress.csv is behind (-want +got):\n%s", diff)
			}
		}
	})
}

// TestAnnouncedAndNeverMade: a process that lives makes the publication that
// one which died had announced, even if all it does is look.
func TestAnnouncedAndNeverMade(t *testing.T) {
	t.Parallel()
	for _, rows := range []int{5, 1200} {
		synctest.Test(t, func(t *testing.T) {
			locks, d := t.TempDir(), crashdisk.New()
			dying := fileledger.OpenOn(locks, d, fileledger.Options{})
			if _, err := dying.Seed(t.Context(), someJobs(rows), nil); err != nil {
				t.Fatal(err)
			}
			m := join(t, dying, "0")
			l := fileledger.OpenOn(locks, d, fileledger.Options{})
			defer func() { _ = l.Close() }()
			d.Before(func(op crashdisk.Op) error {
				if op.Kind == crashdisk.Replace {
					return syscall.ENOSPC
				}
				return nil
			})
			claim(t, m)
			if err := dying.Close(); !errors.Is(err, syscall.ENOSPC) {
				t.Fatalf("close: got %v, want a publication that failed", err)
			}
			d.Before(nil)
			want := snapshot(t, l)
			if isShown(t, d, want) == "" {
				t.Fatal("progress.csv is not behind: the test proves nothing")
			}
			<-time.After(2 * time.Second)
			if diff := isShown(t, d, want); diff != "" {
				t.Errorf("%d rows: progress.csv is behind (-want +got):\n%s", rows, diff)
			}
		})
	}
}

// TestNeverBack: whoever reads progress.csv while processes publish sees no row
// as it was before, and always all of them.
func TestNeverBack(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first := open(t, dir)
	if _, err := first.Seed(t.Context(), someJobs(30), nil); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	var readers, workers sync.WaitGroup
	readers.Go(func() { neverBack(ctx, t, filepath.Join(dir, table), 30) })
	for _, id := range []string{"0", "1", "2"} {
		workers.Go(func() {
			l := open(t, dir)
			l.SetJournalLimit(2000)
			m, err := l.Join(ctx, id)
			for i := 0; i < 60 && err == nil; i++ {
				var c progress.Claim
				if c, err = m.Claim(ctx, progress.Terms{}); err == nil {
					err = m.Finish(ctx, c, progress.Release())
				}
			}
			if err := errors.Join(err, l.Close()); err != nil {
				t.Error(err)
			}
		})
	}
	workers.Wait()
	stop()
	readers.Wait()
	sameAsTable(t, dir)
}

// neverBack reads the file until ctx ends.
func neverBack(ctx context.Context, t *testing.T, path string, rows int) {
	t.Helper()
	last := make([]time.Time, rows)
	for ctx.Err() == nil {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Error(err)
			return
		}
		got, err := csv.Decode(string(data))
		if err != nil || len(got) != rows {
			t.Errorf("got %d rows, %v", len(got), err)
			return
		}
		for i, r := range got {
			if r.Time.Before(last[i]) {
				t.Errorf("row %d went back from %v to %v", r.ID, last[i], r.Time)
			}
			last[i] = r.Time
		}
	}
}
