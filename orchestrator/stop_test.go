package orchestrator_test

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"postfleet/internal/logging"
	"postfleet/internal/progress/filelock"
	"postfleet/orchestrator"
	"postfleet/workerimage"
)

func (f *fleet) stop(ctx context.Context, now bool) {
	f.t.Helper()
	cfg := orchestrator.StopConfig{
		Fleet: "f", Network: "net", DataDir: f.opts.DataDir, Grace: 3 * jobTime, Now: now,
	}
	if err := orchestrator.Stop(ctx, cfg, f.engine, f.ledger, logging.Discard()); err != nil {
		f.t.Fatal(err)
	}
	f.nothingLeft()
}

func TestStopDrainsAFleetWithoutOrchestrator(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFleet(t, 2, newLedger(numbered(5)...))
		for _, s := range f.plan.Slots {
			f.place(s.Worker)
		}
		after(jobTime / 2)
		f.stop(t.Context(), false)
		want := orchestrator.Counts{Total: 5, Success: 2, Pending: 3}
		if got := orchestrator.Count(f.ledger.rows); got != want {
			t.Errorf("got %+v, want %+v", got, want)
		}
	})
}

func TestStopKills(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name string
		now  bool
		deaf bool
		stop time.Duration // when the caller loses patience; 0 is never
		took time.Duration
	}{
		{"now", true, false, 0, 0},
		{"after the grace", false, true, 0, 3 * jobTime},
		{"when interrupted", false, true, time.Second, time.Second},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f := newFleet(t, 1, newLedger(numbered(99)...))
				f.deaf = tc.deaf
				f.place(f.plan.Slots[0].Worker)
				after(jobTime / 2)
				ctx := t.Context()
				if tc.stop > 0 {
					var end context.CancelFunc
					ctx, end = context.WithTimeout(ctx, tc.stop)
					defer end()
				}
				began := time.Now()
				f.stop(ctx, tc.now)
				if took := time.Since(began); took != tc.took {
					t.Errorf("took %s, want %s", took, tc.took)
				}
				if got := orchestrator.Count(f.ledger.rows).Claimed; got != 0 {
					t.Errorf("%d rows are still claimed", got)
				}
			})
		})
	}
}

// TestStopLeavesTheWorkToARunningOrchestrator: two processes that both signal
// would cancel the jobs.
func TestStopLeavesTheWorkToARunningOrchestrator(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFleet(t, 2, newLedger(numbered(9)...))
		lock, err := filelock.Hold(filepath.Join(f.opts.DataDir, orchestrator.LockFile))
		if err != nil {
			t.Fatal(err)
		}
		o := f.orchestrator()
		done := make(chan orchestrator.Report, 1)
		go func() {
			report, err := o.Run(context.WithoutCancel(t.Context()))
			if err := errors.Join(err, lock.Release()); err != nil {
				t.Error(err)
			}
			done <- report
		}()
		after(jobTime / 2)
		f.stop(t.Context(), false)
		wantJobs(t, <-done, orchestrator.Counts{Total: 9, Success: 2, Pending: 7}, workerimage.ExitPending)
		if got := len(f.heard); got != 2 {
			t.Errorf("workers heard %v, want one signal each", f.heard)
		}
		if slices.Contains(f.heard, orchestrator.SignalCancel) {
			t.Error("a job was cancelled")
		}
	})
}

func TestStopWithoutLedger(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFleet(t, 1, newLedger("a"))
		f.place(f.plan.Slots[0].Worker)
		cfg := orchestrator.StopConfig{Fleet: "f", Network: "net", DataDir: f.opts.DataDir, Now: true}
		if err := orchestrator.Stop(t.Context(), cfg, f.engine, nil, logging.Discard()); err != nil {
			t.Fatal(err)
		}
		f.nothingLeft()
	})
}
