package geelark

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/cenkalti/backoff/v5"

	"postfleet/internal/fault"
)

// DefaultPace is how long to wait, at first, before one asks again whether
// something has happened.
const DefaultPace = 2 * time.Second

const (
	pauseGrowth = 1.5
	pauseSpread = 0.2
	// The longest pause, how long an accepted stop may take until it is asked for
	// again, and how long adb may take until it is turned off and on again: in
	// paces, so that a simulation that runs faster is asked faster.
	longPaces  = 5
	stopPaces  = 10
	adbOnPaces = 15
)

// pace is how often one asks.
type pace time.Duration

func (p pace) times(n int) time.Duration { return time.Duration(p) * time.Duration(n) }

func paceOf(d time.Duration) pace {
	if d <= 0 {
		return pace(DefaultPace)
	}
	return pace(d)
}

// insist does op, at this pace, until it succeeds, or fails for good, or ctx ends. Between two
// tries it waits longer and longer, and never less than the service demands;
// for what just takes its time on the phone, the pace is enough.
// Where that is more than ctx has left, it gives up at once.
func (p pace) insist(ctx context.Context, isFinal func(error) bool, op func(context.Context) error) error {
	pauses := &backoff.ExponentialBackOff{
		InitialInterval: p.times(1), MaxInterval: p.times(longPaces),
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
		wait := pauses.NextBackOff()
		if _, demanded := VerdictOf(err); !errors.Is(err, ErrNotReady) {
			wait = max(wait, demanded)
		}
		if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) <= wait {
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
