package orchestrator

import (
	"context"
	"errors"
	"fmt"
	"time"

	"postfleet/internal/fault"
	"postfleet/internal/logging"
)

const (
	// engineRetry is the pause between questions to an engine that does not answer.
	engineRetry = 2 * time.Second
	// enginePatience is how long the engine may be away, as when it is upgraded,
	// before a slot counts its worker as lost.
	enginePatience = 2 * time.Minute
)

// errDraining is why a worker that was about to start does not.
var errDraining = errors.New("draining")

// live sees one worker through: made (or adopted), waited for, removed, its
// rows rescued.
func (s *slot) live(ctx context.Context) life {
	adopted := s.adopted != nil
	c, err := s.begin(ctx)
	if err != nil {
		return life{err: err}
	}
	began := time.Now()
	s.set(SlotRunning, c.ID, "")
	exit, err := s.watch(ctx, c.ID, !adopted)
	l := life{exit: exit, ran: time.Since(began), adopted: adopted, err: err}
	s.bury(ctx, c.ID, l)
	return l
}

// begin returns the slot's running worker.
func (s *slot) begin(ctx context.Context) (Container, error) {
	if s.adopted != nil {
		return s.takeOver(ctx), nil
	}
	s.set(SlotStarting, "", "")
	if err := s.ensurePhone(ctx); err != nil {
		return Container{}, err
	}
	select {
	case s.fleet.starts <- struct{}{}:
	case <-s.fleet.drain.done():
		return Container{}, errDraining
	case <-ctx.Done():
		return Container{}, context.Cause(ctx)
	}
	c, err := s.fleet.engine.Start(ctx, s.spec())
	if err != nil {
		<-s.fleet.starts
		return Container{}, err
	}
	s.logger.InfoContext(ctx, "worker started", logging.KeyContainer, c.Name)
	return c, nil
}

// takeOver returns the adopted worker, whatever else is amiss: it may be in the
// middle of a job.
func (s *slot) takeOver(ctx context.Context) Container {
	c := *s.adopted
	s.adopted = nil
	s.logger.InfoContext(ctx, "worker adopted", logging.KeyContainer, c.Name)
	if err := s.ensurePhone(ctx); err != nil {
		s.logger.WarnContext(ctx, "adopted worker has no phone", logging.Err(err))
	}
	return c
}

// watch waits for the worker's end and passes on what the fleet is told
// meanwhile. holds says that it counts as starting until it is up or gone.
func (s *slot) watch(ctx context.Context, id string, holds bool) (Exit, error) {
	type end struct {
		exit Exit
		err  error
	}
	ended := make(chan end, 1)
	go func() {
		exit, err := s.wait(ctx, id)
		ended <- end{exit, err}
	}()
	up := make(<-chan time.Time)
	if holds {
		hold := time.NewTimer(s.fleet.opts.StartHold)
		defer hold.Stop()
		up = hold.C
	}
	release := func() {
		if holds {
			<-s.fleet.starts
			holds = false
		}
	}
	defer release()
	drain, cancel := s.fleet.drain.done(), s.fleet.cancel.done()
	for {
		select {
		case e := <-ended:
			return e.exit, e.err
		case <-up:
			release()
		case <-drain:
			drain = nil
			s.signal(ctx, id, SignalDrain)
		case <-cancel:
			cancel = nil
			s.signal(ctx, id, SignalCancel)
		}
	}
}

// wait is Engine.Wait through an engine that goes away for a while.
func (s *slot) wait(ctx context.Context, id string) (Exit, error) {
	var lost time.Time
	for {
		asked := time.Now()
		exit, err := s.fleet.engine.Wait(ctx, id)
		if err == nil || errors.Is(err, ErrNotFound) || ctx.Err() != nil {
			return exit, err
		}
		if lost.IsZero() || time.Since(asked) > engineRetry {
			lost = time.Now()
			s.logger.WarnContext(ctx, "lost sight of the worker, asking again", logging.Err(err))
		}
		if time.Since(lost) > enginePatience {
			return Exit{}, err
		}
		pause := time.NewTimer(engineRetry)
		select {
		case <-ctx.Done():
		case <-pause.C:
		}
		pause.Stop()
	}
}

func (s *slot) signal(ctx context.Context, id string, sig Signal) {
	if err := s.fleet.engine.Signal(ctx, id, sig); err != nil {
		s.logger.WarnContext(ctx, "worker did not get the signal", "signal", string(sig), logging.KeyError, err)
	}
}

// bury removes the ended worker, or kills it if ctx ended first, and frees its
// rows, so that others can take them while this slot backs off.
func (s *slot) bury(ctx context.Context, id string, l life) {
	logger := s.logger.With("ran", l.ran.Round(time.Millisecond))
	switch {
	case l.err != nil:
		logger.WarnContext(ctx, "worker gone", logging.Err(l.err))
	case l.exit.Code != 0:
		logger.WarnContext(ctx, "worker ended",
			logging.KeyExitCode, l.exit.Code, "out_of_memory", l.exit.OOMKilled, "output", l.exit.Tail)
	default:
		logger.InfoContext(ctx, "worker ended", logging.KeyExitCode, l.exit.Code)
	}
	ctx, stop := context.WithTimeout(context.WithoutCancel(ctx), cleanUpTimeout)
	defer stop()
	if err := s.fleet.engine.Remove(ctx, id); err != nil {
		s.logger.WarnContext(ctx, "container will be removed at the end", logging.Err(err))
	}
	s.fleet.rescue(ctx)
}

// judge turns the end of a worker into what to do, and why.
func (s *slot) judge(l life) (action, string) {
	draining := s.fleet.draining()
	switch {
	case errors.Is(l.err, ErrNoImage):
		s.fleet.stopFleet(l.err)
		return actStopFleet, l.err.Error()
	case errors.Is(l.err, ErrNameTaken):
		return actGiveUp, l.err.Error()
	case errors.Is(l.err, ErrNotFound):
		return decide(endKilled, draining), "its container is gone"
	case l.err != nil:
		return decide(endError, draining), l.err.Error()
	}
	end := classify(l.exit)
	reason := end.reason(l.exit.Code)
	if end == endLedger {
		s.fleet.stopFleet(fault.Errorf(fault.Ledger, "worker %d: %s", s.ID, withTail(reason, l.exit.Tail)))
	}
	return decide(end, draining), reason
}

func withTail(reason, tail string) string {
	if tail == "" {
		return reason
	}
	return fmt.Sprintf("%s: %s", reason, tail)
}
