package worker_test

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"postfleet/internal/fault"
	"postfleet/internal/progress"
	"postfleet/internal/worker"
)

const boot = 30 * time.Second

// slowBench is a bench whose Appium takes its time to start, unless the start
// is given up, and then starts or fails with err.
func slowBench(t *testing.T, err error, accounts ...string) *bench {
	t.Helper()
	b := newBench(t, accounts...)
	b.appium.slow = func(ctx context.Context, n int) error {
		if n > 1 {
			return nil
		}
		select {
		case <-time.After(boot):
			return err
		case <-ctx.Done():
			b.note("appium is given up")
			return context.Cause(ctx)
		}
	}
	return b
}

// runEarly runs the worker, and does something to it while Appium starts.
func runEarly(t *testing.T, b *bench, do func(w *worker.Worker)) error {
	t.Helper()
	w := b.worker()
	ended := make(chan error, 1)
	go func() { ended <- w.Run(t.Context()) }()
	pass(boot / 2)
	synctest.Wait()
	do(w)
	return <-ended
}

// wantUntouched: no attempt, no phase, no error and no result: as if the job
// had not been claimed.
func wantUntouched(t *testing.T, b *bench) {
	t.Helper()
	for _, r := range b.rows() {
		if r.Status != progress.StatusPending || r.Attempts != 0 || r.Phase != progress.PhaseNone || r.Error != "" {
			t.Errorf("got %+v, want it as if it had not been claimed", r)
		}
	}
	if got := b.results(); len(got) != 0 {
		t.Errorf("got results %v", got)
	}
	if got := b.events[len(b.events)-1]; got != "adb stops" {
		t.Errorf("got %q in the end, want all taken down", got)
	}
}

func TestClaimsWhileAppiumStarts(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := slowBench(t, nil, "a", "b")
		b.cfg.JobTimeout = boot / 3 // does not run before the job is begun
		must(t, runEarly(t, b, func(*worker.Worker) {
			wantStatuses(t, b, "claimed", "pending")
			if b.happened("device connects") {
				t.Error("got a session without Appium")
			}
		}))
		wantStatuses(t, b, "success", "success")
		for _, r := range b.rows() {
			if r.Attempts != 1 {
				t.Errorf("got %+v, want one attempt", r)
			}
		}
	})
}

func TestEarlyClaimGoesBack(t *testing.T) {
	t.Parallel()
	lost := fault.Errorf(fault.Device, "unreachable")
	for name, tt := range map[string]struct {
		start, connect error
		class          fault.Class
	}{
		"appium would not start": {start: fault.Errorf(fault.Appium, "port is taken"), class: fault.Appium},
		"phone died meanwhile":   {connect: lost, class: fault.Device},
		"phone wants a person":   {connect: fault.Errorf(fault.Human, "unauthorized"), class: fault.Human},
		"no session":             {connect: fault.Errorf(fault.Infra, "no session"), class: fault.Device},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				b := slowBench(t, tt.start, "a", "b")
				b.device.connectFunc = func(context.Context, int) error { return tt.connect }
				err := runEarly(t, b, func(*worker.Worker) { wantStatuses(t, b, "claimed", "pending") })
				wantClass(t, err, tt.class)
				wantUntouched(t, b)
			})
		})
	}
}

// TestDeadPhoneIsNotClaimedFor, also while Appium starts.
func TestDeadPhoneIsNotClaimedFor(t *testing.T) {
	t.Parallel()
	for name, err := range map[string]error{
		"device": fault.Errorf(fault.Device, "unreachable"),
		"human":  fault.Errorf(fault.Human, "unauthorized"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				b := slowBench(t, nil, "a")
				b.device.reachFunc = func(context.Context) error { return err }
				wantClass(t, b.run(), fault.Of(err))
				wantUntouched(t, b)
				if strings.Contains(b.logs.String(), "job claimed") {
					t.Error("a job was claimed")
				}
				if !b.happened("appium is given up") {
					t.Errorf("got %v, want the start given up", b.events)
				}
			})
		})
	}
}

// TestCancelWhileAppiumStarts puts the job back at once.
func TestCancelWhileAppiumStarts(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := slowBench(t, nil, "a")
		var asked time.Time
		must(t, runEarly(t, b, func(w *worker.Worker) {
			wantStatuses(t, b, "claimed")
			asked = time.Now()
			w.Cancel()
		}))
		if got := time.Since(asked); got != 0 {
			t.Errorf("took %v, want the job put back at once", got)
		}
		wantUntouched(t, b)
	})
}

// TestDrainWhileAppiumStarts lets the job that is claimed end, and no other begin.
func TestDrainWhileAppiumStarts(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := slowBench(t, nil, "a", "b")
		must(t, runEarly(t, b, func(w *worker.Worker) { w.Drain() }))
		wantStatuses(t, b, "success", "pending")
	})
}

// TestDrainWhileAppiumStartsForADeadPhone: what cannot be begun goes back.
func TestDrainWhileAppiumStartsForADeadPhone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := slowBench(t, nil, "a")
		b.device.connectFunc = func(context.Context, int) error { return fault.Errorf(fault.Device, "unreachable") }
		must(t, runEarly(t, b, func(w *worker.Worker) { w.Drain() }))
		wantUntouched(t, b)
	})
}

// TestAppiumThatDoesNotStartIsNoticed also by a worker that has no job.
func TestAppiumThatDoesNotStartIsNoticed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := slowBench(t, fault.Errorf(fault.Appium, "port is taken"), "a")
		other, err := b.ledger.Join(t.Context(), "other")
		must(t, err)
		_, err = other.Claim(t.Context(), progress.Terms{})
		must(t, err)
		wantClass(t, b.run(), fault.Appium)
		wantStatuses(t, b, "claimed")
	})
}

// TestLastDeathIsNotTheStarts: a job that one more death would end is not held
// by a worker that may die of its own start.
func TestLastDeathIsNotTheStarts(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := slowBench(t, nil, "a")
		for range progress.MaxDeaths - 1 {
			leaveBehind(t, b, progress.PhaseNone)
		}
		must(t, runEarly(t, b, func(*worker.Worker) { wantStatuses(t, b, "pending") }))
		wantStatuses(t, b, "success")
	})
}
