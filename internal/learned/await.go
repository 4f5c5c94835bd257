package learned

import (
	"context"
	"fmt"
	"time"
)

// Await waits until what is wanted can be had: a record, as from Lookup, or the
// lease, which is the right to find out what the whole screen says; or until
// ctx ends. Exactly one of the three comes. A worker that has the lease on the
// screen gets it at once. While it waits its other leases are not renewed, or
// two workers could wait for each other for ever.
//
// One goroutine of a worker waits for one screen. It is ErrLearningOff when there is no record and none is to be made.
func (b *Book) Await(ctx context.Context, at Place, w Wanted) (Use, *Lease, error) {
	b.waiting.Add(1)
	defer b.waiting.Add(-1)
	for {
		u, l, err := b.attain(ctx, at, w)
		if err != nil || l != nil || u.Found() {
			return u, l, err
		}
		timer := time.NewTimer(lookEvery)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return Use{}, nil, fmt.Errorf("wait for what another worker learns: %w", context.Cause(ctx))
		}
	}
}

// attain is Await that does not wait; nothing is returned when it would.
func (b *Book) attain(ctx context.Context, at Place, w Wanted) (Use, *Lease, error) {
	j, err := b.look(at, w)
	if err != nil {
		return Use{}, nil, err
	}
	var lease *Lease
	switch j.what {
	case toUse:
		return j.record.use(at), nil, nil
	case toWait:
		return Use{}, nil, nil
	case toTry, toLearn:
	}
	if own := b.holding(at); own != nil && j.what == toLearn {
		return Use{}, own, nil
	}
	err = b.change(ctx, "learn", func(c *contents, now time.Time) (bool, error) {
		j = c.judge(c.matching(w.key(at)), at, w, b.asker(now))
		if j.what != toLearn {
			return c.ticket(&j, b.cfg.Worker, now), nil
		}
		if err := c.stopped(at.App, at.Version); err != nil {
			return false, err
		}
		lease = b.newLease(at, c.Revision)
		c.grant(at, b.cfg.Worker, lease.token, now)
		return true, nil
	})
	switch {
	case err != nil:
		return Use{}, nil, err
	case lease != nil:
		b.hold(ctx, lease)
		return Use{}, lease, nil
	case j.what == toUse:
		return j.record.use(at), nil, nil
	}
	return Use{}, nil, nil
}
