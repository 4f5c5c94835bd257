package lifetest

import (
	"context"
	"os"
	"sync"

	"postfleet/internal/progress"
	"postfleet/internal/progress/fileledger"
	"postfleet/internal/worker"
)

// watcher tells the phone, which remembers, what is recorded in the ledger, and
// ends the process where its life is to end.
type watcher struct {
	*fileledger.Ledger
	life *life
	// shares says that phase posting is recorded, so that the next tap is the one
	// that publishes.
	shares bool
}

// Join implements worker.Ledger.
func (w *watcher) Join(ctx context.Context, id string) (progress.Member, error) {
	m, err := w.Ledger.Join(ctx, id)
	if err != nil {
		return nil, err
	}
	return &watchedMember{Member: m, watcher: w}, nil
}

// at is called at each point of the life.
func (w *watcher) at(p point) error {
	if p != w.life.Die {
		return nil
	}
	self, err := os.FindProcess(os.Getpid())
	if err == nil {
		err = self.Kill()
	}
	if err == nil {
		select {} // the kernel is on its way
	}
	return err
}

// around makes a transition. What was recorded is told at once, so that there
// is no point between the two.
func (w *watcher) around(ctx context.Context, transition string, do func() (event, error)) error {
	if err := w.at(point{transition, false}); err != nil {
		return err
	}
	e, err := do()
	if err != nil {
		return err
	}
	if e.What != "" {
		if err := w.life.phone.note(context.WithoutCancel(ctx), e); err != nil {
			return err
		}
	}
	return w.at(point{transition, true})
}

type watchedMember struct {
	progress.Member
	watcher *watcher
}

func (m *watchedMember) Claim(ctx context.Context, terms progress.Terms) (c progress.Claim, err error) {
	err = m.watcher.around(ctx, onClaim, func() (event, error) {
		c, err = m.Member.Claim(ctx, terms)
		e := event{Job: c.Job.ID, What: evClaim}
		switch {
		case c.Phase == progress.PhasePosted:
			e.What = evSettle
		case c.Verify:
			e.What = evVerify
		}
		return e, err
	})
	return c, err
}

func (m *watchedMember) SetPhase(ctx context.Context, c progress.Claim, p progress.Phase) error {
	transition, what := onPosting, evPosting
	if p == progress.PhasePosted {
		transition, what = onPosted, evPosted
	}
	return m.watcher.around(ctx, transition, func() (event, error) {
		err := m.Member.SetPhase(ctx, c, p)
		m.watcher.shares = err == nil && p == progress.PhasePosting
		return event{Job: c.Job.ID, What: what}, err
	})
}

func (m *watchedMember) Finish(ctx context.Context, c progress.Claim, o progress.Outcome) error {
	return m.watcher.around(ctx, onFinish, func() (event, error) {
		return event{Job: c.Job.ID, What: string(o.Status())}, m.Member.Finish(ctx, c, o)
	})
}

// witness is a remote whose share tap is a point of the life.
type witness struct {
	remote
	watcher *watcher
	once    sync.Once
	// reached is closed when the phone has answered for the first time.
	reached chan struct{}
}

func (w *witness) Tap(ctx context.Context, x, y int) error {
	tap := func() (event, error) { return event{}, w.remote.Tap(ctx, x, y) }
	if !w.watcher.shares {
		_, err := tap()
		return err
	}
	w.watcher.shares = false
	return w.watcher.around(ctx, onTap, tap) // it is the phone that tells of it
}

func (w *witness) Reach(ctx context.Context) error {
	defer w.once.Do(func() { close(w.reached) })
	return w.remote.Reach(ctx)
}

// startLate is an Appium server that starts when the phone has answered, so that
// every life takes the same way.
func (w *witness) startLate(ctx context.Context) (worker.Server, error) {
	select {
	case <-w.reached:
		return start(ctx)
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
