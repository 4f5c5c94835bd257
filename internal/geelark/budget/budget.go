// Package budget rations the requests to the GeeLark Open API, over all
// processes that share a data directory: a request is sent only after it was
// entered in a file that outlives whoever sent it. It also remembers which API
// the service has locked, so that no process knocks again before the time.
//
// It sends nothing.
//
// Why the limit is never exceeded: a request that was entered at e reaches the
// service between e and e+Flight, because its sender breaks it off then, also
// when the sender was suspended meanwhile. So two requests that reach the
// service within one minute of each other were entered within a minute plus
// Flight of each other, and of those there are never more than the limit. The
// file is what counts them: a process that is restarted finds what it entered
// before. The clock is the host's, which all containers of a host share; set
// back, it makes requests wait longer; set forward by a person, it does not
// protect until a minute later.
package budget

import (
	"context"
	"fmt"
	"time"

	"postfleet/internal/sharedfile"
)

// The limits of the service, for each API.
const (
	PerMinute = 200
	PerHour   = 24_000
)

// DefaultFlight is how long one request may take.
const DefaultFlight = 15 * time.Second

// LongestLock is the longest time for which the service locks an API.
const LongestLock = 2 * time.Hour

const minutesInHour = 60

// Config says what may be spent.
type Config struct {
	// Path is the file that everybody who uses the account shares; its directory
	// must be there.
	Path string
	// PerMinute is how many requests each API takes in any minute; 0 is the
	// constant. PerHour likewise. Two fleets of one account that share no file
	// divide them.
	PerMinute, PerHour int
	// Flight bounds one request, from its entry to its answer; 0 is
	// DefaultFlight.
	Flight time.Duration
}

// Budget is the account's budget as one process sees it. It is safe for
// concurrent use.
type Budget struct {
	file   *sharedfile.File[ledger]
	limit  int
	flight time.Duration
	spare  *spare
}

// New returns the budget. Nothing is opened.
func New(cfg Config) *Budget {
	if cfg.PerMinute <= 0 {
		cfg.PerMinute = PerMinute
	}
	if cfg.PerHour <= 0 {
		cfg.PerHour = PerHour
	}
	if cfg.Flight <= 0 {
		cfg.Flight = DefaultFlight
	}
	b := &Budget{limit: perMinute(cfg), flight: cfg.Flight}
	b.file = sharedfile.New(cfg.Path, sharedfile.JSON(), sharedfile.Rules[ledger]{MendFunc: b.mend})
	b.spare = newSpare(b.limit, b.window())
	return b
}

// perMinute is the one limit that is kept: it is so low that no hour of such
// minutes exceeds the hour's.
func perMinute(cfg Config) int { return max(1, min(cfg.PerMinute, cfg.PerHour/minutesInHour)) }

// window is how long an entry counts.
func (b *Budget) window() time.Duration { return time.Minute + b.flight }

// Close closes what the budget has open.
func (b *Budget) Close() error { return b.file.Close() }

// ShutError is an API that the service has locked.
type ShutError struct {
	API string
	// Code is the service's reason.
	Code int
	// For is how long it lasts from now on.
	For time.Duration
}

// Error implements error.
func (e *ShutError) Error() string {
	return fmt.Sprintf("%s is locked by the service for %s: code %d", e.API, e.For.Round(time.Second), e.Code)
}

// Take waits until one request to api may be sent, or ctx ends, and enters it.
// The request must have ended, or be broken off, at the instant that Take
// returns. An API that is locked is a *ShutError at once.
func (b *Budget) Take(ctx context.Context, api string) (until time.Time, err error) {
	return b.await(ctx, api, b.try)
}

type tryFunc func(ctx context.Context, api string) (until time.Time, wait time.Duration, err error)

func (b *Budget) await(ctx context.Context, api string, try tryFunc) (until time.Time, err error) {
	for {
		until, wait, err := try(ctx, api)
		if err == nil && wait == 0 {
			return until, nil
		}
		if err == nil {
			err = pause(ctx, wait)
		}
		if err != nil {
			return time.Time{}, fmt.Errorf("budget of %s: %w", api, err)
		}
	}
}

func (b *Budget) try(ctx context.Context, api string) (until time.Time, wait time.Duration, err error) {
	var refused error
	err = b.file.Change(ctx, func(l *ledger) (bool, error) {
		now := time.Now()
		until = now.Add(b.flight)
		// What is brought back from the future must be written, or it would be
		// brought back again, and never come.
		changed := l.isAhead(api, now, b.window())
		wait, refused = l.take(api, now, b.limit, b.window())
		return changed || (wait == 0 && refused == nil), nil
	})
	if err == nil {
		err = refused
	}
	return until, wait, err
}

// Shut keeps everybody from api for a time, at most LongestLock, because the
// service said code. A longer lock that is there stays.
func (b *Budget) Shut(ctx context.Context, api string, code int, d time.Duration) error {
	return b.file.Change(ctx, func(l *ledger) (bool, error) {
		return l.shut(api, code, time.Now(), min(d, LongestLock)), nil
	})
}

// mend goes on from a file that is damaged as if all had been spent this
// moment: phones must be stopped all the same.
func (b *Budget) mend(error) (ledger, error) {
	return ledger{NotBefore: time.Now().Add(b.window())}, nil
}

func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
