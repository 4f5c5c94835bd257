package orchestrator

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"postfleet/internal/logging"
)

// PhoneStopper stops the cloud phones that workers of this data directory have
// started and that no living worker holds any more. It stops no others.
type PhoneStopper interface {
	// StopLeft returns those that may be running still, after as many tries as it
	// allows itself. It blocks until then, or until ctx ends. An error says that
	// nobody knows which phones were started. Safe for use by many goroutines and
	// processes at once.
	StopLeft(ctx context.Context) ([]CloudPhone, error)
}

// CloudPhone is one that may be running, and bill.
type CloudPhone struct {
	ID, Name string
	// Err is why it could not be stopped.
	Err error
}

// ErrPhonesLeft is in the chain when cloud phones could not be stopped.
var ErrPhonesLeft = errors.New("cloud phones may be running still, and bill")

// PhonesLeft returns nil when none is left, or an error that names each, why, and
// what to do.
func PhonesLeft(left []CloudPhone) error {
	if len(left) == 0 {
		return nil
	}
	names := make([]string, len(left))
	for i, p := range left {
		names[i] = fmt.Sprintf("%s (%s): %v", p.Name, p.ID, p.Err)
	}
	return fmt.Errorf("%w: %s: try 'orchestrator phones stop --all', or stop them in GeeLark's own console",
		ErrPhonesLeft, strings.Join(names, "; "))
}

// phonesAgain is how often one looks without a reason: phones that could not be
// stopped are tried again, and a worker may have died out of its slot's sight.
const phonesAgain = 30 * time.Second

// watchPhones stops what dead workers left running, until ctx ends: what was
// there at the start, what each worker's death leaves, and what is found later. A
// look at phones that the living have costs no request.
func (o *Orchestrator) watchPhones(ctx context.Context) {
	if o.opts.Phones == nil {
		return
	}
	again := time.NewTicker(phonesAgain)
	defer again.Stop()
	o.lookForPhones()
	for {
		select {
		case <-ctx.Done():
			return
		case <-o.orphans:
		case <-again.C:
		}
		left, err := o.opts.Phones.StopLeft(ctx)
		if err := errors.Join(err, PhonesLeft(left)); err != nil && ctx.Err() == nil {
			o.logger.WarnContext(ctx, "cloud phones are tried again", logging.Err(err))
		}
	}
}

// lookForPhones has watchPhones look at once. One look that waits is enough.
func (o *Orchestrator) lookForPhones() {
	select {
	case o.orphans <- struct{}{}:
	default:
	}
}

// lastPhones stops what is left when all workers have ended.
func (o *Orchestrator) lastPhones(ctx context.Context) ([]CloudPhone, error) {
	if o.opts.Phones == nil {
		return nil, nil
	}
	left, err := o.opts.Phones.StopLeft(context.WithoutCancel(ctx))
	if err := PhonesLeft(left); err != nil {
		o.logger.ErrorContext(ctx, "cloud phones were not stopped", logging.Err(err))
	}
	return left, err
}
