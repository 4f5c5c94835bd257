package fileledger_test

import (
	"bytes"
	"errors"
	"io"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"postfleet/internal/jobs"
	"postfleet/internal/progress"
	"postfleet/internal/progress/disk/crashdisk"
	"postfleet/internal/progress/fileledger"
	"postfleet/internal/progress/filelock"
)

// worker is a process of the ledger, as a cut sees it.
type worker struct {
	*cut

	ledger *fileledger.Ledger
	member progress.Member
}

// did has what a call made of the rows judged.
func (w *worker) did(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
	rows, err := w.ledger.Snapshot(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	w.settle(rows)
}

func (w *worker) seed(all []jobs.PostJob, skip map[int]string) {
	w.t.Helper()
	w.mu.Lock()
	w.all = all
	w.mu.Unlock()
	got, err := w.ledger.Seed(w.t.Context(), all, skip)
	if err == nil && got.Total != len(all) {
		w.t.Errorf("seeded %d rows, want %d", got.Total, len(all))
	}
	w.did(err)
	w.mu.Lock()
	w.acked = all
	w.mu.Unlock()
}

func (w *worker) join(id string) {
	w.t.Helper()
	m, err := w.ledger.Join(w.t.Context(), id)
	w.member = m
	w.did(err)
}

// claim reports whether there was something to claim.
func (w *worker) claim() (progress.Claim, bool) {
	w.t.Helper()
	c, err := w.member.Claim(w.t.Context(), progress.Terms{})
	if errors.Is(err, progress.ErrNothingNow) || errors.Is(err, progress.ErrNothingLeft) {
		return c, false
	}
	w.did(err)
	return c, true
}

func (w *worker) phase(c progress.Claim, p progress.Phase) {
	w.t.Helper()
	if c.Phase != progress.PhasePosted {
		w.did(w.member.SetPhase(w.t.Context(), c, p))
	}
}

func (w *worker) finish(c progress.Claim, o progress.Outcome) {
	w.t.Helper()
	w.did(w.member.Finish(w.t.Context(), c, o))
}

func (w *worker) rescue() {
	w.t.Helper()
	_, err := w.ledger.Rescue(w.t.Context())
	w.did(err)
}

func (w *worker) requeue(checked bool, ids ...int) {
	w.t.Helper()
	w.did(w.ledger.Requeue(w.t.Context(), ids, checked))
}

func (w *worker) skip(ids ...int) {
	w.t.Helper()
	w.did(w.ledger.Skip(w.t.Context(), ids, "not wanted", false))
}

func (w *worker) archive() {
	w.t.Helper()
	w.mu.Lock()
	w.acked = nil
	w.mu.Unlock()
	_, err := w.ledger.Archive(w.t.Context())
	w.did(err)
	w.mu.Lock()
	w.history, w.all = nil, nil
	w.mu.Unlock()
}

func (w *worker) leave() {
	w.t.Helper()
	if err := w.member.Leave(); err != nil {
		w.t.Fatal(err)
	}
}

func (w *worker) close() {
	w.t.Helper()
	if err := w.ledger.Close(); err != nil {
		w.t.Fatal(err)
	}
}

// amidst has do called once, before an operation of that kind.
func (c *cut) amidst(kind crashdisk.Kind, do func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.during = func(op crashdisk.Op) func() {
		if op.Kind == kind {
			return do
		}
		return nil
	}
}

// edit saves progress.csv as a careful editor does.
func (c *cut) edit(old, replacement string) {
	c.t.Helper()
	release, err := filelock.New(filepath.Join(c.here, table+".publock")).Acquire(c.t.Context())
	if err != nil {
		c.t.Fatal(err)
	}
	defer release() // an edit in the instant of a publication is lost
	c.disk.Before(nil)
	defer c.begin()
	was, _ := contents(c.t, c.disk, table)
	data := bytes.Replace(was, []byte(old), []byte(replacement), 1)
	if bytes.Equal(was, data) {
		c.t.Fatalf("nothing to edit: no %s in %s", old, was)
	}
	f, err := c.disk.Create("~progress.csv")
	if err == nil {
		_, err = f.WriteAt(data, 0)
	}
	if err := errors.Join(err, f.Sync(), c.disk.Replace("~progress.csv", table), c.disk.Sync(), f.Close()); err != nil {
		c.t.Fatal(err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if n := len(c.edits); n > 0 && bytes.Equal(c.edits[n-1], was) {
		c.edits = c.edits[:n-1] // which was not published since
	}
	c.edits = append(c.edits, data)
}

// clock is a second later each time.
type clock struct{ seconds atomic.Int64 }

func (c *clock) now() time.Time {
	return time.Date(2026, 7, 1, 8, 0, 0, 0, time.UTC).Add(time.Duration(c.seconds.Add(1)) * time.Second)
}

// contents returns what a file holds.
func contents(tb testing.TB, d *crashdisk.Dir, name string) ([]byte, bool) {
	tb.Helper()
	f, err := d.Open(name)
	if err != nil {
		return nil, false
	}
	defer func() { _ = f.Close() }()
	size, err := f.Size()
	if err != nil {
		tb.Fatal(err)
	}
	data, err := io.ReadAll(io.NewSectionReader(f, 0, size))
	if err != nil {
		tb.Fatal(err)
	}
	return data, true
}
