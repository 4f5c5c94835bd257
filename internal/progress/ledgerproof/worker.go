package ledgerproof

import (
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"time"

	"postfleet/internal/progress"
)

// pollEvery is how long a worker that finds nothing waits for another's end.
const pollEvery = 2 * time.Millisecond

// claimsOfDoomed is how many claims a life that is to be killed may end.
const claimsOfDoomed = 2

// worker is one life of a worker process. It does what a real one does, with
// files for posts, and tries now and then to use the claim of a life before it.
type worker struct {
	*player
	told assignment
	rand *rand.Rand
	kept kept
	held bool // the parent was waited for
}

// work is a life: it ends when nothing is left, or with a signal.
func work(ctx context.Context, told assignment) error {
	l, err := openLedger(told.Dir)
	if err != nil {
		return err
	}
	p, err := joinAs(ctx, l, told)
	if err != nil {
		return errors.Join(err, l.Close())
	}
	w := &worker{
		player: p, told: told, kept: keptBy(told),
		rand: rand.New(rand.NewPCG(told.Seed, 0)), //nolint:gosec // repeatable, not secret
	}
	return errors.Join(w.run(ctx), l.Close())
}

func (w *worker) run(ctx context.Context) error {
	old, err := w.kept.load()
	if err != nil {
		return err
	}
	if err := errors.Join(w.useStale(ctx, old), w.rescue(ctx)); err != nil {
		return err
	}
	for ended := 0; ; {
		if w.told.Doomed && ended == claimsOfDoomed {
			return w.pause(opIdle)
		}
		c, a, err := w.claim(ctx)
		switch {
		case err != nil:
			return err
		case a.Answer == answerLeft && w.told.Doomed:
			return w.pause(opIdle)
		case a.Answer == answerLeft:
			return w.leave()
		case a.Answer == answerNow:
			err = errors.Join(w.rescue(ctx), wait(ctx, pollEvery))
		default:
			err = errors.Join(w.job(ctx, c), w.useStale(ctx, old))
			old = progress.Claim{} // twice is enough
			ended++
		}
		if err != nil {
			return err
		}
	}
}

// useStale tries to finish with a claim that is no longer one.
func (w *worker) useStale(ctx context.Context, old progress.Claim) error {
	if old.Token == "" {
		return nil
	}
	as := call{Op: opStale, Job: old.Job.ID, Token: old.Token}
	_, err := w.do(as, func() (answer, error) {
		return answer{}, w.member.SetPhase(ctx, old, progress.PhasePosted)
	})
	if err != nil {
		return err
	}
	as.Outcome = outcomeSuccess
	_, err = w.finishAs(ctx, as, old)
	return err
}

// job is one job end to end. An answer that the claim is lost ends it; whether
// that answer was right is judged from the record.
func (w *worker) job(ctx context.Context, c progress.Claim) error {
	if err := errors.Join(w.kept.save(c), w.hold(), w.stage(ctx)); err != nil {
		return err
	}
	p := posts{dir: w.told.Dir}
	if c.Verify {
		made, err := p.count(c.Job.ID)
		if err != nil {
			return err
		}
		outcome := outcomeSuccess
		if made == 0 {
			outcome = outcomeAbsent
		}
		_, err = w.finish(ctx, c, outcome)
		return err
	}
	if a, err := w.setPhase(ctx, c, progress.PhasePosting); err != nil || a.Answer != answerOK {
		return err
	}
	_, err := w.do(call{Op: opTap, Job: c.Job.ID}, func() (answer, error) {
		return answer{}, p.post(c.Job.ID)
	})
	if err := errors.Join(err, w.stage(ctx)); err != nil {
		return err
	}
	if a, err := w.setPhase(ctx, c, progress.PhasePosted); err != nil || a.Answer != answerOK {
		return err
	}
	if err := w.stage(ctx); err != nil {
		return err
	}
	_, err = w.finish(ctx, c, outcomeSuccess)
	return err
}

// hold waits, once, for the parent's word.
func (w *worker) hold() error {
	if !w.told.Hold || w.held {
		return nil
	}
	w.held = true
	return w.pause(opHold)
}

// pause does nothing until the parent says so, or is no more.
func (w *worker) pause(op string) error {
	_, err := w.do(call{Op: op}, func() (answer, error) {
		_, err := os.Stdin.Read(make([]byte, 1))
		return answer{}, err
	})
	return err
}

// stage is a third of a job, on average half as long as it may be.
func (w *worker) stage(ctx context.Context) error {
	return wait(ctx, time.Duration(w.rand.Int64N(int64(w.told.JobTime)*2/3+1)))
}

func wait(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
