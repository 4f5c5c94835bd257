package orchestrator

import (
	"context"
	"fmt"
	"time"

	"postfleet/internal/fault"
	"postfleet/internal/logging"
	"postfleet/workerimage"
)

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
	l := s.watch(ctx, c, !adopted)
	l.ran, l.adopted = time.Since(began), adopted
	s.bury(ctx, c.ID, l)
	return l
}

// begin returns the slot's running worker.
func (s *slot) begin(ctx context.Context) (Container, error) {
	if s.adopted != nil {
		return s.takeOver(ctx), nil
	}
	s.set(SlotStarting, "", "")
	if err := s.patiently(ctx, s.ensurePhone); err != nil {
		return Container{}, err
	}
	if err := s.awaitPlugged(ctx); err != nil {
		return Container{}, err
	}
	select {
	case s.fleet.starts <- struct{}{}:
	case <-s.fleet.drain.done():
		return Container{}, errDraining
	case <-ctx.Done():
		return Container{}, context.Cause(ctx)
	}
	var c Container
	err := s.patiently(ctx, func(ctx context.Context) (err error) {
		spec, err := s.plugged(s.spec())
		if err != nil {
			return err
		}
		c, err = s.fleet.engine.Start(ctx, spec)
		return err
	})
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
	s.fleet.lookForPhones()
}

// verdict is the error for which the whole fleet stops.
func (s *slot) verdict(l life, end ending, reason string) error {
	switch end {
	case endLedger:
		return fault.Errorf(fault.Ledger, "worker %d: %s", s.ID, withTail(reason, l.exit.Tail))
	case endFleet:
		return fmt.Errorf("%w: worker %d: %s", ErrGaveUp, s.ID, withTail(reason, lastWords(l.exit.Tail)))
	default:
		return l.err
	}
}

// lastWords is why a worker says that it ends, or all of the tail where it says
// nothing.
func lastWords(tail string) string {
	if words, found := workerimage.ReadLastWords(tail); found {
		return words.Why
	}
	return tail
}

func withTail(reason, tail string) string {
	if tail == "" {
		return reason
	}
	return fmt.Sprintf("%s: %s", reason, tail)
}
