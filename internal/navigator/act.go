package navigator

import (
	"context"
	"fmt"
	"time"

	"postfleet/internal/fault"
	"postfleet/internal/navigator/permit"
	"postfleet/internal/recipe"
	"postfleet/internal/screen"
)

const swipeTime = 400 * time.Millisecond

// act does what s says to n, the element that seek found.
func (w *Walk) act(ctx context.Context, s *recipe.Step, n *screen.Node) error {
	switch s.Do {
	case recipe.DoTap:
		if s.Irreversible() {
			return w.publish(ctx, n)
		}
		return w.tap(ctx, n)
	case recipe.DoType:
		if err := w.tap(ctx, n); err != nil {
			return err
		}
		return w.enter(ctx, s)
	case recipe.DoSwipe:
		area := w.seen.Tree.Bounds
		if n != nil {
			area = n.Bounds
		}
		return w.swipe(ctx, area, s.Direction)
	case recipe.DoBack:
		return w.back(ctx)
	default: // recipe.DoWait: there is only something to expect
		return nil
	}
}

// publish is the only way to the irreversible tap. Between the commit and the
// tap nothing is looked at and nothing else is done.
func (w *Walk) publish(ctx context.Context, n *screen.Node) error {
	if w.committed {
		return fault.Errorf(fault.Infra, "the irreversible step was already taken in this walk")
	}
	if err := w.spend(ctx); err != nil {
		return err
	}
	right, err := permit.After(ctx, w.commit)
	if err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	w.committed = true
	return w.tapOnce(ctx, right, n)
}

// tapOnce touches the middle of n, which is what only publish may touch.
func (w *Walk) tapOnce(ctx context.Context, right permit.Permit, n *screen.Node) error {
	if !right.Use() {
		return fault.Errorf(fault.Infra, "the right to publish is used up")
	}
	x, y := n.Bounds.Centre()
	return w.done(ctx, "tap", w.screen.Tap(ctx, x, y))
}

// tap touches the middle of n, unless that is what only publish may touch.
func (w *Walk) tap(ctx context.Context, n *screen.Node) error {
	if w.nav.recipe.Publishes(n, w.slots) {
		publish := w.nav.recipe.Publish()
		return fault.Errorf(fault.Infra, "refused to tap %s: only step %s may", publish.Target, publish.ID)
	}
	if err := w.spend(ctx); err != nil {
		return err
	}
	x, y := n.Bounds.Centre()
	return w.done(ctx, "tap", w.screen.Tap(ctx, x, y))
}

func (w *Walk) enter(ctx context.Context, s *recipe.Step) error {
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
func (w *Walk) scroll(ctx context.Context, sc *recipe.Scroll, v *recipe.View) error {
	area := v.Tree.Bounds
	for _, n := range sc.When.Find(v) {
		if list := n.List(); list != nil {
			area = list.Bounds
			break
		}
	}
	return w.swipe(ctx, area, sc.Direction)
}

// swipe moves a finger through the middle of area, away from its edges.
func (w *Walk) swipe(ctx context.Context, area screen.Rect, d recipe.Direction) error {
	if err := w.spend(ctx); err != nil {
		return err
	}
	x, y := area.Centre()
	dx, dy := 0, 0
	switch d {
	case recipe.MoveUp:
		dy = (area.Top - area.Bottom) * 3 / 10
	case recipe.MoveDown:
		dy = (area.Bottom - area.Top) * 3 / 10
	case recipe.MoveLeft:
		dx = (area.Left - area.Right) * 3 / 10
	case recipe.MoveRight:
		dx = (area.Right - area.Left) * 3 / 10
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
