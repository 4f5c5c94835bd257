package main

import (
	"slices"
	"testing"
	"time"
)

func TestSchedule(t *testing.T) {
	t.Parallel()
	all := kinds()
	first := schedule(all, 7, time.Minute, len(all), 4)
	if !slices.Equal(first, schedule(all, 7, time.Minute, len(all), 4)) {
		t.Error("the same seed gave another schedule")
	}
	if slices.Equal(first, schedule(all, 8, time.Minute, len(all), 4)) {
		t.Error("another seed gave the same schedule")
	}
	seen := map[string]bool{}
	for i, e := range first {
		seen[e.Kind] = true
		k := all[slices.IndexFunc(all, func(k kind) bool { return k.name == e.Kind })]
		if e.At < 0 || e.At >= time.Minute || e.Worker < 0 || e.Worker > 3 || i > 0 && e.At < first[i-1].At ||
			e.Hold < k.least || e.Hold > k.most {
			t.Errorf("event %d is out of place: %+v", i, e)
		}
	}
	if len(seen) != len(all) {
		t.Errorf("kinds in one round: got %d, want %d", len(seen), len(all))
	}
}

func TestNamed(t *testing.T) {
	t.Parallel()
	if got, err := named([]string{"freeze", "kill_adb"}); err != nil || len(got) != 2 {
		t.Errorf("two kinds: got %d, %v", len(got), err)
	}
	if got, err := named(nil); err != nil || len(got) != len(kinds()) {
		t.Errorf("no names: got %d, %v, want all", len(got), err)
	}
	if _, err := named([]string{"flood"}); err == nil {
		t.Error("an unknown kind was taken")
	}
}

func TestPercentile(t *testing.T) {
	t.Parallel()
	all := []time.Duration{5, 1, 4, 2, 3}
	for share, want := range map[float64]time.Duration{0: 1, 0.2: 1, 0.5: 3, 0.95: 5, 1: 5} {
		if got := percentile(all, share); got != want {
			t.Errorf("percentile %v: got %d, want %d", share, got, want)
		}
	}
}
