package navigator

import (
	"context"
	"fmt"
	"time"

	"postfleet/internal/fault"
)

const swipeTime = 400 * time.Millisecond

// act does what s says to n, the element that seek found.
func (w *Walk) act(ctx context.Context, s *step, n *node) error {
	switch s.Do {
	case doTap:
		if s.irreversible() {
			return w.publish(ctx, n)
		}
		return w.tap(ctx, n)
	case doType:
		if err := w.tap(ctx, n); err != nil {
			return err
		}
		return w.enter(ctx, s)
	case doSwipe:
		area := w.seen.bounds
		if n != nil {
			area = n.bounds
		}
		return w.swipe(ctx, area, s.Direction)
	case doBack:
		return w.back(ctx)
	default: // doWait: there is only something to expect
		return nil
	}
}

// publish is the only way to the irreversible tap. Between the commit and the
// tap nothing is looked at and nothing else is done.
func (w *Walk) publish(ctx context.Context, n *node) error {
	if w.committed {
		return fault.Errorf(fault.Infra, "the irreversible step was already taken in this walk")
	}
	if err := w.spend(ctx); err != nil {
		return err
	}
	if err := w.commit(ctx); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	w.committed = true
	x, y := n.bounds.centre()
	return w.done(ctx, "tap", w.screen.Tap(ctx, x, y))
}

// tap touches the middle of n, unless that is what only publish may touch.
func (w *Walk) tap(ctx context.Context, n *node) error {
	publish := w.nav.recipe.publish.Target
	for i := range publish {
		if publish[i].matches(n, w.slots) {
			return fault.Errorf(fault.Infra, "refused to tap %s: only step %s may",
				publish[i].String(), w.nav.recipe.publish.ID)
		}
	}
	if err := w.spend(ctx); err != nil {
		return err
	}
	x, y := n.bounds.centre()
	return w.done(ctx, "tap", w.screen.Tap(ctx, x, y))
}

func (w *Walk) enter(ctx context.Context, s *step) error {
	text := w.slots[s.Slot]
	if s.Value != nil {
		text = *s.Value
	}
	if err := w.spend(ctx); err != nil {
		return err
	}
	return w.done(ctx, "type", w.screen.Type(ctx, text))
}

func (w *Walk) back(ctx context.Context) error {
	if err := w.spend(ctx); err != nil {
		return err
	}
	return w.done(ctx, "go back", w.screen.Back(ctx))
}

// scroll moves the list that shows what sc.When names, or the whole screen.
func (w *Walk) scroll(ctx context.Context, sc *scroll, t *tree) error {
	area := t.bounds
	for _, n := range sc.When.find(t, w.slots) {
		if list := n.list(); list != nil {
			area = list.bounds
			break
		}
	}
	return w.swipe(ctx, area, sc.Direction)
}

// swipe moves a finger through the middle of area, away from its edges.
func (w *Walk) swipe(ctx context.Context, area rect, d direction) error {
	if err := w.spend(ctx); err != nil {
		return err
	}
	x, y := area.centre()
	dx, dy := 0, 0
	switch d {
	case moveUp:
		dy = (area.top - area.bottom) * 3 / 10
	case moveDown:
		dy = (area.bottom - area.top) * 3 / 10
	case moveLeft:
		dx = (area.left - area.right) * 3 / 10
	case moveRight:
		dx = (area.right - area.left) * 3 / 10
	}
	return w.done(ctx, "swipe", w.screen.Swipe(ctx, x-dx, y-dy, x+dx, y+dy, swipeTime))
}

// spend takes one action off the budget, and forgets the dump, which the
// action makes old.
func (w *Walk) spend(ctx context.Context) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if w.actions >= w.nav.maxSteps {
		return fault.Errorf(fault.Infra, "more than %d actions: going round in circles", w.nav.maxSteps)
	}
	w.actions++
	w.seen = nil
	return nil
}

func (w *Walk) done(ctx context.Context, what string, err error) error {
	if err == nil {
		return nil
	}
	return late(ctx, fmt.Errorf("%s: %w", what, err))
}
