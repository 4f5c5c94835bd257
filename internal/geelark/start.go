package geelark

import (
	"context"
	"fmt"
	"time"

	"postfleet/internal/fault"
)

func (p *Phone) start(ctx context.Context) (Link, error) {
	phone, err := p.find(ctx)
	if err != nil {
		return Link{}, err
	}
	if err := p.claim(ctx, phone); err != nil {
		return Link{}, err
	}
	if err := p.boot(ctx); err != nil {
		return Link{}, err
	}
	data, err := p.openADB(ctx)
	if err != nil {
		return Link{}, fmt.Errorf("turn adb on: %w", err)
	}
	return p.link(data), nil
}

func (p *Phone) find(ctx context.Context) (phone Listed, err error) {
	ctx, cancel := within(ctx, findTimeout, fault.Infra)
	defer cancel()
	err = p.pace.insist(ctx, isLasting, func(ctx context.Context) (err error) {
		phone, err = p.api.Find(ctx, p.cfg.Name)
		return err
	})
	if err == nil && phone.Status == Expired {
		err = fault.Mark(fault.Human, ErrExpired)
	}
	return phone, err
}

// claim books the phone. From then on it is ours to stop.
func (p *Phone) claim(ctx context.Context, phone Listed) error {
	if phone.Status.Billable() {
		if err := p.inherit(ctx, phone); err != nil {
			return err
		}
	}
	if err := p.book.Intend(ctx, phone.ID, phone.Name); err != nil {
		return err
	}
	p.id = phone.ID
	return nil
}

// inherit deals with a phone that runs already. One that a worker of this fleet
// left behind when it died is stopped first: only the stop tells whether
// somebody has come to use it meanwhile. One that cannot be stopped is ours to
// stop from then on.
func (p *Phone) inherit(ctx context.Context, phone Listed) error {
	booked, err := p.book.Booked(ctx, phone.ID)
	if err != nil {
		return err
	}
	if !booked {
		return notOurs(phone.Status)
	}
	if err := p.book.Intend(ctx, phone.ID, phone.Name); err != nil {
		return err
	}
	p.id = phone.ID
	p.log.WarnContext(ctx, "cloud phone was left running, it is started anew")
	return p.Stop(ctx)
}

func notOurs(status Status) error {
	return fault.Errorf(fault.Device, "%w: it is %s, and not by this fleet", ErrInUse, status)
}

// boot starts the phone and waits until it has started.
func (p *Phone) boot(ctx context.Context) error {
	ctx, cancel := within(ctx, p.cfg.ReadyTimeout, fault.Device)
	defer cancel()
	if err := p.order(ctx); err != nil {
		return err
	}
	if err := p.book.Running(ctx, p.id); err != nil {
		return err
	}
	return p.pace.insist(ctx, isLasting, func(ctx context.Context) error {
		got, err := p.api.Status(ctx, p.id).One(p.id)
		switch {
		case err != nil:
			return err
		case got.Status == Started:
			return nil
		case got.Status == Expired:
			return fault.Mark(fault.Human, ErrExpired)
		}
		return fault.Errorf(fault.Device, "%w: its status is %s", ErrNotReady, got.Status)
	})
}

// openADB turns adb on, off and on again when it does not come, and waits for
// its address.
func (p *Phone) openADB(ctx context.Context) (data ADBData, err error) {
	ctx, cancel := within(ctx, p.cfg.ADBTimeout, fault.Device)
	defer cancel()
	var turnedOn time.Time
	err = p.pace.insist(ctx, isLasting, func(ctx context.Context) (err error) {
		if time.Since(turnedOn) < p.pace.times(adbOnPaces) {
			data, err = p.api.ADBData(ctx, p.id).One(p.id)
			return err
		}
		if !turnedOn.IsZero() {
			p.log.WarnContext(ctx, "adb does not come on, it is turned off and on")
			if err := p.api.SetADB(ctx, false, p.id)[p.id]; err != nil {
				return err
			}
		}
		if err := p.api.SetADB(ctx, true, p.id)[p.id]; err != nil {
			return err
		}
		turnedOn = time.Now()
		return fault.Errorf(fault.Device, "%w: adb was just turned on", ErrNotReady)
	})
	return data, err
}
