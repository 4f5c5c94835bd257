package worker

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"postfleet/internal/logging"
	"postfleet/internal/progress"
)

// attemptEarly works on a claim that was made while Appium was starting. The
// phone had answered, but nothing has been begun yet: whatever is missing in the
// end, the claim goes back as if it had not been made, and costs no attempt.
//
// A worker may be killed while it starts, by too little memory for one, and
// each time that is a death of the job. The death that would be the job's end
// must come from the job: such a one is put back until Appium is up.
func (w *Worker) attemptEarly(ctx context.Context, c progress.Claim) error {
	lastLife := c.Deaths >= progress.MaxDeaths-1
	if lastLife {
		if err := w.putBack(ctx, c, "one more death would end it"); err != nil {
			return err
		}
	}
	w.pulse.set(stateStarting, c.Job.ID, w.cfg.Patience.Start)
	err := w.appium.await(ctx, w.ctl.drained)
	if lastLife {
		return err
	}
	if err == nil && !w.mustStop(ctx) {
		err = w.reachDevice(ctx)
	}
	switch {
	case err != nil:
		return errors.Join(err, w.putBack(ctx, c, "the phone cannot be driven"))
	case w.mustStop(ctx):
		return w.putBack(ctx, c, "nothing more is to be begun")
	}
	return w.attempt(ctx, c)
}

// putBack ends a claim of which nothing was begun.
func (w *Worker) putBack(ctx context.Context, c progress.Claim, why string) error {
	ctx = context.WithoutCancel(ctx)
	w.pulse.set(stateRecording, c.Job.ID, w.cfg.Patience.Record+w.cfg.Patience.Ledger)
	w.logger.InfoContext(ctx, "job put back", slog.Int(logging.KeyJob, c.Job.ID), slog.String(keyWhy, why))
	err := w.insist(ctx, "put job back", w.cfg.Patience.Record, func(ctx context.Context) error {
		return w.member.Finish(ctx, c, progress.Release())
	})
	if err != nil {
		return fmt.Errorf("put job %d back: %w", c.Job.ID, err)
	}
	return nil
}
