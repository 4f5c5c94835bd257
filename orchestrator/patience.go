package orchestrator

import (
	"context"
	"errors"
	"fmt"
	"time"

	"postfleet/internal/logging"
)

const (
	// engineRetry is the pause between questions to an engine that does not answer.
	engineRetry = 2 * time.Second
	// enginePatience is how long the engine may be away, as when it is upgraded,
	// before the fleet stops for it.
	enginePatience = 2 * time.Minute
)

// errDraining is why a worker that was about to start does not.
var errDraining = errors.New("draining")

// patiently does something with the engine, again and again while that is away:
// its absence is not the worker's fault and costs the slot no restart.
func (s *slot) patiently(ctx context.Context, do func(context.Context) error) error {
	var away time.Time
	for {
		err := do(ctx)
		if !errors.Is(err, ErrUnreachable) {
			return err
		}
		if away.IsZero() {
			away = time.Now()
			s.logger.WarnContext(ctx, "the engine is away, asking again", logging.Err(err))
		}
		if gone := time.Since(away); gone > enginePatience {
			return fmt.Errorf("away for %s: %w", gone.Round(time.Second), err)
		}
		if err := s.pause(ctx, engineRetry); err != nil {
			return err
		}
	}
}

// pause waits; an error says that the fleet is told to end meanwhile.
func (s *slot) pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-s.fleet.drain.done():
		return errDraining
	case <-timer.C:
		return nil
	}
}

// wait is Engine.Wait through an engine that goes away for a while. It fills in
// how the worker ended.
func (s *slot) wait(ctx context.Context, id string) life {
	var lost time.Time
	for {
		asked := time.Now()
		exit, err := s.fleet.engine.Wait(ctx, id)
		if err == nil || errors.Is(err, ErrNotFound) || ctx.Err() != nil {
			return life{exit: exit, err: err, lost: !lost.IsZero()}
		}
		if lost.IsZero() || time.Since(asked) > engineRetry {
			lost = time.Now()
			s.logger.WarnContext(ctx, "lost sight of the worker, asking again", logging.Err(err))
		}
		if gone := time.Since(lost); gone > enginePatience {
			return life{err: fmt.Errorf("away for %s: %w", gone.Round(time.Second), err), lost: true}
		}
		timer := time.NewTimer(engineRetry)
		select {
		case <-ctx.Done():
		case <-timer.C:
		}
		timer.Stop()
	}
}
