package cloudphone

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"time"

	"postfleet/internal/fault"
	"postfleet/internal/geelark"
	"postfleet/internal/geelark/phonebook"
	"postfleet/internal/logging"
	"postfleet/internal/worker"
)

// Start implements worker.Rented.
func (d *Device) Start(ctx context.Context, account string) (fresh bool, err error) {
	name := d.cfg.Name
	if name == "" {
		name = account
	}
	if d.phone != nil && d.name == name {
		return false, nil
	}
	if err := d.Stop(ctx); err != nil {
		// It is in the book; the job's own phone is another one.
		d.logger.ErrorContext(ctx, "cloud phone not stopped, it may cost still", logging.Err(err))
	}
	if ctx.Err() != nil {
		return false, fmt.Errorf("start cloud phone %s: %w", name, context.Cause(ctx))
	}
	d.phone, d.name = d.cfg.RentFunc(name), name
	if _, err := d.start(ctx); err != nil {
		d.abandon(err)
		return false, d.judge(err)
	}
	return true, nil
}

// start starts d.phone, and waits for one that somebody of this fleet still
// holds: a worker that is about to end, or who stops what the dead left.
func (d *Device) start(ctx context.Context) (geelark.Link, error) {
	deadline := time.Now().Add(d.cfg.HeldPatience)
	for {
		link, err := d.phone.Start(ctx)
		if !errors.Is(err, phonebook.ErrHeld) || time.Now().After(deadline) {
			return link, err
		}
		again := time.NewTimer(d.cfg.HeldPoll)
		select {
		case <-ctx.Done():
			again.Stop()
			return geelark.Link{}, err
		case <-again.C:
		}
	}
}

// abandon forgets a phone that did not start; one that may run is kept to be
// stopped.
func (d *Device) abandon(err error) {
	if errors.Is(err, geelark.ErrStillRunning) {
		d.left[d.name] = d.phone
	}
	d.phone, d.name = nil, ""
}

// Stop implements worker.Rented. It tries those again that could not be stopped
// before.
func (d *Device) Stop(ctx context.Context) error {
	d.drop(ctx)
	unread := d.recall()
	if d.phone != nil {
		d.left[d.name] = d.phone
		d.phone, d.name = nil, ""
	}
	failed := []error{unread}
	maps.DeleteFunc(d.left, func(_ string, p *geelark.Phone) bool {
		err := p.Stop(ctx)
		failed = append(failed, err)
		return err == nil
	})
	return errors.Join(failed...)
}

// recall adds those that a former life has left on, once. Where the book cannot
// be read it is asked again the next time.
func (d *Device) recall() error {
	if d.cfg.LeftFunc == nil {
		return nil
	}
	former, err := d.cfg.LeftFunc()
	if err != nil {
		return err
	}
	d.cfg.LeftFunc = nil
	for _, p := range former {
		d.left[p.Name()] = p
	}
	return nil
}

// judge says what an error of the service means for the worker: one that stops
// everybody, or one account's trouble. A person's business with one of many
// phones is no reason to end the worker.
func (d *Device) judge(err error) error {
	verdict, _ := geelark.VerdictOf(err)
	switch {
	case errors.Is(err, phonebook.ErrHeld):
		return fault.Errorf(fault.Device, "%w: %w", worker.ErrHeld, err)
	case fault.Is(err, fault.Human) && verdict == geelark.GiveUpFleet:
		return fault.Errorf(fault.Human, "%w: %w", worker.ErrFleet, err)
	case fault.Is(err, fault.Human) && d.PerAccount():
		return fault.Mark(fault.Account, err)
	}
	return err
}

// deliver brings a file to the phone by way of the service.
func (d *Device) deliver(ctx context.Context, local string) error {
	file, err := os.Open(local)
	if err != nil {
		return fault.Errorf(fault.Input, "deliver: %w", err)
	}
	defer func() { _ = file.Close() }() // read only
	info, err := file.Stat()
	if err != nil {
		return fault.Errorf(fault.Input, "deliver: %w", err)
	}
	fileType := strings.ToLower(strings.TrimPrefix(filepath.Ext(local), "."))
	return d.phone.Deliver(ctx, file, info.Size(), fileType)
}
