package navigator

import (
	"context"
	"errors"
	"fmt"

	"postfleet/internal/fault"
	"postfleet/internal/recipe"
	"postfleet/internal/screen"
)

// seek looks for s's target until it is there, scrolling where s allows it. A
// step without a target needs none. What the irreversible step needs is the
// recipe's alone to find.
func (w *Walk) seek(ctx context.Context, s *recipe.Step) (*screen.Node, error) {
	var found *screen.Node
	scrolled := 0
	absent := func(v *recipe.View) []string {
		if !s.Needs.Holds(v) {
			return s.Needs.Missing(v)
		}
		return s.Target.Missing(v)
	}
	if s.Irreversible() {
		w.seen = nil
		absent = func(v *recipe.View) []string {
			if v.Known() {
				return nil
			}
			return s.Needs.Missing(v) // something may be in the way
		}
	}
	err := w.until(ctx, waiting{s, absent, func(v *recipe.View) (bool, error) {
		if s.Irreversible() {
			v = w.nav.recipe.See(v.Tree, w.slots)
		}
		if !s.Needs.Holds(v) {
			return false, nil
		}
		if len(s.Target) == 0 {
			return true, nil
		}
		if m, ok := s.Target.Find(v); ok && w.accepts(ctx, s, m, v) {
			w.taken.Found, found = m, m.Node
			return true, nil
		}
		if s.Scroll == nil || scrolled >= s.Scroll.Max || !s.Scroll.When.Holds(v) {
			return false, nil
		}
		scrolled++
		return false, w.scroll(ctx, s.Scroll, v)
	}, true})
	if err != nil {
		return nil, w.missing(s, err)
	}
	return found, nil
}

// accepts reports whether s may act on m, which is beyond doubt when the
// recipe's own selectors found it.
func (w *Walk) accepts(ctx context.Context, s *recipe.Step, m recipe.Match, v *recipe.View) bool {
	w.lore.act(ctx, m)
	if !m.Told() {
		return true
	}
	err := w.allowed(m.Node, v.Tree)
	if err == nil && s.Do == recipe.DoType && !m.Node.Editable() {
		err = fmt.Errorf("%w: it takes no text", errDenied)
	}
	if err == nil && s.Do == recipe.DoTap && !answers(m.Node) {
		err = fmt.Errorf("%w: it answers no touch", errDenied)
	}
	if err != nil {
		w.lore.refuse(ctx, w.lore.acted, err)
		w.lore.acted, w.seen = nil, nil
		return false
	}
	return true
}

// missing says what was looked for, in the recipe's words where it has some.
// They do not count when there was no screen to look at, or none that anybody
// knows: an app's next version may call the target something else.
func (w *Walk) missing(s *recipe.Step, err error) error {
	if !errors.Is(err, errNotSeen) {
		return err
	}
	what := s.Target.String() + while(s)
	if s.Miss != nil && w.known && fault.Of(err) == fault.Unclassified {
		return fault.Errorf(s.Miss.Class.Fault(), "%s (looked for %s): %w", s.Miss.Message, what, err)
	}
	return w.lore.helpless(fmt.Errorf("looked for %s: %w", what, err))
}

func while(s *recipe.Step) string {
	if s.Needs == nil {
		return ""
	}
	return " while " + s.Needs.String()
}

// await looks until s's expectation holds.
func (w *Walk) await(ctx context.Context, s *recipe.Step) error {
	err := w.until(ctx, waiting{s, s.Expect.Missing, func(v *recipe.View) (bool, error) {
		return s.Expect.Holds(v), nil
	}, false})
	if errors.Is(err, errNotSeen) {
		return w.lore.helpless(fmt.Errorf("expected %s: %w", s.Expect, err))
	}
	return err
}
