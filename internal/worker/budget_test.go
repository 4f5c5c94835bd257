package worker_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"postfleet/internal/posting"
	"postfleet/internal/worker"
)

// TestTakingDownIsBounded: a phone that is frozen with a live session, and
// servers that go only when killed, are let go before the container is killed,
// for any grace. The job goes on until the drain cancels it.
func TestTakingDownIsBounded(t *testing.T) {
	t.Parallel()
	for _, grace := range []time.Duration{10 * time.Second, time.Minute, 5 * time.Minute, time.Hour} {
		t.Run(grace.String(), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				b := newBench(t, "a")
				part := grace / 20
				b.cfg.JobTimeout, b.cfg.DrainTimeout, b.cfg.StopTimeout = time.Hour*2, 18*part, 19*part
				hang := func(ctx context.Context) {
					if _, limited := ctx.Deadline(); !limited {
						t.Error("a step of the taking down has no deadline")
						return
					}
					<-ctx.Done()
				}
				b.device.closeFunc, b.adb.stopFunc, b.appium.stopFunc = hang, hang, hang
				begun := make(chan int, 1)
				b.poster.runFunc = b.poster.blocks(begun, nil)
				start := time.Now()
				must(t, stopped(t, b, func(w *worker.Worker, _ chan struct{}) { w.Drain() }))
				if took := time.Since(start); took >= b.cfg.StopTimeout {
					t.Errorf("took %v, killed after %v", took, b.cfg.StopTimeout)
				}
				wantStatuses(t, b, "pending")
			})
		})
	}
}

// TestTakingDownWithoutHurry: a drain that ends early leaves each step its time.
func TestTakingDownWithoutHurry(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, "a")
		b.cfg.DrainTimeout, b.cfg.StopTimeout = 4*time.Minute, 5*time.Minute
		b.device.closeFunc = func(ctx context.Context) {
			if deadline, _ := ctx.Deadline(); time.Until(deadline) != 20*time.Second {
				t.Errorf("got %v for the phone, want Patience.Stop", time.Until(deadline))
			}
		}
		b.poster.runFunc = func(ctx context.Context, a posting.Attempt) error {
			pass(time.Second)
			return b.poster.post(ctx, a)
		}
		must(t, stopped(t, b, func(w *worker.Worker, _ chan struct{}) { w.Drain() }))
		wantStatuses(t, b, "success")
	})
}
