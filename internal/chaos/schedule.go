package main

import (
	"math/rand/v2"
	"slices"
	"time"
)

// event is one fault of a schedule.
type event struct {
	// At is counted from the start of the round.
	At   time.Duration
	Kind string
	// Worker is whose container, or phone, is struck.
	Worker int
	// Hold is how long the fault lasts, where that is a matter of choice.
	Hold time.Duration
}

// schedule draws n faults within d, sorted by time. The same arguments give the
// same schedule. Every kind comes once before any comes again.
func schedule(kinds []kind, seed uint64, d time.Duration, n, workers int) []event {
	const stream = 4
	rng := rand.New(rand.NewPCG(seed, stream))
	var deck []kind
	events := make([]event, n)
	for i := range events {
		if len(deck) == 0 {
			deck = slices.Clone(kinds)
			rng.Shuffle(len(deck), func(a, b int) { deck[a], deck[b] = deck[b], deck[a] })
		}
		k := deck[0]
		deck = deck[1:]
		events[i] = event{
			At: time.Duration(rng.Int64N(int64(d))), Kind: k.name, Worker: rng.IntN(workers),
			Hold: k.least + time.Duration(rng.Int64N(int64(k.most-k.least)+1)),
		}
	}
	slices.SortStableFunc(events, func(a, b event) int { return int(a.At - b.At) })
	return events
}
