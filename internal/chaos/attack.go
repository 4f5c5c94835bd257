package main

import (
	"context"
	"slices"
	"sync"
	"time"
)

// storm is an attack by all the kinds, as the schedule of the seed has them.
func storm(kinds []kind, events []event) func(context.Context, *round) {
	return func(ctx context.Context, r *round) {
		var strikes sync.WaitGroup
		defer strikes.Wait()
		begun := time.Now()
		for _, e := range events {
			sleep(ctx, time.Until(begun.Add(e.At)))
			if ctx.Err() != nil {
				return
			}
			i := slices.IndexFunc(kinds, func(k kind) bool { return k.name == e.Kind })
			strikes.Go(func() { r.hit(ctx, kinds[i], e) })
		}
	}
}

// killings is an attack on one worker after the other, each in the middle of a
// job while all else is well.
func killings(k kind, kills int) func(context.Context, *round) {
	return func(ctx context.Context, r *round) {
		last := make([]time.Time, r.cfg.workers)
		for i := range kills {
			worker := i % r.cfg.workers
			if !r.waitForClaim(ctx, worker, last[worker]) {
				return
			}
			sleep(ctx, time.Second) // into the job
			last[worker] = time.Now()
			r.hit(ctx, k, event{Kind: k.name, Worker: worker})
			r.waitForClaim(ctx, worker, last[worker])
		}
	}
}

// waitForClaim reports whether the worker claimed after t before the round was over.
func (r *round) waitForClaim(ctx context.Context, worker int, t time.Time) bool {
	tick := time.NewTicker(followEach)
	defer tick.Stop()
	for {
		if _, ok := r.claims.After(workerID(worker), t); ok {
			return true
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return false
		}
	}
}
