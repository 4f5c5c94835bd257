package orchestrator

import (
	"testing"
	"testing/synctest"
	"time"
)

func TestBackoffDoublesUpToItsCap(t *testing.T) {
	t.Parallel()
	const most = 5 * time.Second
	r := newRestarts(Restart{
		Max: 10, Window: time.Hour, Backoff: time.Second, BackoffMax: most, HealthyAfter: time.Minute,
	})
	for i, want := range []time.Duration{time.Second, 2 * time.Second, 4 * time.Second, most, most} {
		got, ok := r.next(0)
		if slack := want / 10; !ok || got < want-slack || got > min(want+slack, most) {
			t.Errorf("restart %d: got %s, want about %s", i+1, got, want)
		}
	}
	if got, _ := r.next(time.Minute); got > 1100*time.Millisecond {
		t.Errorf("after a healthy period: got %s, want about 1s", got)
	}
	if r.total != 6 {
		t.Errorf("got %d restarts in all, want 6", r.total)
	}
}

func TestRestartsAreUsedUpAndComeBack(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newRestarts(Restart{
			Max: 2, Window: 10 * time.Minute, Backoff: time.Second, BackoffMax: time.Second, HealthyAfter: time.Hour,
		})
		for i, want := range []bool{true, true, false, false} {
			if _, ok := r.next(0); ok != want {
				t.Errorf("restart %d: got %t, want %t", i+1, ok, want)
			}
			<-time.After(time.Minute)
		}
		<-time.After(6 * time.Minute) // the first is out of the window
		if _, ok := r.next(0); !ok {
			t.Error("a restart that left the window still counts")
		}
	})
}

func TestNoRestartsWhenNoneAreAllowed(t *testing.T) {
	t.Parallel()
	r := newRestarts(Restart{Max: 0, Window: time.Minute})
	if _, ok := r.next(time.Hour); ok {
		t.Error("got a restart, want none")
	}
}
