package orchestrator_test

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"postfleet/orchestrator"
	"postfleet/workerimage"
)

// TestFleetGivesUpForOneCause: what fails everywhere stops the fleet before it
// wears out every slot; a worker that is well finishes its job.
func TestFleetGivesUpForOneCause(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFleet(t, 4, newLedger(numbered(9)...))
		f.opts.Restart.Max = 1000
		f.onStart = func(slot, _ int) int {
			if slot == 0 {
				return 0
			}
			return workerimage.ExitAppium
		}
		report, err := f.orchestrator().Run(t.Context())
		if !errors.Is(err, orchestrator.ErrGaveUp) || !strings.Contains(err.Error(), "3 of 4 workers") ||
			!strings.Contains(err.Error(), "Appium") {
			t.Errorf("got %v, want the fleet's one reason", err)
		}
		wantJobs(t, report, orchestrator.Counts{Total: 9, Success: 1, Pending: 8}, workerimage.ExitPending)
		if got := f.started(); got > 1+3*4 {
			t.Errorf("got %d workers, want the fleet to stop grinding", got)
		}
		f.nothingLeft()
	})
}

func TestKilledWorkersDoNotStopTheFleet(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFleet(t, 2, newLedger(numbered(4)...))
		f.opts.Restart.Max = 4
		f.onStart = func(_, lives int) int {
			if lives <= 4 {
				return 137
			}
			return 0
		}
		wantJobs(t, f.run(), orchestrator.Counts{Total: 4, Success: 4}, workerimage.ExitDone)
	})
}

// TestKilledWorkerIsMadeAgainAtOnce: the job waits, and the worker was well.
func TestKilledWorkerIsMadeAgainAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFleet(t, 1, newLedger("a"))
		f.jobTime = time.Hour
		done := f.background(f.orchestrator())
		for range 3 {
			after(f.opts.Restart.HealthyAfter)
			f.engine.Kill("f-worker-0")
			synctest.Wait()
		}
		if got := f.started(); got != 4 {
			t.Errorf("got %d workers, want the fourth at once", got)
		}
		wantJobs(t, <-done, orchestrator.Counts{Total: 1, Success: 1}, workerimage.ExitDone)
	})
}

// TestEngineThatIsAwayCostsNoRestart: nor does what died with it, but once.
func TestEngineThatIsAwayCostsNoRestart(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		away time.Duration
		back bool
	}{{time.Minute, true}, {time.Hour, false}} {
		synctest.Test(t, func(t *testing.T) {
			f := newFleet(t, 2, newLedger(numbered(2)...))
			f.opts.Restart.Max = 1
			f.onStart = func(_, lives int) int {
				if lives == 1 {
					return 137
				}
				return 0
			}
			var since time.Time
			asked := map[string]bool{}
			f.engine.Fail = func(method, name string) error {
				if method != "Start" || !asked[name] {
					asked[name] = asked[name] || method == "Start"
					return nil
				}
				if since.IsZero() {
					since = time.Now()
				}
				if time.Since(since) < tc.away {
					return orchestrator.ErrUnreachable
				}
				return nil
			}
			report, err := f.orchestrator().Run(t.Context())
			if tc.back {
				wantJobs(t, report, orchestrator.Counts{Total: 2, Success: 2}, workerimage.ExitDone)
				return
			}
			if !errors.Is(err, orchestrator.ErrUnreachable) || time.Since(since) > 3*time.Minute {
				t.Errorf("after %s: got %v, want one clear reason", time.Since(since), err)
			}
			wantJobs(t, report, orchestrator.Counts{Total: 2, Pending: 2}, workerimage.ExitError)
		})
	}
}
