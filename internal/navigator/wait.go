package navigator

import (
	"context"
	"errors"
	"time"

	"postfleet/internal/fault"
	"postfleet/internal/recipe"
)

// waiting is what a step waits for: done says when it is there, missing which
// elements would be good to know of.
type waiting struct {
	step    *recipe.Step
	missing func(*recipe.View) []string
	done    func(*recipe.View) (bool, error)
	// here: it is on this screen, if the walk is where it should be.
	here bool
}

// until looks at the screen until what is waited for is there or the step's
// time is up, which is errNotSeen. The time begins anew when there was help.
func (w *Walk) until(ctx context.Context, what waiting) error {
	for {
		helped, err := w.spell(ctx, what)
		if !helped || err != nil {
			return err
		}
	}
}

func (w *Walk) spell(ctx context.Context, what waiting) (helped bool, err error) {
	began, patience := time.Now(), what.step.Patience()
	bounded, cancel := context.WithTimeoutCause(ctx, patience, errNotSeen)
	defer cancel()
	for {
		v, err := w.look(bounded)
		if err != nil {
			return false, err
		}
		w.known = v.Known()
		if ok, err := what.done(v); ok || err != nil {
			return false, err
		}
		waited := time.Since(began)
		late := waited > patience/2 || what.here && !v.Own() && waited > 2*calm
		helped, err := w.seekHelp(ctx, what.step, v, what.missing(v), late)
		if helped || err != nil {
			return helped, err
		}
		if err := w.pause(bounded); err != nil {
			return false, err
		}
	}
}

// pause waits before the next look, and makes it a fresh one. What the last look
// took on a slow link counts, but leaves the phone in peace for half a pause.
func (w *Walk) pause(ctx context.Context) error {
	w.seen = nil
	timer := time.NewTimer(max(w.nav.poll-time.Since(w.askedAt), w.nav.poll/2))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// unseen gives a class to the end of a wait for the screen itself.
func unseen(err error) error {
	if errors.Is(err, errNotSeen) {
		return infra(err)
	}
	return err
}

// infra marks err unless whoever made it knew its class.
func infra(err error) error {
	if fault.Of(err) != fault.Unclassified {
		return err
	}
	return fault.Mark(fault.Infra, err)
}
