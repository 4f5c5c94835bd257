package orchestrator

import (
	"slices"
	"time"

	"github.com/cenkalti/backoff/v5"
)

// restarts is one slot's memory of its restarts: how long to wait before the
// next, and when enough is enough. One goroutine uses it.
//
// The first restart of a row comes at once: most workers die once, and their
// jobs wait. A row is broken by a worker that ran for Restart.HealthyAfter.
type restarts struct {
	cfg     Restart
	backoff *backoff.ExponentialBackOff
	// draw returns a number in [0, 1).
	draw func() float64
	// inRow counts the restarts since a worker was last healthy.
	inRow  int
	recent []time.Time
	total  int
}

const backoffMultiplier = 2

func newRestarts(cfg Restart, draw func() float64) *restarts {
	b := backoff.NewExponentialBackOff()
	b.InitialInterval, b.MaxInterval = cfg.Backoff, cfg.BackoffMax
	b.Multiplier, b.RandomizationFactor = backoffMultiplier, 0 // the jitter is ours, see wait
	b.Reset()
	return &restarts{cfg: cfg, backoff: b, draw: draw}
}

// next returns how long to wait before the worker, which ran that long, is made
// again; false when the slot has used up its restarts.
func (r *restarts) next(ran time.Duration) (time.Duration, bool) {
	now := time.Now()
	r.recent = slices.DeleteFunc(r.recent, func(t time.Time) bool { return now.Sub(t) >= r.cfg.Window })
	if len(r.recent) >= r.cfg.Max {
		return 0, false
	}
	r.recent = append(r.recent, now)
	r.total++
	if r.healthy(ran) {
		r.inRow = 0
		r.backoff.Reset()
	}
	r.inRow++
	if r.inRow == 1 {
		return 0, true
	}
	return r.wait(), true
}

// wait has equal jitter: half of it is certain, the other half drawn, so that
// slots that died together do not start together, and none starts at once.
func (r *restarts) wait() time.Duration {
	half := min(r.backoff.NextBackOff(), r.cfg.BackoffMax) / 2
	return half + time.Duration(r.draw()*float64(half))
}

// healthy reports whether a worker that ran that long was well.
func (r *restarts) healthy(ran time.Duration) bool { return ran >= r.cfg.HealthyAfter }
