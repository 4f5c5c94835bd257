package worker

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"postfleet/internal/fault"
	"postfleet/internal/logging"
	"postfleet/internal/posting"
	"postfleet/internal/progress"
)

// Rented is a phone that costs money while it is on, so that it is off unless
// there is a job for it: a job is claimed first, then its phone is started.
type Rented interface {
	// Start returns when the phone for a job of the account is on, and whether it
	// has just been started; one that is on for another account is stopped first.
	// It blocks for minutes and heeds the end of ctx. What it fails with has a
	// class, ErrFleet in the chain where no phone can be had.
	Start(ctx context.Context, account string) (fresh bool, err error)
	// Stop stops what is on, and returns when that was seen to be off, or with why
	// it was not. Safe to call twice.
	Stop(ctx context.Context) error
	// Account is whose jobs the phone that is on is good for; "" when none is on,
	// or when it is good for any.
	Account() string
	// PerAccount says that another account's phone is another phone: what one
	// fails with says nothing about the next.
	PerAccount() bool
}

// ErrFleet is in the chain of an error after which no worker of the fleet gets
// any further until a person has acted: no credit, a refused key.
var ErrFleet = errors.New("worker: the fleet needs a person")

// ErrHeld is in the chain of an error of Rented.Start when another worker has
// the phone, or somebody is about to stop it: the job is for whoever has it, or
// for later.
var ErrHeld = errors.New("worker: the phone is held by another worker")

// claimWarm claims a job of the account whose phone is on, if there is one:
// every change of phones costs a start.
func (w *Worker) claimWarm(ctx context.Context) (progress.Claim, error) {
	if w.parts.Rented == nil || w.parts.Rented.Account() == "" {
		return progress.Claim{}, progress.ErrNothingNow
	}
	terms := w.cfg.Terms
	terms.Only, terms.Reserved = []string{w.parts.Rented.Account()}, nil
	return w.claimOn(ctx, terms)
}

// attemptRented has the job's phone started, and works on the claim. Until the
// phone is on nothing of the job has begun.
func (w *Worker) attemptRented(ctx context.Context, a *attempt) error {
	if a.claim.Phase == progress.PhasePosted || w.isHopeless(ctx, a) {
		return w.attempt(ctx, a) // which takes no phone
	}
	if up, _ := w.appium.started(); !up && a.isLastLife() {
		return errors.Join(a.putBack(ctx, "one more death would end it"), w.appium.await(ctx, w.ctl.drained))
	}
	fresh, err := w.startPhone(ctx, a)
	if err == nil {
		err = w.appium.await(ctx, w.ctl.drained)
	}
	if err == nil && !fresh && !w.mustStop(ctx) {
		err = w.reachDevice(ctx) // a fresh one is connected by the attempt
	}
	defer func() { w.idle = time.Now() }()
	switch {
	case w.mustStop(ctx):
		return a.putBack(ctx, "nothing more is to be begun")
	case err != nil:
		return w.phoneFailed(ctx, a, err)
	}
	return w.attempt(ctx, a)
}

// isHopeless reports whether the job is not to be tried at all.
func (w *Worker) isHopeless(ctx context.Context, a *attempt) bool {
	if a.claim.Verify {
		return false
	}
	a.complete(ctx)
	why, err := a.obstacle(ctx)
	return why != "" || err != nil
}

// startPhone starts the phone for the claim. A drain gives it up: that may take
// longer than a drain has.
func (w *Worker) startPhone(ctx context.Context, a *attempt) (fresh bool, err error) {
	w.pulse.set(stateConnecting, a.job.ID, w.cfg.Patience.Rent)
	ctx, cancel := context.WithTimeout(ctx, w.cfg.Patience.Rent)
	defer cancel()
	ctx, giveUp := context.WithCancelCause(ctx)
	var drain sync.WaitGroup
	drain.Go(func() {
		select {
		case <-w.ctl.drained:
			giveUp(ErrCancelled)
		case <-ctx.Done():
		}
	})
	defer drain.Wait()
	defer giveUp(nil)
	fresh, err = w.parts.Rented.Start(ctx, a.job.Account)
	if fresh {
		w.contact = time.Time{}
	}
	return fresh, err
}

// phoneFailed ends a claim whose phone could not be had.
//
//	class             the worker's own phone   the account's phone
//	held elsewhere    put back, wait           the same
//	account, device   put back, worker ends    as after an attempt
//	any other         put back, worker ends    the same
//
// An account's phone that only a person can mend is of class account: the
// account's other jobs are skipped, other accounts' phones may do.
func (w *Worker) phoneFailed(ctx context.Context, a *attempt, err error) error {
	class := fault.Of(err)
	isOne := w.parts.Rented.PerAccount() && (class == fault.Account || class == fault.Device)
	switch {
	case errors.Is(err, ErrHeld):
		err := a.putBack(ctx, "its phone is held")
		w.pause(ctx)
		return err
	case fatal(err):
		return errors.Join(err, a.putBack(ctx, "its phone cannot be had"))
	case !isOne, errors.Is(err, ErrFleet):
		return errors.Join(deviceFault(err), a.putBack(ctx, "its phone cannot be had"))
	}
	a.begun = time.Now()
	lim, now := limits{attempts: w.cfg.MaxAttempts, delay: w.cfg.RetryDelay}, time.Now()
	d := lim.afterRun(a.claim, err, false, now)
	if a.claim.Verify {
		d = lim.afterVerify(a.claim, posting.VerdictUnknown, err, now)
	}
	w.pulse.set(stateRecording, a.job.ID, 2*w.cfg.Patience.Record+w.cfg.Patience.Ledger)
	outcome, err := a.finish(ctx, d.outcome)
	if err != nil {
		return err
	}
	a.report(ctx, outcome, d.err)
	return w.judge(d.err)
}

// stopIdlePhone stops a phone that has had no job for longer than KeepWarm.
func (w *Worker) stopIdlePhone(ctx context.Context) {
	if w.parts.Rented == nil || time.Since(w.idle) < w.cfg.KeepWarm {
		return
	}
	w.stopPhone(ctx)
}

// stopPhone stops what is on. What stays on is in the book of phones, for
// whoever looks after the dead.
func (w *Worker) stopPhone(ctx context.Context) {
	if w.parts.Rented == nil {
		return
	}
	w.contact = time.Time{}
	const share = 2
	ctx, cancel := w.closingWithin(ctx, w.cfg.Patience.StopPhone, share)
	defer cancel()
	if deadline, ok := ctx.Deadline(); ok {
		w.pulse.set(stateStopping, 0, time.Until(deadline)+w.cfg.Patience.Stop)
	}
	if err := w.parts.Rented.Stop(ctx); err != nil {
		w.logger.ErrorContext(ctx, "phone not stopped, it may cost still", logging.Err(err),
			slog.String(logging.KeyDevice, w.cfg.Device))
	}
}
