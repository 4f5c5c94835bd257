package worker_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"postfleet/internal/fault"
	"postfleet/internal/posting"
	"postfleet/internal/progress"
)

func TestPhoneIsAskedBeforeAClaim(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name     string
		err      error
		class    fault.Class
		connects int
	}{
		{"unreachable", fault.Errorf(fault.Device, "offline"), fault.Device, 3},
		{"no session", fault.Errorf(fault.Infra, "no session"), fault.Device, 3},
		{"unmarked", errors.New("what"), fault.Device, 3},
		{"unauthorized", fault.Errorf(fault.Human, "unauthorized"), fault.Human, 1},
		{"appium", fault.Errorf(fault.Appium, "refused"), fault.Appium, 3},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				b := newBench(t, "a", "b")
				b.device.connectFunc = func(context.Context, int) error { return tt.err }
				wantClass(t, b.run(), tt.class)
				if b.device.connects != tt.connects || len(b.poster.runs) != 0 {
					t.Errorf("got %d connects and %d attempts, want %d and none",
						b.device.connects, len(b.poster.runs), tt.connects)
				}
				if diff := cmp.Diff([]progress.Status{"pending", "pending"}, b.statuses()); diff != "" {
					t.Error(diff)
				}
				if last := b.events[len(b.events)-1]; last != "adb stops" {
					t.Errorf("got %v, want all taken down", b.events)
				}
			})
		})
	}
}

func TestConnectIsTriedAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, "a")
		b.device.connectFunc = func(_ context.Context, n int) error {
			if n < 3 {
				return fault.Errorf(fault.Device, "offline")
			}
			return nil
		}
		must(t, b.run())
	})
}

// TestDeadPhoneBurnsNoJobs: when the phone dies under a job, the next is not
// claimed for it.
func TestDeadPhoneBurnsNoJobs(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, "a", "b", "c")
		b.device.connectFunc = func(_ context.Context, n int) error {
			if n > 1 {
				return fault.Errorf(fault.Device, "offline")
			}
			return nil
		}
		b.poster.runFunc = fails(fault.Errorf(fault.Device, "frozen"))
		wantClass(t, b.run(), fault.Device)
		if len(b.poster.runs) != 1 {
			t.Errorf("got %d attempts, want 1", len(b.poster.runs))
		}
		if diff := cmp.Diff([]progress.Status{"pending", "pending", "pending"}, b.statuses()); diff != "" {
			t.Error(diff)
		}
	})
}

// TestPhoneIsAskedAfterAnUnknownOutcome: it may have died under the share tap.
func TestPhoneIsAskedAfterAnUnknownOutcome(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, "a", "b")
		b.device.connectFunc = func(_ context.Context, n int) error {
			if n > 1 {
				return fault.Errorf(fault.Device, "offline")
			}
			return nil
		}
		b.poster.runFunc = func(ctx context.Context, a posting.Attempt) error {
			must(t, b.poster.tap(ctx, a))
			return fault.Errorf(fault.OutcomeUnknown, "no answer")
		}
		wantClass(t, b.run(), fault.Device)
		wantStatuses(t, b, "fail", "pending")
	})
}

// TestRowOfTroublesEndsTheWorker: a phone that says it is well and spoils one
// attempt after the other is not.
func TestRowOfTroublesEndsTheWorker(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, strings.Split("a b c d e f g h", " ")...)
		b.poster.runFunc = fails(fault.Errorf(fault.Infra, "crash"))
		wantClass(t, b.run(), fault.Device)
		if len(b.poster.runs) != 5 {
			t.Errorf("got %d attempts, want 5", len(b.poster.runs))
		}
	})
}
