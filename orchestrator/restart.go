package orchestrator

import (
	"slices"
	"time"

	"github.com/cenkalti/backoff/v5"
)

// restarts is one slot's memory of its restarts: how long to wait before the
// next, and when enough is enough. One goroutine uses it.
type restarts struct {
	cfg     Restart
	backoff *backoff.ExponentialBackOff
	recent  []time.Time
	total   int
}

const (
	backoffMultiplier = 2
	// backoffJitter keeps slots that died together from starting together.
	backoffJitter = 0.1
)

func newRestarts(cfg Restart) *restarts {
	b := backoff.NewExponentialBackOff()
	b.InitialInterval, b.MaxInterval = cfg.Backoff, cfg.BackoffMax
	b.Multiplier, b.RandomizationFactor = backoffMultiplier, backoffJitter
	b.Reset()
	return &restarts{cfg: cfg, backoff: b}
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
	if ran >= r.cfg.HealthyAfter {
		r.backoff.Reset()
	}
	return min(r.backoff.NextBackOff(), r.cfg.BackoffMax), true
}
