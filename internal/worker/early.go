package worker

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"postfleet/internal/progress"
)

// attemptEarly works on a claim that was made while Appium was starting. The
// phone had answered, but nothing has been begun yet: whatever is missing in the
// end, the claim goes back as if it had not been made, and costs no attempt.
//
// A worker may be killed while it starts, by too little memory for one, and
// each time that is a death of the job. The death that would be the job's end
// must come from the job: such a one is put back until Appium is up.
func (w *Worker) attemptEarly(ctx context.Context, a *attempt) error {
	lastLife := a.isLastLife()
	if lastLife {
		if err := a.putBack(ctx, "one more death would end it"); err != nil {
			return err
		}
	}
	w.pulse.set(stateStarting, a.job.ID, w.cfg.Patience.Start)
	if lastLife {
		return w.appium.await(ctx, w.ctl.drained)
	}
	err := w.appium.await(ctx, nil) // a drain lets the job that is claimed end
	if err == nil && ctx.Err() == nil {
		err = w.reachDevice(ctx)
	}
	switch {
	case err != nil:
		return errors.Join(a.putBack(ctx, "the phone cannot be driven"), err)
	case ctx.Err() != nil, w.contact.IsZero(): // cancelled, or draining on a phone that is away
		return a.putBack(ctx, "nothing more is to be begun")
	}
	return w.attempt(ctx, a)
}

// isLastLife reports whether one more death would end the job.
func (a *attempt) isLastLife() bool { return a.claim.Deaths >= progress.MaxDeaths-1 }

// putBack ends a claim of which nothing was begun.
func (a *attempt) putBack(ctx context.Context, why string) error {
	ctx = context.WithoutCancel(ctx)
	a.pulse.set(stateRecording, a.job.ID, a.cfg.Patience.Record+a.cfg.Patience.Ledger)
	a.logger.InfoContext(ctx, "job put back", slog.String(keyWhy, why))
	err := a.insist(ctx, "put job back", a.cfg.Patience.Record, func(ctx context.Context) error {
		return a.member.Finish(ctx, a.claim, progress.Release())
	})
	if err != nil {
		return fmt.Errorf("put job %d back: %w", a.job.ID, err)
	}
	return nil
}
