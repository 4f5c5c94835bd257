package orchestrator

import (
	"testing"
	"testing/synctest"
	"time"
)

func drawn(v float64) func() float64 { return func() float64 { return v } }

func TestBackoffDoublesUpToItsCap(t *testing.T) {
	t.Parallel()
	const most = 5 * time.Second
	cfg := Restart{Max: 10, Window: time.Hour, Backoff: time.Second, BackoffMax: most, HealthyAfter: time.Minute}
	whole := []time.Duration{0, time.Second, 2 * time.Second, 4 * time.Second, most, most}
	for _, draw := range []float64{0, 0.5, 0.999} {
		r := newRestarts(cfg, drawn(draw))
		for i, w := range whole {
			want := w/2 + time.Duration(draw*float64(w/2))
			if got, ok := r.next(0); !ok || got != want {
				t.Errorf("draw %v, restart %d: got %s, want %s", draw, i+1, got, want)
			}
		}
		for i, want := range []time.Duration{0, time.Second/2 + time.Duration(draw*float64(time.Second/2))} {
			ran := time.Minute - time.Duration(i) // the first was healthy, the second just not
			if got, _ := r.next(ran); got != want {
				t.Errorf("draw %v, %d after a healthy period: got %s, want %s", draw, i, got, want)
			}
		}
		if want := len(whole) + 2; r.total != want {
			t.Errorf("got %d restarts in all, want %d", r.total, want)
		}
	}
}

func TestRestartsAreUsedUpAndComeBack(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newRestarts(Restart{
			Max: 2, Window: 10 * time.Minute, Backoff: time.Second, BackoffMax: time.Second, HealthyAfter: time.Hour,
		}, drawn(0))
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
	r := newRestarts(Restart{Max: 0, Window: time.Minute}, drawn(0))
	if _, ok := r.next(time.Hour); ok {
		t.Error("got a restart, want none")
	}
}
