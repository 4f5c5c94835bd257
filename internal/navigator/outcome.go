package navigator

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"postfleet/internal/learned"
	"postfleet/internal/recipe"
	"postfleet/internal/screen"
)

// held is called when a step has worked. What it acted on was right, and so was
// what brought the walk to where it acted.
func (l *lore) held(ctx context.Context, s *recipe.Step) {
	if l == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleTimeout)
	defer cancel()
	if l.acted != nil {
		l.acted.used = l.step
		l.confirm(ctx, l.acted)
	}
	if l.actedAt != nil {
		for _, c := range l.actedAt.clues {
			if c.doubted && c.used == 0 {
				c.used = l.step
			}
		}
	}
	l.each(func(c *clue) {
		if c.used > 0 && (c.used < l.step || c.name == "") {
			l.confirm(ctx, c)
		}
	})
	if l.here != nil {
		for _, name := range s.Elements() {
			switch c := l.here.clues[name]; {
			case c == nil || c.used > 0:
			case s.Irreversible():
				c.doubted = true
			default:
				c.used = l.step
			}
		}
	}
	l.release(ctx, func(s *sight) bool { return s.waits() })
}

// waits reports whether something of s may still be confirmed.
func (s *sight) waits() bool {
	for _, c := range s.clues {
		if (c.used > 0 || c.doubted) && !c.settled {
			return true
		}
	}
	return false
}

// blame is called when a step has not worked. It reports whether what it acted
// on was wrong and did nothing, so that the step may be tried with another. A
// phone that has shown no screen since proves nothing.
func (l *lore) blame(ctx context.Context) (again bool) {
	if l == nil || l.acted == nil {
		return false
	}
	c := l.acted
	l.acted = nil
	if !l.answered {
		return false
	}
	l.drop(ctx, c, learned.ExpectFailed)
	c.at.wrong[mark(c.name, l.actedOn)] = true
	c.at.tried = append(c.at.tried, "touching what was pointed out as "+c.name+" led to nothing that was expected")
	l.mistakes++
	return l.here == c.at && l.mistakes <= 2
}

// mark tells one element that was pointed out by that name from another.
func mark(name string, n *screen.Node) string { return fmt.Sprint(name, n.ID, n.Bounds) }

// drop forgets c, and says why to memory.
func (l *lore) drop(ctx context.Context, c *clue, why learned.Reason) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleTimeout)
	defer cancel()
	delete(c.at.clues, c.name)
	c.at.outline = ""
	delete(c.at.looked, c.name)
	switch {
	case c.settled:
	case c.use.Found():
		c.at.not[c.name] = append(c.at.not[c.name], c.use.ID)
		err := l.help.Memory.Fail(ctx, c.use, why)
		l.complain(ctx, "a failure was not written down", err)
	case c.at.lease != nil:
		l.complain(ctx, "a lease was not given back", c.at.lease.Forgo(ctx, c.name))
	}
	c.settled = true
}

// end is called when a walk has ended: with ok, whatever it used was right.
func (l *lore) end(ctx context.Context, ok bool) {
	if l == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleTimeout)
	defer cancel()
	l.each(func(c *clue) {
		switch {
		case ok && c.used > 0:
			l.confirm(ctx, c)
		case c.use.Found() && !c.settled:
			l.giveBack(ctx, c)
			delete(c.at.clues, c.name)
			delete(c.at.looked, c.name)
		}
	})
	l.release(ctx, func(*sight) bool { return false })
}

// giveBack gives back the record behind c, of which nothing came.
func (l *lore) giveBack(ctx context.Context, c *clue) {
	if c != nil && c.use.Found() && !c.settled {
		l.complain(ctx, "a record was not given back", l.help.Memory.Return(ctx, c.use))
	}
}

// confirm says to memory that c was right.
func (l *lore) confirm(ctx context.Context, c *clue) {
	if c.settled || l.help.Memory == nil {
		c.settled = true
		return
	}
	c.settled = true
	if c.use.Found() {
		l.complain(ctx, "a success was not written down", l.help.Memory.Succeed(ctx, c.use))
		return
	}
	if len(c.ways) == 0 {
		return
	}
	lease := c.at.lease
	if lease == nil {
		var err error
		if lease, err = l.leaseFor(ctx, c); lease == nil {
			l.complain(ctx, "what was learned was not written down", err)
			return
		}
	}
	err := lease.Confirm(ctx, learned.Finding{
		Wanted: l.wanted(c.at, c.name), Find: c.ways, Model: l.help.Model.Model(), Prompt: promptVersion,
		Private: l.private,
	})
	l.complain(ctx, "what was learned was not written down", err)
}

// untilReleased is no element's name: a lease on which it is sought is not given
// back when what was found under it has been confirmed.
const untilReleased = "(until released)"

// promptVersion is kept beside what was learned.
const promptVersion = "1"

// leaseFor is a lease for c alone, if it is to be had at once: the one under
// which it was pointed out has been given back.
func (l *lore) leaseFor(ctx context.Context, c *clue) (Lease, error) {
	const moment = time.Second
	ctx, cancel := context.WithTimeout(ctx, moment)
	defer cancel()
	use, lease, err := l.help.Memory.Await(ctx, c.at.place, l.wanted(c.at, c.name))
	if use.Found() { // another worker was faster
		return nil, l.help.Memory.Return(ctx, use)
	}
	if lease != nil {
		lease.Seek(c.name)
	}
	return lease, err
}

// release gives up all leases but those on screens that keep keeps.
func (l *lore) release(ctx context.Context, keep func(*sight) bool) {
	for _, s := range l.sights {
		if s.lease != nil && !keep(s) {
			l.complain(ctx, "a lease was not given back", s.lease.Release(ctx))
			s.lease = nil
		}
	}
}

func (l *lore) each(do func(c *clue)) {
	for _, s := range l.sights {
		for _, name := range slices.Sorted(maps.Keys(s.clues)) {
			do(s.clues[name])
		}
	}
}
