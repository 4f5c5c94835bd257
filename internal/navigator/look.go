package navigator

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"postfleet/internal/fault"
	"postfleet/internal/logging"
	"postfleet/internal/recipe"
	"postfleet/internal/screen"
)

// look returns what is on the screen: the last dump if nothing was done since,
// else a fresh one. Guards are dealt with first, so none applies to what it
// returns; a failure screen ends it. Both are the recipe's alone to recognise.
func (w *Walk) look(ctx context.Context) (*recipe.View, error) {
	for {
		if err := w.dump(ctx); err != nil {
			return nil, err
		}
		if w.told {
			return w.seen, nil
		}
		g := w.guardOn(w.seen)
		if g == nil {
			break
		}
		if err := w.deal(ctx, g); err != nil {
			return nil, fmt.Errorf("guard %s: %w", g.ID, err)
		}
	}
	for i := range w.nav.recipe.Failures() {
		f := &w.nav.recipe.Failures()[i]
		if f.When.Holds(w.seen) {
			return nil, fault.Errorf(f.Class.Fault(), "%s (screen %s)", f.Message, f.ID)
		}
	}
	if w.nav.help.IgnoreSelectors {
		w.seen.Ignore()
	}
	w.lore.tell(w.seen)
	w.told = true
	return w.seen, nil
}

// dump fetches the screen unless the last dump is still good: nothing was done
// since, and no time went by with other things, such as writing to memory.
func (w *Walk) dump(ctx context.Context) error {
	const fresh = time.Second
	if w.seen != nil && time.Since(w.seenAt) < fresh {
		return nil
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	w.askedAt = time.Now()
	source, err := w.screen.Source(ctx)
	if err != nil {
		return late(ctx, fmt.Errorf("read the screen: %w", err))
	}
	t, err := screen.Parse(source)
	if err != nil {
		return fault.Mark(fault.Infra, err)
	}
	w.seen, w.seenAt, w.told = w.nav.recipe.See(t, w.slots), time.Now(), false
	w.lore.meet(ctx, t)
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

func (w *Walk) guardOn(v *recipe.View) *recipe.Guard {
	for i := range w.nav.recipe.Guards() {
		if g := &w.nav.recipe.Guards()[i]; g.When.Holds(v) {
			return g
		}
	}
	return nil
}

// deal acts on g once and waits until it is gone, because a second tap on a
// dialog that is closing would land on what lies beneath.
func (w *Walk) deal(ctx context.Context, g *recipe.Guard) error {
	if w.met[g.ID] >= g.Max {
		return fault.Errorf(fault.Infra, "it appeared more than %d times", g.Max)
	}
	w.met[g.ID]++
	w.nav.logger.InfoContext(ctx, "interruption dealt with", slog.String(logging.KeyStep, g.ID))
	if err := w.interrupt(ctx, g); err != nil {
		return err
	}
	bounded, cancel := context.WithTimeoutCause(ctx, recipe.DefaultTimeout, errNotSeen)
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
		if !g.When.Holds(w.seen) {
			return nil
		}
	}
}

func (w *Walk) interrupt(ctx context.Context, g *recipe.Guard) error {
	if g.Do == recipe.DoBack {
		return w.back(ctx)
	}
	m, ok := g.Target.Find(w.seen)
	if !ok {
		return fault.Errorf(fault.Infra, "looked for %s", g.Target)
	}
	return w.tap(ctx, m.Node)
}
