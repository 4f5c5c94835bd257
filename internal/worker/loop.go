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

// maxTroubles is how many attempts in a row infrastructure may spoil on a phone
// that says it is well, before the worker takes it for the phone's fault.
const maxTroubles = 5

// loop does one job after the other until nothing is left or the worker is
// drained. The phone is asked before a claim, so that a dead phone costs no job
// an attempt. As long as Appium is starting the phone's own answer will do.
func (w *Worker) loop(ctx context.Context) error {
	for {
		if w.mustStop(ctx) {
			return nil
		}
		w.recycle(ctx)
		up, err := w.appium.started()
		if err == nil && w.parts.Rented == nil {
			err = w.seeDevice(ctx, up)
		}
		if err != nil {
			return err
		}
		if w.mustStop(ctx) {
			return nil
		}
		c, err := w.claim(ctx)
		switch {
		case err == nil && w.parts.Rented != nil:
			err = w.attemptRented(ctx, w.hold(ctx, c))
		case err == nil && !up:
			err = w.attemptEarly(ctx, w.hold(ctx, c))
		case err == nil:
			err = w.attempt(ctx, w.hold(ctx, c))
		case errors.Is(err, progress.ErrNothingNow), errors.Is(err, progress.ErrNothingLeft):
			var more bool
			if more, err = w.nothing(ctx, err); err == nil && !more {
				return nil
			}
		}
		if err != nil {
			return err
		}
	}
}

// mustStop reports whether nothing more is to be begun.
func (w *Worker) mustStop(ctx context.Context) bool {
	if !w.ctl.isDraining() && w.files.shutdown() {
		w.logger.InfoContext(ctx, "shutdown file found, nothing more is claimed")
		w.ctl.drain()
	}
	return w.ctl.isDraining() || ctx.Err() != nil
}

func (w *Worker) claim(ctx context.Context) (progress.Claim, error) {
	if c, err := w.claimWarm(ctx); err == nil {
		return c, nil
	}
	return w.claimOn(ctx, w.cfg.Terms)
}

func (w *Worker) claimOn(ctx context.Context, terms progress.Terms) (progress.Claim, error) {
	w.pulse.set(stateClaiming, 0, w.cfg.Patience.Claim+w.cfg.Patience.Ledger)
	var c progress.Claim
	err := w.insist(ctx, "claim", w.cfg.Patience.Claim, func(ctx context.Context) error {
		var err error
		c, err = w.member.Claim(ctx, terms)
		return err
	})
	return c, err
}

// nothing is called when there was nothing to claim. It first frees what dead
// workers hold, and reports whether it is worth asking again.
func (w *Worker) nothing(ctx context.Context, why error) (more bool, err error) {
	var freed []progress.Rescued
	err = w.insist(ctx, "rescue", w.cfg.Patience.Claim, func(ctx context.Context) error {
		var err error
		freed, err = w.parts.Ledger.Rescue(ctx)
		return err
	})
	if err != nil {
		return false, err
	}
	for _, r := range freed {
		w.logger.WarnContext(ctx, "row of a dead worker freed", slog.Int(logging.KeyJob, r.ID),
			slog.String("dead_worker_id", r.WorkerID), slog.String(logging.KeyPhase, string(r.Phase)))
	}
	switch {
	case len(freed) > 0:
		return true, nil
	case errors.Is(why, progress.ErrNothingLeft):
		w.logger.InfoContext(ctx, "nothing left to claim")
		return false, nil
	}
	w.stopIdlePhone(ctx)
	w.pause(ctx)
	return true, nil
}

func (w *Worker) pause(ctx context.Context) {
	w.pulse.set(stateWaiting, 0, 2*w.cfg.Patience.Poll+w.cfg.Patience.Ledger)
	w.ctl.wait(ctx, w.cfg.Patience.Poll)
}

// seeDevice has the phone answer before a claim.
func (w *Worker) seeDevice(ctx context.Context, up bool) error {
	if up {
		return w.reachDevice(ctx)
	}
	return w.tryDevice(ctx, w.parts.Device.Reach)
}

// reachDevice connects the phone unless it was well a moment ago.
func (w *Worker) reachDevice(ctx context.Context) error {
	if !w.contact.IsZero() && time.Since(w.contact) < w.cfg.Patience.Contact {
		return nil
	}
	return w.tryDevice(ctx, func(ctx context.Context) error {
		err := w.parts.Device.Connect(ctx)
		if err == nil {
			w.contact = time.Now()
		}
		return err
	})
}

// tryDevice does something to the phone, again a few times if it fails. It
// returns nil also when nothing more is to be begun.
func (w *Worker) tryDevice(ctx context.Context, do func(context.Context) error) error {
	wait := w.cfg.Patience.Backoff
	for try := 1; ; try++ {
		err := w.connect(ctx, do)
		switch {
		case err == nil, w.mustStop(ctx):
			return nil
		case fault.Is(err, fault.Human):
			return err
		case try >= w.cfg.Patience.ConnectAttempts:
			return deviceFault(err)
		}
		w.logger.WarnContext(ctx, "phone not connected, trying again", logging.Err(err))
		if fault.Is(err, fault.Appium) {
			w.renewAppium(ctx, "it does not answer") // it may hang, which its keeper cannot see
		}
		w.ctl.wait(ctx, wait)
		wait = min(2*wait, w.cfg.Patience.BackoffMax)
	}
}

func (w *Worker) connect(ctx context.Context, do func(context.Context) error) error {
	w.pulse.set(stateConnecting, 0, w.cfg.Patience.Connect+w.cfg.Patience.BackoffMax)
	ctx, cancel := context.WithTimeout(ctx, w.cfg.Patience.Connect)
	defer cancel()
	if err := do(ctx); err != nil {
		return fmt.Errorf("connect device %s: %w", w.cfg.Device, err)
	}
	return nil
}

// deviceFault is err as the phone's fault, unless it is known to be another's.
func deviceFault(err error) error {
	switch fault.Of(err) {
	case fault.Device, fault.Human, fault.Appium:
		return err
	default:
		return fault.Mark(fault.Device, err)
	}
}
