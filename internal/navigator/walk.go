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

// Walk is one job's way through the recipe's flows on one phone. It counts
// what it does across flows. Not safe for concurrent use.
type Walk struct {
	nav       *Navigator
	screen    Screen
	slots     map[string]string
	commit    CommitFunc
	committed bool

	// actions is how many were taken; met is how often, by guard.
	actions int
	met     map[string]int
	// taken is the step under way.
	taken Taken
	// seen is the last dump; nil once an action has made it old.
	seen *screen.Tree
}

// errNotSeen is what a wait ends with when the time is up.
var errNotSeen = errors.New("not seen in time")

// Run walks one flow of the recipe to its end and returns what it read. It
// blocks until then, until a step fails or ctx ends. Errors name the step, its
// goal and what was expected; they carry the class of the failure screen, of
// the Screen's own error, or fault.Infra. A commit's error keeps its class.
func (w *Walk) Run(ctx context.Context, flow string) (recipe.Values, error) {
	steps, ok := w.nav.recipe.Flow(flow)
	if !ok {
		return nil, fault.Errorf(fault.Input, "recipe %s has no flow %q", w.nav.recipe.Name(), flow)
	}
	if err := w.filled(); err != nil {
		return nil, err
	}
	w.seen = nil
	found := recipe.Values{}
	for i := range steps {
		s := &steps[i]
		w.nav.logger.DebugContext(ctx, "step begins", slog.String(logging.KeyStep, flow+"/"+s.ID))
		began := time.Now()
		w.taken = Taken{Flow: flow, Step: s}
		err := w.step(ctx, s, found)
		w.taken.Took, w.taken.Err = time.Since(began), err
		w.nav.stepFunc(w.taken)
		if err != nil {
			return nil, fmt.Errorf("%s/%s (%s): %w", flow, s.ID, s.Goal, err)
		}
	}
	return found, nil
}

// filled checks that the job has all the slots that the recipe speaks of.
func (w *Walk) filled() error {
	for _, name := range w.nav.recipe.Slots() {
		if _, ok := w.slots[name]; !ok {
			return fault.Errorf(fault.Input, "recipe %s needs %q, and the job has no such column",
				w.nav.recipe.Name(), name)
		}
	}
	return nil
}

// view is t with the job's values.
func (w *Walk) view(t *screen.Tree) *recipe.View { return w.nav.recipe.See(t, w.slots) }

func (w *Walk) step(ctx context.Context, s *recipe.Step, found recipe.Values) error {
	if s.When != nil {
		needed, err := w.needed(ctx, s)
		if err != nil || !needed {
			w.taken.Skipped = err == nil
			return err
		}
	}
	for try := 0; ; try++ {
		err := w.try(ctx, s, found, try > 0)
		switch {
		case !errors.Is(err, errNotSeen) || ctx.Err() != nil:
			return err
		case try < s.Retry:
			w.nav.logger.DebugContext(ctx, "step is tried again",
				slog.String(logging.KeyStep, s.ID), logging.Err(err))
		case s.Optional:
			w.nav.logger.DebugContext(ctx, "optional step left out",
				slog.String(logging.KeyStep, s.ID), logging.Err(err))
			return nil
		default:
			return err
		}
	}
}

func (w *Walk) needed(ctx context.Context, s *recipe.Step) (bool, error) {
	bounded, cancel := context.WithTimeoutCause(ctx, s.Patience(), errNotSeen)
	defer cancel()
	for {
		t, err := w.look(bounded)
		if err != nil {
			return false, unseen(err)
		}
		if answer := s.When.Ask(w.view(t)); answer != recipe.Unknown {
			return answer == recipe.Yes, nil
		}
		if err := w.pause(bounded); err != nil {
			return false, unseen(err)
		}
	}
}

// try runs s once. On a further try it is enough that s has worked meanwhile.
func (w *Walk) try(ctx context.Context, s *recipe.Step, found recipe.Values, again bool) error {
	if again {
		w.seen = nil
		if done, err := w.worked(ctx, s); done || err != nil {
			return err
		}
	}
	if s.Do == recipe.DoRead {
		return w.read(ctx, s, found)
	}
	target, err := w.seek(ctx, s)
	if err != nil {
		return err
	}
	if err := w.act(ctx, s, target); err != nil {
		return err
	}
	return w.await(ctx, s)
}

func (w *Walk) worked(ctx context.Context, s *recipe.Step) (bool, error) {
	bounded, cancel := context.WithTimeoutCause(ctx, s.Patience(), errNotSeen)
	defer cancel()
	t, err := w.look(bounded)
	if err != nil {
		return false, unseen(err)
	}
	return s.Expect.Holds(w.view(t)), nil
}

// seek looks for s's target until it is there, scrolling where s allows it. A
// step without a target needs none.
func (w *Walk) seek(ctx context.Context, s *recipe.Step) (*screen.Node, error) {
	if s.Irreversible() {
		w.seen = nil
	}
	bounded, cancel := context.WithTimeoutCause(ctx, s.Patience(), errNotSeen)
	defer cancel()
	for scrolled := 0; ; {
		t, err := w.look(bounded)
		if err != nil {
			return nil, w.missing(s, err)
		}
		if s.Needs.Holds(w.view(t)) {
			if len(s.Target) == 0 {
				return nil, nil //nolint:nilnil // a step without a target has none to find
			}
			if m, ok := s.Target.Find(w.view(t)); ok {
				w.taken.Found = m
				return m.Node, nil
			}
			if s.Scroll != nil && scrolled < s.Scroll.Max && s.Scroll.When.Holds(w.view(t)) {
				scrolled++
				if err := w.scroll(bounded, s.Scroll, t); err != nil {
					return nil, err
				}
			}
		}
		if err := w.pause(bounded); err != nil {
			return nil, w.missing(s, err)
		}
	}
}

// missing says what was looked for, in the recipe's words where it has some.
// They do not count when there was no screen to look at.
func (w *Walk) missing(s *recipe.Step, err error) error {
	if !errors.Is(err, errNotSeen) {
		return err
	}
	what := s.Target.String()
	if s.Needs != nil {
		what += " while " + s.Needs.String()
	}
	if s.Miss != nil && fault.Of(err) == fault.Unclassified {
		return fault.Errorf(s.Miss.Class.Fault(), "%s (looked for %s): %w", s.Miss.Message, what, err)
	}
	return infra(fmt.Errorf("looked for %s: %w", what, err))
}

// await looks until s's expectation holds.
func (w *Walk) await(ctx context.Context, s *recipe.Step) error {
	bounded, cancel := context.WithTimeoutCause(ctx, s.Patience(), errNotSeen)
	defer cancel()
	for {
		t, err := w.look(bounded)
		if err == nil && s.Expect.Holds(w.view(t)) {
			return nil
		}
		if err == nil {
			err = w.pause(bounded)
		}
		if errors.Is(err, errNotSeen) {
			return infra(fmt.Errorf("expected %s: %w", s.Expect, err))
		}
		if err != nil {
			return err
		}
	}
}

// pause waits before the next look, and makes it a fresh one.
func (w *Walk) pause(ctx context.Context) error {
	w.seen = nil
	timer := time.NewTimer(w.nav.poll)
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
