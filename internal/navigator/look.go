package navigator

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"postfleet/internal/fault"
	"postfleet/internal/logging"
)

// look returns what is on the screen: the last dump if nothing was done since,
// else a fresh one. Guards are dealt with first, so none applies to what it
// returns; a failure screen ends it.
func (w *Walk) look(ctx context.Context) (*tree, error) {
	for {
		if err := w.dump(ctx); err != nil {
			return nil, err
		}
		g := w.guardOn(w.seen)
		if g == nil {
			break
		}
		if err := w.deal(ctx, g); err != nil {
			return nil, fmt.Errorf("guard %s: %w", g.ID, err)
		}
	}
	for i := range w.nav.recipe.doc.Failures {
		f := &w.nav.recipe.doc.Failures[i]
		if f.When.holds(w.seen, w.slots) {
			c, _ := f.Class.fault()
			return nil, fault.Errorf(c, "%s (screen %s)", f.Message, f.ID)
		}
	}
	return w.seen, nil
}

// dump fetches the screen unless the last dump is still good.
func (w *Walk) dump(ctx context.Context) error {
	if w.seen != nil {
		return nil
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	source, err := w.screen.Source(ctx)
	if err != nil {
		return late(ctx, fmt.Errorf("read the screen: %w", err))
	}
	t, err := parseTree(source)
	if err != nil {
		return fault.Mark(fault.Infra, err)
	}
	w.seen = t
	return nil
}

// late adds why ctx ended to an error of a call that its end cut short.
func late(ctx context.Context, err error) error {
	if ctx.Err() == nil {
		return infra(err)
	}
	err = fmt.Errorf("%w: %w", context.Cause(ctx), err)
	if errors.Is(err, errNotSeen) {
		return infra(err)
	}
	return err
}

func (w *Walk) guardOn(t *tree) *guard {
	for i := range w.nav.recipe.doc.Guards {
		if g := &w.nav.recipe.doc.Guards[i]; g.When.holds(t, w.slots) {
			return g
		}
	}
	return nil
}

// deal acts on g once and waits until it is gone, because a second tap on a
// dialog that is closing would land on what lies beneath.
func (w *Walk) deal(ctx context.Context, g *guard) error {
	if w.met[g.ID] >= g.Max {
		return fault.Errorf(fault.Infra, "it appeared more than %d times", g.Max)
	}
	w.met[g.ID]++
	w.nav.logger.InfoContext(ctx, "interruption dealt with", slog.String(logging.KeyStep, g.ID))
	if err := w.interrupt(ctx, g); err != nil {
		return err
	}
	bounded, cancel := context.WithTimeoutCause(ctx, defaultTimeout, errNotSeen)
	defer cancel()
	for {
		err := w.pause(bounded)
		if err == nil {
			err = w.dump(bounded)
		}
		if errors.Is(err, errNotSeen) {
			return infra(fmt.Errorf("waited for it to go: %w", err))
		}
		if err != nil {
			return err
		}
		if !g.When.holds(w.seen, w.slots) {
			return nil
		}
	}
}

func (w *Walk) interrupt(ctx context.Context, g *guard) error {
	if g.Do == doBack {
		return w.back(ctx)
	}
	n := resolve(g.Target, w.seen, w.slots)
	if n == nil {
		return fault.Errorf(fault.Infra, "looked for %s", describe(g.Target))
	}
	return w.tap(ctx, n)
}
