package orchestrator

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

// failure is one call of breaker.failed.
type failure struct {
	slot    int
	end     ending
	healthy bool
	final   bool
	// after is how long it comes after the one before.
	after time.Duration
}

func thrice(slot int, end ending) []failure {
	f := failure{slot: slot, end: end}
	return []failure{f, f, f}
}

func TestBreaker(t *testing.T) {
	t.Parallel()
	cat := func(parts ...[]failure) (all []failure) {
		for _, p := range parts {
			all = append(all, p...)
		}
		return all
	}
	cases := []struct {
		name     string
		slots    int
		failures []failure
		want     bool // that the last one trips, and none before
	}{
		{"most of them", 4, cat(thrice(0, endAppium), thrice(1, endAppium), thrice(2, endAppium)), true},
		{"half of them", 4, cat(thrice(0, endAppium), thrice(1, endAppium)), false},
		{"one alone", 1, cat(thrice(0, endEngine), thrice(0, endEngine)), false},
		{"both", 2, cat(thrice(0, endEngine), thrice(1, endEngine)), true},
		{"not often enough", 2, cat(thrice(0, endEngine), thrice(1, endEngine)[:2]), false},
		{"gave up for it", 2, []failure{{end: endMemory, final: true}, {slot: 1, end: endMemory, final: true}}, true},
		{"killed from outside", 2, cat(thrice(0, endKilled), thrice(1, endKilled)), false},
		{"the devices", 2, cat(thrice(0, endDevice), thrice(1, endDevice)), false},
		{"different causes", 2, cat(thrice(0, endEngine), thrice(1, endAppium)), false},
		{"a good run between", 2, cat(thrice(0, endAppium), thrice(1, endAppium)[:2],
			[]failure{{slot: 1, end: endAppium, healthy: true}}), false},
		{"long ago", 2, cat(thrice(0, endAppium),
			[]failure{{slot: 1, end: endAppium, after: time.Minute}}, thrice(1, endAppium)[:2]), false},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				b := newBreaker(tc.slots, time.Minute)
				for i, f := range tc.failures {
					<-time.After(f.after)
					err := b.failed(f.slot, f.end, "why", f.healthy, f.final)
					last := i == len(tc.failures)-1
					if got := errors.Is(err, ErrGaveUp); got != (last && tc.want) {
						t.Errorf("failure %d of %d: got %v", i+1, len(tc.failures), err)
					}
				}
			})
		})
	}
}
