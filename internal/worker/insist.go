package worker

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"postfleet/internal/fault"
	"postfleet/internal/logging"
	"postfleet/internal/progress"
)

const keyWhat = "what"

// insist makes a ledger call until it succeeds, fails for good, or the budget
// is spent. Repeating is safe because every ledger call either changed nothing
// or, for Finish and SetPhase, is recognised when it comes again; a Claim that
// failed has given nobody the right to run the job.
func (w *Worker) insist(
	ctx context.Context, what string, budget time.Duration, call func(context.Context) error,
) error {
	deadline := time.Now().Add(budget)
	for wait := w.cfg.Patience.Backoff; ; wait = min(2*wait, w.cfg.Patience.BackoffMax) {
		err := w.once(ctx, call)
		if err == nil || !passes(err) || ctx.Err() != nil {
			return err
		}
		if !time.Now().Add(wait).Before(deadline) {
			return fmt.Errorf("%s: given up after %s: %w", what, budget, err)
		}
		w.logger.WarnContext(ctx, "ledger call to be repeated", slog.String(keyWhat, what), logging.Err(err))
		if !sleep(ctx, wait) {
			return err
		}
	}
}

func (w *Worker) once(ctx context.Context, call func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, w.cfg.Patience.Ledger)
	defer cancel()
	return call(ctx)
}

// passes reports whether a ledger error may go away by itself: a full disk, a
// lock that was not had in time, a predecessor that is still dying.
func passes(err error) bool {
	return fault.Is(err, fault.Infra) || errors.Is(err, progress.ErrAlive) ||
		errors.Is(err, context.DeadlineExceeded)
}
