package learned

import (
	"context"
	"time"

	"postfleet/internal/logging"
)

// Succeed says that a record led to the element and that what was expected of
// it came about. What others should hear of is written at once; the success of
// a record that is trusted anyway is counted, and written with the next change
// or after twenty minutes.
func (b *Book) Succeed(ctx context.Context, u Use) error {
	if !u.Found() {
		return nil
	}
	x, err := b.view()
	if err != nil {
		return err
	}
	by := b.attempt(u)
	r := x.of.find(u.ID)
	if r == nil || !r.Active() {
		return nil // what was learned since is another's
	}
	if !r.tells(by) {
		b.keepUses(map[string]tally{u.ID: {n: 1, last: by}})
		if by.at.Sub(r.LastOK) < flushEvery {
			return nil
		}
		return b.change(ctx, "count", func(*contents, time.Time) (bool, error) { return true, nil })
	}
	return b.change(ctx, "confirm", func(c *contents, _ time.Time) (bool, error) {
		return c.alter(u.ID, func(r *Record) { r.succeed(by) }), nil
	})
}

// Fail says that a record led to an element, and that it was not the right one:
// ExpectFailed; or that it leads to what must not be used: PolicyDenied. That
// there was no such element, or several, is no failure: Return.
func (b *Book) Fail(ctx context.Context, u Use, why Reason) error {
	if !u.Found() {
		return nil
	}
	by := b.attempt(u)
	var stop *Stop
	err := b.change(ctx, "give up", func(c *contents, now time.Time) (bool, error) {
		return c.alter(u.ID, func(r *Record) {
			if r.fail(by, why) {
				stop = c.takenOut(r, u.version, stamp(now))
			}
		}), nil
	})
	if err == nil && stop != nil {
		b.log.ErrorContext(ctx, "learning is off for a version of the app until its stop is dropped",
			logging.Err(stop.Err()))
	}
	return err
}

// Return gives a record back of which nothing came, so that somebody else may
// try it. It does so also when ctx has ended.
func (b *Book) Return(ctx context.Context, u Use) error {
	if !u.Found() {
		return nil
	}
	x, err := b.view()
	if err != nil {
		return err
	}
	if r := x.of.find(u.ID); r == nil || r.Canary == nil {
		return nil
	}
	ctx, cancel := afterwards(ctx)
	defer cancel()
	return b.change(ctx, "give back", func(c *contents, _ time.Time) (bool, error) {
		r := c.find(u.ID)
		if r == nil || r.Canary == nil || r.Canary.Worker != b.cfg.Worker {
			return false, nil
		}
		r.Canary = nil
		c.touch(r)
		return true, nil
	})
}

func (b *Book) attempt(u Use) attempt {
	return attempt{worker: b.cfg.Worker, version: u.version, at: stamp(time.Now())}
}

// stamp is t as the file has it.
func stamp(t time.Time) time.Time { return t.UTC().Truncate(time.Millisecond) }

// alter changes an active record, and reports whether it was there.
func (c *contents) alter(id string, change func(r *Record)) bool {
	r := c.find(id)
	if r == nil || !r.Active() {
		return false
	}
	change(r)
	c.touch(r)
	return true
}
