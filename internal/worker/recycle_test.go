package worker_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"postfleet/internal/fault"
	"postfleet/internal/posting"
	"postfleet/internal/worker"
)

// TestRecycle: between two jobs, the phone's session first.
func TestRecycle(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		recycle worker.Recycle
		memory  int64
		starts  int
	}{
		{"every second job", worker.Recycle{Jobs: 2}, 1, 3},
		{"grown", worker.Recycle{MemoryBytes: 100}, 101, 5},
		{"not grown", worker.Recycle{MemoryBytes: 100}, 100, 1},
		{"not by default", worker.Recycle{}, 300 << 20, 1},
		{"grown by default", worker.Recycle{}, 401 << 20, 5},
		{"never", worker.Recycle{Jobs: -1, MemoryBytes: -1}, 1 << 40, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				b := newBench(t, "a", "b", "c", "d")
				b.cfg.Recycle = tt.recycle
				b.appium.memory = tt.memory
				b.poster.runFunc = func(ctx context.Context, a posting.Attempt) error {
					b.note("job begins")
					defer b.note("job ends")
					return b.poster.post(ctx, a)
				}
				must(t, b.run())
				wantStatuses(t, b, "success", "success", "success", "success")
				if got := b.appium.started(); got != tt.starts {
					t.Errorf("got %d starts of Appium, want %d", got, tt.starts)
				}
				wantOrder(t, b.events)
			})
		})
	}
}

// wantOrder holds that no server ends under a job, and none before the session.
func wantOrder(t *testing.T, events []string) {
	t.Helper()
	for i, e := range events {
		if e != "appium stops" {
			continue
		}
		if events[i-1] != "device closes" {
			t.Errorf("Appium stops after %q, want after the session: %v", events[i-1], events)
		}
		before := events[:i]
		begun, ended := count(before, "job begins"), count(before, "job ends")
		if begun != ended {
			t.Errorf("Appium stops under a job: %v", events)
		}
	}
}

func count(events []string, event string) (n int) {
	for _, e := range events {
		if e == event {
			n++
		}
	}
	return n
}

// TestRecycledServerDoesNotStart: the worker ends as it would without recycling.
func TestRecycledServerDoesNotStart(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, "a", "b")
		b.cfg.Recycle.Jobs = 1
		b.appium.startErr = func(n int) error {
			if n > 1 {
				return fault.Errorf(fault.Appium, "port is taken")
			}
			return nil
		}
		wantClass(t, b.run(), fault.Appium)
		wantStatuses(t, b, "success", "pending")
	})
}

// TestDrainWhileRecycling ends the wait for a server that takes its time.
func TestDrainWhileRecycling(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, "a", "b")
		b.cfg.Recycle.Jobs = 1
		b.appium.slow = func(ctx context.Context, n int) error {
			if n == 1 {
				return nil
			}
			<-ctx.Done()
			return ctx.Err()
		}
		b.poster.runFunc = b.poster.post
		must(t, stopped(t, b, func(w *worker.Worker, _ chan struct{}) {
			begun := time.Now()
			w.Drain()
			synctest.Wait()
			if took := time.Since(begun); took > time.Second {
				t.Errorf("took %v", took)
			}
		}))
		wantStatuses(t, b, "success", "pending")
	})
}

// TestHungAppium: a server that is up and answers nothing is replaced once a
// phone could not be reached through it; when that does not help, it was Appium.
func TestHungAppium(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		cured bool
	}{{"cured", true}, {"for good", false}} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				b := newBench(t, "a")
				b.device.connectFunc = func(ctx context.Context, _ int) error {
					if tt.cured && b.appium.started() > 1 {
						return nil
					}
					<-ctx.Done()
					return fault.Errorf(fault.Appium, "no answer: %w", ctx.Err())
				}
				begun := time.Now()
				err := b.run()
				if tt.cured {
					must(t, err)
					wantStatuses(t, b, "success")
					return
				}
				wantClass(t, err, fault.Appium)
				wantStatuses(t, b, "pending")
				if took := time.Since(begun); took > 13*time.Minute {
					t.Errorf("took %v to give up", took)
				}
			})
		})
	}
}

// TestHungPhone: a phone, or an adb, that does not answer is the device's fault.
func TestHungPhone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, "a")
		b.device.connectFunc = func(ctx context.Context, _ int) error {
			<-ctx.Done()
			return fault.Errorf(fault.Infra, "adb: %w", ctx.Err())
		}
		wantClass(t, b.run(), fault.Device)
		if slices.Contains(b.events, "job begins") || b.appium.started() != 1 {
			t.Errorf("got %v, want no claim and the same Appium", b.events)
		}
	})
}

// TestServerThatDiesTooOften, although it does well in between.
func TestServerThatDiesTooOften(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, "a")
		b.cfg.JobTimeout = 2 * time.Hour
		b.poster.runFunc = func(context.Context, posting.Attempt) error {
			for range 11 {
				pass(2 * time.Minute)
				b.appium.die()
			}
			pass(time.Second)
			return fault.Errorf(fault.Infra, "Appium does not answer")
		}
		err := b.run()
		wantClass(t, err, fault.Appium)
		if !strings.Contains(err.Error(), "died 11 times within an hour") {
			t.Errorf("got %v", err)
		}
		if got := b.appium.started(); got != 11 {
			t.Errorf("got %d starts, want one and ten more", got)
		}
	})
}
