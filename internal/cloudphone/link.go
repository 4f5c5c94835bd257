package cloudphone

import (
	"context"
	"errors"
	"fmt"

	"postfleet/internal/adb"
	"postfleet/internal/device"
	"postfleet/internal/fault"
	"postfleet/internal/geelark"
	"postfleet/internal/logging"
)

// Connect makes sure that the phone that is on can be driven. One that has
// another address by now is reached there; one that is off by itself is started
// again.
func (d *Device) Connect(ctx context.Context) error {
	ctl := d.driver()
	if ctl != nil && ctl.Check(ctx) == nil {
		return nil
	}
	return d.onLink(ctx, (*device.Controller).Connect)
}

// Reach makes a fresh link to the phone that is on.
func (d *Device) Reach(ctx context.Context) error { return d.onLink(ctx, (*device.Controller).Reach) }

func (d *Device) onLink(ctx context.Context, do func(*device.Controller, context.Context) error) error {
	d.set(false)
	if d.phone == nil {
		return fault.Errorf(fault.Infra, "connect cloud phone: %w", device.ErrNotConnected)
	}
	link, err := d.phone.Link(ctx)
	if fault.Is(err, fault.Device) && !errors.Is(err, geelark.ErrInUse) && ctx.Err() == nil {
		d.logger.WarnContext(ctx, "cloud phone cannot be reached, it is started again", logging.Err(err))
		link, err = d.again(ctx)
	}
	if err != nil {
		return d.judge(err)
	}
	if err := do(d.driverAt(ctx, link), ctx); err != nil {
		return err
	}
	d.set(true)
	d.renewal.start(ctx, d.cfg.LoginEvery, d.renew)
	return nil
}

// again starts the phone anew that shut down by itself.
func (d *Device) again(ctx context.Context) (geelark.Link, error) {
	if err := d.phone.Stop(ctx); err != nil {
		return geelark.Link{}, err
	}
	return d.start(ctx)
}

// Close ends the session and the link, not the phone.
func (d *Device) Close(ctx context.Context) error {
	d.renewal.stop()
	d.set(false)
	if ctl := d.driver(); ctl != nil {
		return ctl.Close(ctx)
	}
	return nil
}

// Check is nil as long as nobody is connected to a phone, or the phone answers.
func (d *Device) Check(ctx context.Context) error {
	d.mu.Lock()
	connected, address := d.connected, d.link.Address
	d.mu.Unlock()
	if !connected {
		return nil
	}
	state, err := adb.NewClient(adb.ClientConfig{Program: d.cfg.Device.ADBProgram, Port: d.cfg.Device.ADBPort}).
		State(ctx, address)
	if err == nil {
		err = state.Err()
	}
	if err != nil {
		return fmt.Errorf("%s: %w", address, err)
	}
	return nil
}

func (d *Device) driver() *device.Controller {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.ctl
}

func (d *Device) set(connected bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.connected = connected
}

// driverAt returns what drives the phone at this link: another one when the
// address or the password has changed.
func (d *Device) driverAt(ctx context.Context, link geelark.Link) *device.Controller {
	old := d.driver()
	if old != nil && d.link == link {
		return old
	}
	d.drop(ctx)
	cfg := d.cfg.Device
	cfg.Address, cfg.Password, cfg.Deliver = link.Address, link.Password, d.deliver
	ctl := device.New(cfg, d.logger)
	d.mu.Lock()
	defer d.mu.Unlock()
	d.ctl, d.link = ctl, link
	return ctl
}

// drop forgets what drives the phone, in order.
func (d *Device) drop(ctx context.Context) {
	if err := d.Close(ctx); err != nil {
		d.logger.WarnContext(ctx, "cloud phone not released in order", logging.Err(err))
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.ctl, d.link = nil, geelark.Link{}
}
