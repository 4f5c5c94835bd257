package navigator

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"time"

	"postfleet/internal/fault"
	"postfleet/internal/learned"
	"postfleet/internal/logging"
	"postfleet/internal/recipe"
	"postfleet/internal/screen"
)

// follow does what the model says of asked, as far as that is within what a
// walk does. While the model thought, the screen may have become another: what
// is done is done on a fresh dump of the same one.
func (w *Walk) follow(ctx context.Context, a *Answer, asked *recipe.View) (bool, error) {
	l, at := w.lore, w.lore.here
	outline := asked.Tree.Outline(l.recipe.AppID())
	if len(a.Elements) > 0 {
		l.point(ctx, a.Elements, outline, asked.Tree)
	}
	w.seen = nil
	v, err := w.look(ctx)
	if err != nil {
		return false, err
	}
	if len(a.Elements) > 0 || l.here != at {
		return true, nil
	}
	return w.obey(ctx, a, outline, asked, v)
}

// obey does on v what is no matter of elements. Once something may be under way
// to being published the walk neither scrolls nor goes back on the model's word:
// that could end it.
func (w *Walk) obey(
	ctx context.Context, a *Answer, outline screen.Outline, asked, v *recipe.View,
) (bool, error) {
	l := w.lore
	switch {
	case a.Verb == VerbGiveUp:
		return false, fault.Errorf(fault.Infra, "nobody knows this screen: the model gives up (%s)", a.Reason)
	case a.Verb == VerbWait:
		const rest = 5 * time.Second
		l.here.rest, l.here.asked = time.Now().Add(rest), 0
		return true, nil
	case v.Flows(): // it is no interruption, and no place to leave
		l.here.tried = append(l.here.tried, "nothing: it is one of the app's screens that the program knows")
		return false, nil
	case a.Dismiss > 0:
		n := outline.Node(a.Dismiss)
		if n == nil {
			return false, nil
		}
		c := &clue{at: l.here, ways: identify(n, asked.Tree, nil), node: n}
		there := c.on(v.Tree, l.recipe)
		if there == nil {
			l.here.tried = append(l.here.tried, "nothing: what was said to close this screen had gone by then")
			return true, nil
		}
		return w.dismiss(ctx, c, there[0], v)
	case w.publishing():
		return false, nil
	default:
		return w.move(ctx, a.Verb, v)
	}
}

// point takes note of the elements that a model pointed out.
func (l *lore) point(ctx context.Context, elements map[string]int, outline screen.Outline, t *screen.Tree) {
	l.here.outline = outline.String()
	for name, number := range elements {
		i := slices.IndexFunc(outline.Lines, func(line screen.Line) bool { return line.Number == number && number > 0 })
		old := l.here.clues[name]
		if i < 0 || !slices.Contains(l.recipe.Elements(), name) || old != nil && old.on(t, l.recipe) != nil {
			continue
		}
		n := speaking(outline.Lines[i])
		if l.here.wrong[mark(name, n)] {
			continue
		}
		l.giveBack(ctx, old)
		c := &clue{name: name, at: l.here, node: n, ways: identify(n, t, l.recipe.Element(name))}
		l.here.clues[name] = c
	}
}

// speaking is the element of a line, or the one in it whose text the line is.
func speaking(line screen.Line) *screen.Node {
	if line.Node.Text == "" && line.Node.Desc == "" && len(line.Parts) == 1 && !line.Node.Actionable() {
		return line.Parts[0]
	}
	return line.Node
}

// dismiss closes an interruption with a touch of n, and waits until it is gone.
func (w *Walk) dismiss(ctx context.Context, c *clue, n *screen.Node, v *recipe.View) (bool, error) {
	l := w.lore
	if err := w.closes(n, v.Tree); err != nil {
		l.refuse(ctx, c, err)
		return false, nil
	}
	if l.dismissals++; l.dismissals > maxDismissals {
		return false, fault.Errorf(fault.Infra, "more than %d unknown interruptions", maxDismissals)
	}
	at := l.here
	at.clues[""] = c
	l.logger.InfoContext(ctx, "unknown interruption dealt with")
	if err := w.tap(ctx, n); err != nil {
		return false, err
	}
	bounded, cancel := context.WithTimeoutCause(ctx, recipe.DefaultTimeout/3, errNotSeen)
	defer cancel()
	for l.here == at {
		err := w.pause(bounded)
		if err == nil {
			err = w.dump(bounded)
		}
		if errors.Is(err, errNotSeen) {
			l.drop(ctx, c, learned.ExpectFailed)
			at.tried = append(at.tried, "touching what was said to close this screen did not close it")
			return true, nil
		}
		if err != nil {
			return false, err
		}
	}
	c.used = l.step
	return true, nil
}

// refuse takes note of a clue that leads to what must not be touched.
func (l *lore) refuse(ctx context.Context, c *clue, why error) {
	l.logger.WarnContext(ctx, "not touched", slog.String(keyElement, c.name), logging.Err(why))
	l.drop(ctx, c, learned.PolicyDenied)
	l.trouble = why
	c.at.tried = append(c.at.tried, "what was pointed out must not be touched")
}

// move scrolls or goes back, because the model says so.
func (w *Walk) move(ctx context.Context, verb Verb, v *recipe.View) (bool, error) {
	l := w.lore
	if l.dismissals++; l.dismissals > maxDismissals {
		return false, fault.Errorf(fault.Infra, "more than %d moves on unknown screens", maxDismissals)
	}
	l.here.tried = append(l.here.tried, string(verb))
	switch verb {
	case VerbBack:
		return true, w.back(ctx)
	case VerbScrollUp:
		return true, w.swipe(ctx, v.Tree.Bounds, recipe.MoveDown)
	case VerbScrollDown:
		return true, w.swipe(ctx, v.Tree.Bounds, recipe.MoveUp)
	default:
		return false, nil
	}
}
