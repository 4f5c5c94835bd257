package geelark

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"postfleet/internal/fault"
	"postfleet/internal/logging"
)

// ErrStillRunning is a phone that could not be seen to have stopped: it may
// bill. It is in the book still. fault.Infra, or the class of the reason.
var ErrStillRunning = errors.New("geelark: phone may be running still")

// DefaultStopTimeout bounds all the tries to stop one phone. A minute of it may
// be a limit that the service imposes.
const DefaultStopTimeout = 3 * time.Minute

// bookTime bounds writing down what came of it.
const bookTime = 30 * time.Second

// Book remembers which phones this fleet may have started and has not seen
// stop. What it was told is on the disk when it returns.
type Book interface {
	// Booked reports whether the phone is in the book, whoever started it.
	Booked(ctx context.Context, id string) (bool, error)
	// Intend enters a phone before it is started. It is an error when somebody
	// else has it.
	Intend(ctx context.Context, id, name string) error
	// Running, Stopping and Stopped say how far it has come; Stopping also why it
	// has come no further. Stopped takes it out.
	Running(ctx context.Context, id string) error
	Stopping(ctx context.Context, id string, why error) error
	Stopped(ctx context.Context, id string) error
}

// Stopper stops phones that are in the book, and no others. It is safe for
// concurrent use for different phones.
type Stopper struct {
	api     *Client
	book    Book
	timeout time.Duration
	pace    pace
	log     *slog.Logger
}

// StopConfig says how long it may take, and how often one asks.
type StopConfig struct {
	// Timeout bounds all the tries to stop one phone; 0 is DefaultStopTimeout.
	Timeout time.Duration
	// Pace is how long to wait at first before asking again; 0 is DefaultPace.
	Pace time.Duration
}

// NewStopper returns a Stopper.
func NewStopper(cfg StopConfig, api *Client, book Book, log *slog.Logger) *Stopper {
	if cfg.Timeout <= 0 {
		cfg.Timeout = DefaultStopTimeout
	}
	return &Stopper{api: api, book: book, timeout: cfg.Timeout, pace: paceOf(cfg.Pace), log: log}
}

// Stop stops the phone, waits until its status says that it is off, and takes
// it out of the book. It tries again until its timeout, or until ctx ends: give
// it a context that outlives the job. A phone that is not in the book is left
// alone, so calling it twice is safe. Its errors are ErrStillRunning, with
// ErrInUse where somebody else uses the phone by now and it was left to them;
// or the book's, when it cannot be read.
func (s *Stopper) Stop(ctx context.Context, id string) error {
	booked, err := s.book.Booked(ctx, id)
	if err != nil || !booked {
		return err
	}
	return s.stop(ctx, id)
}

// stop is Stop for a phone that this fleet has certainly started: trouble with
// the book keeps no phone running.
func (s *Stopper) stop(ctx context.Context, id string) error {
	bounded, cancel := within(ctx, s.timeout, fault.Infra)
	defer cancel()
	unwritten := s.noteStopping(bounded, id)
	err := s.insist(bounded, id)
	writing, cancel := context.WithTimeout(context.WithoutCancel(ctx), bookTime)
	defer cancel()
	if err == nil {
		s.log.InfoContext(ctx, "cloud phone stopped", slog.String(logging.KeyDevice, id))
		return s.book.Stopped(writing, id)
	}
	err = fmt.Errorf("stop cloud phone %s: %w: %w", id, ErrStillRunning, err)
	return errors.Join(err, unwritten, s.book.Stopping(writing, id, err))
}

// noteStopping has a part of the time only: who has the book and does not let go
// of it keeps no phone running.
func (s *Stopper) noteStopping(ctx context.Context, id string) error {
	ctx, cancel := context.WithTimeout(ctx, min(bookTime, s.timeout/4))
	defer cancel()
	return s.book.Stopping(ctx, id, nil)
}

func (s *Stopper) insist(ctx context.Context, id string) error {
	var accepted time.Time
	return s.pace.insist(ctx, isUseless, func(ctx context.Context) error {
		var refused error
		if accepted.IsZero() || time.Since(accepted) >= s.pace.times(stopPaces) {
			if _, refused = s.api.Stop(ctx, id).One(id); refused == nil {
				accepted = time.Now()
			}
		}
		switch {
		case errors.Is(refused, ErrNoPhone):
			return nil // nothing is left that could bill
		case errors.Is(refused, ErrNotReady):
			refused = nil // it does not run, the service says: its status has to say so, too
		case refused != nil && isUseless(refused):
			return refused
		}
		return errors.Join(refused, s.isOff(ctx, id))
	})
}

// isUseless tells what no second try to stop a phone can mend. Anything that
// is not known to be that, is tried again.
func isUseless(err error) bool {
	verdict, _ := VerdictOf(err)
	return verdict == GiveUpFleet || errors.Is(err, ErrInUse)
}

// isOff is nil when the phone certainly does not bill.
func (s *Stopper) isOff(ctx context.Context, id string) error {
	got, err := s.api.Status(ctx, id).One(id)
	switch {
	case errors.Is(err, ErrNoPhone):
		return nil
	case err != nil:
		return err
	case got.Status.Billable():
		return fault.Errorf(fault.Infra, "its status is %s", got.Status)
	}
	return nil
}
