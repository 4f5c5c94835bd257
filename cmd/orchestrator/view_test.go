package main

import (
	"context"
	"strings"
	"testing"

	"postfleet/internal/progress"
	"postfleet/internal/progress/fileledger"
	"postfleet/orchestrator"
)

// Lines stand whole above the bar, which is drawn again below them.
func TestScreen(t *testing.T) {
	t.Parallel()
	var out buffer
	s := newScreen(&out, 4)
	s.set(orchestrator.Counts{Total: 4, Pending: 2, Claimed: 1, Success: 1})
	if _, err := s.Write([]byte("a line\n")); err != nil {
		t.Fatal(err)
	}
	s.set(orchestrator.Counts{Total: 4, Claimed: 2, Success: 1, Fail: 1})
	s.end()
	got := out.String()
	for _, want := range []string{"1 running, 0 failed", "a line\n", "2 running, 1 failed", "2/4"} {
		i := strings.Index(got, want)
		if i < 0 {
			t.Fatalf("got %q, want it to hold %q after what came before", out.String(), want)
		}
		got = got[i:]
	}
	if !strings.HasSuffix(got, "\r") && !strings.HasSuffix(got, "\x1b[2K\r") {
		t.Errorf("got %q at the end, want the bar cleared", got)
	}
}

// The rows are read when they have changed, and not each time somebody asks.
func TestCounterReadsWhatChanged(t *testing.T) {
	t.Parallel()
	w := newWorld(t, twoJobs)
	w.must("seed")
	ledger, err := openFileLedger(w.path("data"), fileledger.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer ledger.Close() //nolint:errcheck // the test's own
	reads := &countedReads{keptLedger: ledger}
	c := counter{ledger: reads}
	expect := func(wantChanged bool, wantReads int, want orchestrator.Counts) {
		t.Helper()
		changed, err := c.count(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if changed != wantChanged || reads.n != wantReads || c.counts != want {
			t.Errorf("got changed %t, %d reads, %+v, want %t, %d, %+v",
				changed, reads.n, c.counts, wantChanged, wantReads, want)
		}
	}
	pending := orchestrator.Counts{Total: 2, Pending: 2}
	expect(true, 1, pending)
	expect(false, 1, pending)
	if err := ledger.Skip(t.Context(), []int{1}, "not wanted", false); err != nil {
		t.Fatal(err)
	}
	skipped := orchestrator.Counts{Total: 2, Pending: 1, Skip: 1}
	expect(true, 2, skipped)
	expect(false, 2, skipped)
}

// countedReads counts how often the rows are read.
type countedReads struct {
	keptLedger
	n int
}

func (c *countedReads) Snapshot(ctx context.Context) ([]progress.Row, error) {
	c.n++
	return c.keptLedger.Snapshot(ctx)
}
