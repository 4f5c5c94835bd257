package main

import (
	"math/rand/v2"
	"slices"
	"time"
)

// event is one fault of a schedule.
type event struct {
	// At is counted from the start of the run.
	At   time.Duration
	Kind string
	// Worker is whose container, or phone, is struck.
	Worker int
}

// kinds are what a schedule draws from.
func kinds() []string {
	return []string{
		"kill_worker", "kill_appium", "kill_adb", "kill_orchestrator", "pause_worker", "disk_full",
		"drop_link", "freeze", "reboot", "post_then_die", "share_fails", "popup",
	}
}

// schedule draws n faults within d, sorted by time. The same arguments give the
// same schedule. Every kind comes once before any comes again.
func schedule(seed uint64, d time.Duration, n, workers int) []event {
	const stream = 4
	rng := rand.New(rand.NewPCG(seed, stream))
	var deck []string
	events := make([]event, n)
	for i := range events {
		if len(deck) == 0 {
			deck = kinds()
			rng.Shuffle(len(deck), func(a, b int) { deck[a], deck[b] = deck[b], deck[a] })
		}
		events[i] = event{At: time.Duration(rng.Int64N(int64(d))), Kind: deck[0], Worker: rng.IntN(workers)}
		deck = deck[1:]
	}
	slices.SortStableFunc(events, func(a, b event) int { return int(a.At - b.At) })
	return events
}
