package geelark

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/cenkalti/backoff/v5"

	"postfleet/internal/fault"
)

// How often one asks whether something has happened.
const (
	firstPause  = 2 * time.Second
	longPause   = 10 * time.Second
	pauseGrowth = 1.5
	pauseSpread = 0.2
)

// insist does op until it succeeds, or fails for good, or ctx ends. Between two
// tries it waits longer and longer, and never less than the service demands.
// Where that is more than ctx has left, it gives up at once.
func insist(ctx context.Context, isFinal func(error) bool, op func(context.Context) error) error {
	pauses := &backoff.ExponentialBackOff{
		InitialInterval: firstPause, MaxInterval: longPause,
		Multiplier: pauseGrowth, RandomizationFactor: pauseSpread,
	}
	pauses.Reset()
	for {
		err := op(ctx)
		switch {
		case err == nil:
			return nil
		case ctx.Err() != nil:
			return gaveUp(ctx, err)
		case isFinal(err):
			return err
		}
		_, demanded := VerdictOf(err)
		wait := max(pauses.NextBackOff(), demanded)
		if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) < wait {
			return fmt.Errorf("no time is left to wait %s: %w", wait.Round(time.Second), err)
		}
		if !sleep(ctx, wait) {
			return gaveUp(ctx, err)
		}
	}
}

// within bounds ctx. What does not end in time is of class, unless it has one.
func within(ctx context.Context, d time.Duration, class fault.Class) (context.Context, context.CancelFunc) {
	return context.WithTimeoutCause(ctx, d, fault.Errorf(class, "not within %s", d))
}

func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// gaveUp says why it ended, and what was in the way. A caller that has
// cancelled gets no class: that is nobody's fault.
func gaveUp(ctx context.Context, last error) error {
	cause := context.Cause(ctx)
	if errors.Is(last, cause) {
		return last
	}
	if errors.Is(ctx.Err(), context.Canceled) {
		return fmt.Errorf("%w: %v", cause, last) //nolint:errorlint // its class must not count
	}
	return fmt.Errorf("%w: %w", last, cause)
}

// isLasting reports whether trying again cannot help.
func isLasting(err error) bool {
	verdict, _ := VerdictOf(err)
	return verdict != Later && !errors.Is(err, ErrNotReady)
}
