package navigator

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"postfleet/internal/learned"
	"postfleet/internal/logging"
	"postfleet/internal/recipe"
	"postfleet/internal/screen"
)

// seekHelp asks memory, then the model, for elements that are missing on v. It
// reports whether the screen is worth another look, whose time begins anew.
// late says that half of the step's time has passed.
func (w *Walk) seekHelp(ctx context.Context, s *recipe.Step, v *recipe.View, names []string, late bool) (bool, error) {
	l := w.lore
	if l == nil || l.here == nil || !l.repeated || len(names) == 0 {
		return false, nil
	}
	l.here.busy = false
	if l.remember(ctx, names, v) {
		l.tell(v)
		return true, nil
	}
	if closed, err := w.closeKnown(ctx, v); closed || err != nil {
		return closed, err
	}
	if l.here.busy && l.stepWaits < maxStepWaits {
		l.stepWaits++
		return true, w.pause(ctx)
	}
	if !l.mayAsk(v, late) {
		return false, nil
	}
	answer, again, err := w.consult(ctx, s, v, names)
	if answer == nil {
		return again, err
	}
	return w.follow(ctx, answer, v)
}

// consult waits for the right to ask about the screen, and asks. Without an
// answer it reports whether the screen is worth another look.
func (w *Walk) consult(ctx context.Context, s *recipe.Step, v *recipe.View, names []string) (*Answer, bool, error) {
	l := w.lore
	ctx, cancel := context.WithTimeout(ctx, helpTimeout)
	defer cancel()
	began := time.Now()
	again, err := l.attain(ctx, names, v.Tree)
	if again || err != nil || time.Since(began) > calm {
		w.seen = nil // it may be another screen by now
		return nil, err == nil, l.note(ctx, err)
	}
	answer, err := w.ask(ctx, s, v, names)
	if err != nil {
		return nil, false, l.note(ctx, err)
	}
	return &answer, false, nil
}

// note takes note of why there was no help, which is no reason to give up:
// what is missing may still come.
func (l *lore) note(ctx context.Context, err error) error {
	if err == nil || ctx.Err() != nil && !errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return err
	}
	l.trouble, l.stepAsks = err, maxStepAsks
	l.logger.WarnContext(ctx, "no help on an unknown screen", logging.Err(err))
	return nil
}

// remember looks missing elements up in memory, and reports whether any is
// known now. A screen on which another element is known is known itself. While
// another worker tries one of them, nothing further is taken: that worker may need
// it next, and each would wait for the other.
func (l *lore) remember(ctx context.Context, names []string, v *recipe.View) bool {
	if l.help.Memory == nil {
		return false
	}
	known := false
	for _, name := range names {
		known = l.lookUp(ctx, name, v.Tree) || known
		if l.here.busy {
			return known
		}
	}
	if known || v.Known() {
		return known
	}
	return slices.ContainsFunc(l.recipe.Elements(), func(name string) bool { return l.lookUp(ctx, name, v.Tree) })
}

// lookUp asks memory for one element, once for each step, and again when what led
// to nothing before does so no more.
func (l *lore) lookUp(ctx context.Context, name string, t *screen.Tree) bool {
	at := l.here
	if slices.ContainsFunc(at.nowhere[name], func(c *clue) bool { return c.on(t, l.recipe) != nil }) {
		delete(at.nowhere, name)
		delete(at.looked, name)
	}
	if at.looked[name] || at.clues[name] != nil {
		return false
	}
	at.looked[name] = true
	use, why, err := l.help.Memory.Lookup(ctx, at.place, l.wanted(at, name))
	if err != nil {
		l.complain(ctx, "memory was not read", err)
		return false
	}
	if !use.Found() {
		if why == learned.BeingLearned { // it will be known soon
			at.busy, at.looked[name] = true, false
		}
		if why != learned.NoEntry {
			l.logger.DebugContext(ctx, "what was learned is not used",
				slog.String(keyElement, name), slog.String(keyReason, string(why)))
		}
		return false
	}
	return l.take(ctx, name, use, t)
}

// The attribute keys of this package.
const (
	keyElement = "element"
	keyReason  = "reason"
)

// take makes a clue of a record, if it leads to anything.
func (l *lore) take(ctx context.Context, name string, use learned.Use, t *screen.Tree) bool {
	c := &clue{name: name, at: l.here, ways: use.Find, use: use}
	if c.on(t, l.recipe) == nil {
		l.here.nowhere[name] = append(l.here.nowhere[name], c)
		l.complain(ctx, "a record was not given back", l.help.Memory.Return(ctx, use))
		return false
	}
	l.here.clues[name] = c
	return true
}

