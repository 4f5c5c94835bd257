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
)

// Walk is one job's way through the recipe's flows on one phone. It counts
// what it does across flows. Not safe for concurrent use.
type Walk struct {
	nav       *Navigator
	screen    Screen
	slots     map[string]string
	commit    CommitFunc
	committed bool
	// readOnly: it may not publish. It may be looking for what became of a share.
	readOnly bool
	lore     *lore

	// actions is how many were taken; met is how often, by guard.
	actions int
	met     map[string]int
	// taken is the step under way.
	taken Taken
	// seen is the last dump; nil once an action has made it old.
	seen *recipe.View
	// askedAt is when seen was asked for, and seenAt when it came; known is whether
	// the screen was one that is known.
	askedAt, seenAt time.Time
	known           bool
	// told: seen had no guard and no failure, and what is known of it beyond the
	// recipe is in it.
	told bool
	// hearsay: see Hearsay.
	hearsay bool
}

// errNotSeen is what a wait ends with when the time is up.
var errNotSeen = errors.New("not seen in time")

// Run walks one flow of the recipe to its end and returns what it read. It
// blocks until then, until a step fails or ctx ends. It goes on from what the Run
// before saw last, if that was a moment ago: whoever does something else to the
// phone in between begins another Walk. Errors name the step, its goal and what
// was expected; they carry the class of the failure screen, of the Screen's own
// error, fault.Human where only a person can bring help back, or fault.Infra. A
// commit's error keeps its class.
func (w *Walk) Run(ctx context.Context, flow string) (recipe.Values, error) {
	steps, ok := w.nav.recipe.Flow(flow)
	if !ok {
		return nil, fault.Errorf(fault.Input, "recipe %s has no flow %q", w.nav.recipe.Name(), flow)
	}
	if err := w.filled(); err != nil {
		return nil, err
	}
	w.hearsay = false
	found := recipe.Values{}
	for i := range steps {
		if err := w.take(ctx, flow, &steps[i], found); err != nil {
			w.seen = nil
			w.lore.end(ctx, false)
			return nil, fmt.Errorf("%s/%s (%s): %w", flow, steps[i].ID, steps[i].Goal, err)
		}
	}
	w.lore.end(ctx, true)
	return found, nil
}

// Hearsay reports whether the recipe by itself would not have read what the last
// Run read, from the very same dump: others said where a value is, that there is
// none, or that this is the screen to read from. A text that was read is there
// all the same; that one was not read does not prove that it is not.
func (w *Walk) Hearsay() bool { return w.hearsay }

// take takes one step and tells of it.
func (w *Walk) take(ctx context.Context, flow string, s *recipe.Step, found recipe.Values) error {
	w.nav.logger.DebugContext(ctx, "step begins", slog.String(logging.KeyStep, flow+"/"+s.ID))
	began := time.Now()
	w.taken = Taken{Flow: flow, Step: s}
	w.lore.begin()
	err := w.step(ctx, s, found)
	w.taken.Took, w.taken.Err = time.Since(began), err
	w.nav.stepFunc(w.taken)
	return err
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

func (w *Walk) step(ctx context.Context, s *recipe.Step, found recipe.Values) error {
	if s.When != nil {
		needed, err := w.needed(ctx, s)
		if s.Optional && errors.Is(err, errNotSeen) && ctx.Err() == nil {
			err = nil // nobody can say, and it is not that important
		}
		if err != nil || !needed {
			w.taken.Skipped = err == nil
			return err
		}
	}
	for try, again := 0, false; ; again = true {
		err := w.try(ctx, s, found, again)
		switch {
		case err == nil:
			w.lore.held(ctx, s)
			return nil
		case !errors.Is(err, errNotSeen) || ctx.Err() != nil:
			return err
		case w.lore.blame(ctx):
			w.nav.logger.InfoContext(ctx, "what was pointed out was wrong", slog.String(logging.KeyStep, s.ID))
		case try < s.Retry:
			try++
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

func (w *Walk) needed(ctx context.Context, s *recipe.Step) (needed bool, err error) {
	err = w.until(ctx, waiting{s, s.When.Missing, func(v *recipe.View) (bool, error) {
		answer := s.When.Ask(v)
		needed = answer == recipe.Yes
		return answer != recipe.Unknown, nil
	}, true})
	return needed, unseen(err)
}

// try runs s once. On a further try it is enough that s has worked meanwhile,
// unless it reads.
func (w *Walk) try(ctx context.Context, s *recipe.Step, found recipe.Values, again bool) error {
	if again {
		w.seen = nil
	}
	if s.Do == recipe.DoRead {
		return w.read(ctx, s, found)
	}
	if again {
		if done, err := w.worked(ctx, s); done || err != nil {
			return err
		}
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
	v, err := w.look(bounded)
	if err != nil {
		return false, unseen(err)
	}
	return s.Expect.Holds(v), nil
}
