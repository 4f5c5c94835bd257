package orchestrator_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"postfleet/orchestrator"
	"postfleet/workerimage"
)

const (
	healthEvery    = 5 * time.Second
	healthPatience = 20 * time.Second
	// sickGrace is how long a worker may take to put its job back.
	sickGrace = 10 * time.Second
)

// sickFleet has one worker in a job that takes hours.
func sickFleet(t *testing.T) *fleet {
	t.Helper()
	f := newFleet(t, 1, newLedger("a"))
	f.opts.HealthEvery, f.opts.HealthPatience = healthEvery, healthPatience
	f.jobTime = 3 * time.Hour
	return f
}

func TestSickWorkerIsReplaced(t *testing.T) {
	t.Parallel()
	cancelled := []orchestrator.Signal{orchestrator.SignalCancel}
	cases := []struct {
		name   string
		deaf   bool
		paused bool
		within time.Duration
		heard  []orchestrator.Signal
	}{
		{"puts its job back", false, false, healthPatience + healthEvery, cancelled},
		{"hears nothing", true, false, healthPatience + healthEvery + sickGrace, cancelled},
		{"paused", false, true, healthPatience + healthEvery, nil},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f := sickFleet(t)
				f.deaf = tc.deaf
				o := f.orchestrator()
				done := f.background(o)
				after(time.Hour)
				if tc.paused {
					f.engine.Pause("f-worker-0")
				} else {
					f.engine.SetHealth("f-worker-0", orchestrator.HealthUnhealthy)
				}
				after(healthPatience - time.Second)
				synctest.Wait()
				if got := f.started(); got != 1 {
					t.Fatalf("got %d workers before the patience was over, want 1", got)
				}
				after(tc.within - healthPatience + 2*time.Second)
				synctest.Wait()
				if got := o.Slots()[0]; f.started() != 2 || got.Restarts != 1 || got.Phase != orchestrator.SlotRunning {
					t.Errorf("got %d workers and %+v, want the second to run", f.started(), got)
				}
				if !slices.Equal(f.heard, tc.heard) {
					t.Errorf("heard %v, want %v", f.heard, tc.heard)
				}
				wantJobs(t, <-done, orchestrator.Counts{Total: 1, Success: 1}, workerimage.ExitDone)
				if got := f.ledger.began(); !slices.Equal(got, []int{2}) {
					t.Errorf("row begun %v times, want 2", got)
				}
				f.nothingLeft()
			})
		})
	}
}

// TestSickForGood: being sick counts as a restart, and its reason is told.
func TestSickForGood(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := sickFleet(t)
		f.opts.Restart.Max = 0
		done := f.background(f.orchestrator())
		after(time.Hour)
		f.engine.SetHealth("f-worker-0", orchestrator.HealthUnhealthy)
		report := <-done
		wantJobs(t, report, orchestrator.Counts{Total: 1, Pending: 1}, workerimage.ExitPending)
		wantPhases(t, report, orchestrator.SlotGaveUp)
		if got := report.Slots[0].Reason; !strings.Contains(got, "health check failed") {
			t.Errorf("got reason %q", got)
		}
	})
}

// TestSickWorkerDoesNotHoldUpADrain: it is stopped and not made again.
func TestSickWorkerDoesNotHoldUpADrain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := sickFleet(t)
		f.deaf = true
		o := f.orchestrator()
		done := f.background(o)
		after(time.Minute)
		f.engine.SetHealth("f-worker-0", orchestrator.HealthUnhealthy)
		o.Drain()
		began := time.Now()
		wantJobs(t, <-done, orchestrator.Counts{Total: 1, Pending: 1}, workerimage.ExitPending)
		if took := time.Since(began); took > healthPatience+healthEvery+sickGrace+time.Second {
			t.Errorf("took %s", took)
		}
	})
}

func TestRemovingASickWorkerIsTriedAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := sickFleet(t)
		f.deaf = true
		failures := 2
		f.engine.Fail = func(method, _ string) error {
			if method == "Remove" && failures > 0 {
				failures--
				return errors.New("engine is busy")
			}
			return nil
		}
		done := f.background(f.orchestrator())
		after(time.Hour)
		f.engine.SetHealth("f-worker-0", orchestrator.HealthUnhealthy)
		wantJobs(t, <-done, orchestrator.Counts{Total: 1, Success: 1}, workerimage.ExitDone)
	})
}