// closeKnown closes an interruption that memory knows.
func (w *Walk) closeKnown(ctx context.Context, v *recipe.View) (bool, error) {
	l := w.lore
	if l.help.Memory == nil || v.Known() || v.Flows() {
		return false, nil
	}
	l.lookUp(ctx, "", v.Tree)
	c := l.here.clues[""]
	if c == nil {
		return false, nil
	}
	nodes := c.on(v.Tree, l.recipe)
	if nodes == nil {
		return false, nil
	}
	return w.dismiss(ctx, c, nodes[0], v)
}

// mayAsk reports whether the model may be asked about the screen now: it has
// been the same for a while, there is something to be touched on it, and the
// recipe does not know it, unless waiting has led to nothing.
func (l *lore) mayAsk(v *recipe.View, late bool) bool {
	switch {
	case l.help.Model == nil, l.asks >= maxAsks, l.stepAsks >= maxStepAsks:
		return false
	case l.here.asked > len(l.here.tried), time.Now().Before(l.here.rest):
		return false
	case time.Since(l.since) < calm, v.Known() && !late:
		return false
	}
	return slices.ContainsFunc(v.Tree.Nodes, func(n *screen.Node) bool {
		return n.Package == l.recipe.AppID() && n.Actionable() && n.Enabled
	})
}

// attain waits for the right to find out about the screen. It reports whether
// another worker has found out meanwhile, or is about to.
func (l *lore) attain(ctx context.Context, names []string, t *screen.Tree) (found bool, err error) {
	if l.help.Memory == nil || l.here.lease != nil {
		return false, nil
	}
	for _, name := range names {
		use, lease, err := l.help.Memory.Await(ctx, l.here.place, l.wanted(l.here, name))
		switch {
		case err != nil:
			return found, fmt.Errorf("wait for what others learn: %w", err)
		case lease != nil:
			lease.Seek(untilReleased)
			l.here.lease = lease
			return found || l.known(ctx, t), nil
		}
		l.hear(ctx, name, use, t)
		found = true
	}
	return found, nil
}

// hear takes what others have found out meanwhile. What leads nowhere on t, which
// is old by now, is to be looked up once more, on a fresh dump.
func (l *lore) hear(ctx context.Context, name string, use learned.Use, t *screen.Tree) {
	l.giveBack(ctx, l.here.clues[name])
	c := &clue{name: name, at: l.here, ways: use.Find, use: use}
	l.here.clues[name] = c
	if c.on(t, l.recipe) == nil {
		delete(l.here.clues, name)
		delete(l.here.looked, name)
		l.giveBack(ctx, c)
	}
}

// known reports whether the screen turns out to be an interruption that others
// have found out about. Nothing is asked then, so the lease is given back.
func (l *lore) known(ctx context.Context, t *screen.Tree) bool {
	l.here.busy = false
	delete(l.here.looked, "")
	if !l.lookUp(ctx, "", t) && (!l.here.busy || l.stepWaits >= maxStepWaits) {
		return false
	}
	l.complain(ctx, "a lease was not given back", l.here.lease.Release(ctx))
	l.here.lease = nil
	return true
}

// ask puts the question.
func (w *Walk) ask(ctx context.Context, s *recipe.Step, v *recipe.View, names []string) (Answer, error) {
	l := w.lore
	l.asks++
	l.stepAsks++
	l.here.asked++
	q := Question{
		Goal: s.Goal, Step: s.ID, Wanted: l.named(names), Known: l.named(l.recipe.Elements()),
		Tree: v.Tree, Outline: v.Tree.Outline(l.recipe.AppID()), Tried: slices.Clone(l.here.tried), Slots: w.slots,
	}
	if l.help.PictureFunc != nil {
		png, err := l.help.PictureFunc(ctx)
		if err != nil {
			l.logger.WarnContext(ctx, "no picture for the model", logging.Err(err))
		}
		q.PNG = png
	}
	answer, err := l.help.Model.Ask(ctx, q)
	if err != nil {
		return Answer{}, fmt.Errorf("ask the model: %w", err)
	}
	l.logger.InfoContext(ctx, "model asked about an unknown screen", slog.String(logging.KeyStep, s.ID))
	return answer, nil
}

func (l *lore) named(names []string) []Named {
	list := make([]Named, 0, len(names))
	for _, name := range names {
		list = append(list, Named{Name: name, Is: l.recipe.Element(name).Is})
	}
	return list
}
