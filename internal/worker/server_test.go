package worker_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"postfleet/internal/fault"
	"postfleet/internal/posting"
	"postfleet/internal/worker"
)

func TestServerDoesNotStart(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, "a")
		b.appium.startErr = func(int) error { return fault.Errorf(fault.Appium, "port is taken") }
		wantClass(t, b.run(), fault.Appium)
		wantStatuses(t, b, "pending")
		if got := b.events; got[len(got)-1] != "adb stops" || slices.Contains(got, "device connects") {
			t.Errorf("got %v, want adb stopped and no session", got)
		}
	})
}

// TestServerDiesUnderAJob: it is started again at once, so that the job, which
// may be finding out what it posted, can go on.
func TestServerDiesUnderAJob(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"adb", "appium"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				b := newBench(t, "a", "b")
				s := map[string]*server{"adb": b.adb, "appium": b.appium}[name]
				b.poster.runFunc = func(ctx context.Context, a posting.Attempt) error {
					if a.Job.ID == 1 {
						s.die()
						pass(time.Second)
						if got := s.started(); got != 2 {
							t.Errorf("got %d starts under the job, want 2", got)
						}
					}
					return b.poster.post(ctx, a)
				}
				must(t, b.run())
				wantStatuses(t, b, "success", "success")
			})
		})
	}
}

func TestServerKeepsDying(t *testing.T) {
	t.Parallel()
	for name, die := range map[string]func(b *bench){
		"at once": func(b *bench) {
			go func() {
				for range 9 {
					pass(5 * time.Second)
					b.appium.die()
				}
			}()
		},
		"and will not start": func(b *bench) {
			b.appium.startErr = func(n int) error {
				if n > 1 {
					return fault.Errorf(fault.Appium, "port is taken")
				}
				return nil
			}
			b.appium.die()
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				b := newBench(t, "a", "b")
				b.poster.runFunc = func(ctx context.Context, _ posting.Attempt) error {
					die(b)
					select {
					case <-time.After(time.Minute):
					case <-ctx.Done():
					}
					return fault.Errorf(fault.Infra, "Appium does not answer")
				}
				wantClass(t, b.run(), fault.Appium)
				if got := b.appium.started(); got != 4 {
					t.Errorf("got %d starts, want one and three more", got)
				}
				wantStatuses(t, b, "pending", "pending")
			})
		})
	}
}

// TestServerThatDiesNowAndThen does not use up its restarts.
func TestServerThatDiesNowAndThen(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, "a")
		b.cfg.JobTimeout = time.Hour
		b.poster.runFunc = func(ctx context.Context, a posting.Attempt) error {
			for range 6 {
				pass(5 * time.Minute)
				b.appium.die()
			}
			pass(time.Second)
			return b.poster.post(ctx, a)
		}
		must(t, b.run())
		if got := b.appium.started(); got != 7 {
			t.Errorf("got %d starts, want 7", got)
		}
	})
}

// TestPredecessorStillDying: the liveness lock comes free a moment later.
func TestPredecessorStillDying(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, "a")
		old, err := b.ledger.Join(t.Context(), "0")
		must(t, err)
		time.AfterFunc(5*time.Second, func() { _ = old.Leave() })
		must(t, b.run())
		wantStatuses(t, b, "success")
	})
}

func TestSecondWorkerOfTheSameID(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, "a")
		_, err := b.ledger.Join(t.Context(), "0")
		must(t, err)
		if err := b.run(); err == nil || errors.Is(err, worker.ErrCancelled) {
			t.Errorf("got %v, want an error", err)
		}
		if len(b.events) != 0 {
			t.Errorf("got %v, want nothing started", b.events)
		}
	})
}
