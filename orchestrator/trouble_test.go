package orchestrator_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"postfleet/internal/fault"
	"postfleet/orchestrator"
	"postfleet/workerimage"
)

func TestRefusedLedgerStopsTheFleet(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFleet(t, 3, newLedger(numbered(30)...))
		f.onStart = func(slot, _ int) int {
			if slot == 1 {
				return workerimage.ExitLedger
			}
			return 0
		}
		report, err := f.orchestrator().Run(t.Context())
		if !fault.Is(err, fault.Ledger) || !strings.Contains(err.Error(), "as told") {
			t.Errorf("got %v, want a ledger fault with the worker's words", err)
		}
		if report.ExitCode != workerimage.ExitLedger {
			t.Errorf("exit code: got %d, want %d", report.ExitCode, workerimage.ExitLedger)
		}
		if report.Jobs.Claimed != 0 || report.Jobs.Success > 2 {
			t.Errorf("got %+v, want the others to have finished their row and no more", report.Jobs)
		}
		f.nothingLeft()
	})
}

func TestUnreadableLedgerChangesNothing(t *testing.T) {
	t.Parallel()
	f := newFleet(t, 1, newLedger("a"))
	c := f.place(f.plan.Slots[0].Worker)
	f.ledger.fail = fault.Errorf(fault.Ledger, "damaged")
	report, err := f.orchestrator().Run(t.Context())
	if !fault.Is(err, fault.Ledger) || report.ExitCode != workerimage.ExitLedger {
		t.Errorf("got %v and exit code %d", err, report.ExitCode)
	}
	if got := f.list("f"); !slices.Equal(got, []string{c.Name}) {
		t.Errorf("got %v, want the running worker left alone", got)
	}
}

func TestMissingImageEndsTheRun(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFleet(t, 2, newLedger(numbered(2)...))
		f.engine.Images = nil
		report, err := f.orchestrator().Run(t.Context())
		if !errors.Is(err, orchestrator.ErrNoImage) {
			t.Errorf("got %v, want ErrNoImage", err)
		}
		if report.ExitCode != workerimage.ExitError {
			t.Errorf("exit code: got %d, want %d", report.ExitCode, workerimage.ExitError)
		}
		f.nothingLeft()
	})
}

func TestEngineTroubleIsRetried(t *testing.T) {
	t.Parallel()
	busy := errors.New("engine is busy")
	for _, method := range []string{"Start", "Wait", "Signal", "Remove"} {
		t.Run(method, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f := newFleet(t, 1, newLedger(numbered(2)...))
				failures := 2
				f.engine.Fail = func(m, _ string) error {
					if m == method && failures > 0 {
						failures--
						return busy
					}
					return nil
				}
				wantJobs(t, f.run(), orchestrator.Counts{Total: 2, Success: 2}, workerimage.ExitDone)
				for row, runs := range f.ledger.began() {
					if runs != 1 {
						t.Errorf("row %d: begun %d times, want once", row+1, runs)
					}
				}
			})
		})
	}
}

func TestNoEngineChangesNothing(t *testing.T) {
	t.Parallel()
	for _, method := range []string{"Ping", "List", "EnsureNetwork"} {
		f := newFleet(t, 1, newLedger("a"))
		f.engine.Fail = func(m, _ string) error {
			if m == method {
				return orchestrator.ErrUnreachable
			}
			return nil
		}
		report, err := f.orchestrator().Run(t.Context())
		if !errors.Is(err, orchestrator.ErrUnreachable) || report.ExitCode != workerimage.ExitError {
			t.Errorf("%s: got %v and exit code %d", method, err, report.ExitCode)
		}
		if len(f.starts) > 0 {
			t.Errorf("%s: started %v", method, f.starts)
		}
	}
}

// TestStoppedWorkers: an engine that is restarted stops every worker as a person
// stops one. The person's is not made again; the engine's are.
func TestStoppedWorkers(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		away bool
		want orchestrator.Counts
		exit int
	}{
		{"docker stop", false, orchestrator.Counts{Total: 2, Pending: 2}, workerimage.ExitPending},
		{"engine restart", true, orchestrator.Counts{Total: 2, Success: 2}, workerimage.ExitDone},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f := newFleet(t, 1, newLedger(numbered(2)...))
				f.engine.Run = f.idleFirst()
				away := tc.away
				f.engine.Fail = func(method, _ string) error {
					if method != "Wait" || !away {
						return nil
					}
					away = false
					return orchestrator.ErrUnreachable
				}
				wantJobs(t, f.run(), tc.want, tc.exit)
			})
		})
	}
}

func TestEndedContextKillsTheFleet(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFleet(t, 2, newLedger(numbered(9)...))
		ctx, stop := context.WithTimeout(t.Context(), jobTime/2)
		defer stop()
		report, err := f.orchestrator().Run(ctx)
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v, want the context's error", err)
		}
		if want := (orchestrator.Counts{Total: 9, Pending: 9}); report.Jobs != want {
			t.Errorf("got %+v, want %+v", report.Jobs, want)
		}
		f.nothingLeft()
	})
}
