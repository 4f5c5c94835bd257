package cloudphone

import (
	"context"
	"time"

	"postfleet/internal/device"
	"postfleet/internal/fault"
)

// drive does something with what drives the phone, if one was reached.
func (d *Device) drive(do func(*device.Controller) error) error {
	ctl := d.driver()
	if ctl == nil {
		return fault.Errorf(fault.Infra, "cloud phone: %w", device.ErrNotConnected)
	}
	return do(ctl)
}

// Launch implements posting.Device.
func (d *Device) Launch(ctx context.Context, app string) error {
	return d.drive(func(c *device.Controller) error { return c.Launch(ctx, app) })
}

// Upload implements posting.Device.
func (d *Device) Upload(ctx context.Context, local, name string) (remote string, err error) {
	err = d.drive(func(c *device.Controller) (err error) {
		remote, err = c.Upload(ctx, local, name)
		return err
	})
	return remote, err
}

// Remove implements posting.Device.
func (d *Device) Remove(ctx context.Context, remote string) error {
	return d.drive(func(c *device.Controller) error { return c.Remove(ctx, remote) })
}

// Screenshot implements posting.Device.
func (d *Device) Screenshot(ctx context.Context) (png []byte, err error) {
	err = d.drive(func(c *device.Controller) (err error) {
		png, err = c.Screenshot(ctx)
		return err
	})
	return png, err
}

// Source implements navigator.Screen.
func (d *Device) Source(ctx context.Context) (xml string, err error) {
	err = d.drive(func(c *device.Controller) (err error) {
		xml, err = c.Source(ctx)
		return err
	})
	return xml, err
}

// Tap implements navigator.Screen.
func (d *Device) Tap(ctx context.Context, x, y int) error {
	return d.drive(func(c *device.Controller) error { return c.Tap(ctx, x, y) })
}

// Swipe implements navigator.Screen.
func (d *Device) Swipe(ctx context.Context, x1, y1, x2, y2 int, t time.Duration) error {
	return d.drive(func(c *device.Controller) error { return c.Swipe(ctx, x1, y1, x2, y2, t) })
}

// Type implements navigator.Screen.
func (d *Device) Type(ctx context.Context, text string) error {
	return d.drive(func(c *device.Controller) error { return c.Type(ctx, text) })
}

// Back implements navigator.Screen.
func (d *Device) Back(ctx context.Context) error {
	return d.drive(func(c *device.Controller) error { return c.Back(ctx) })
}

// Version implements guide.Phone.
func (d *Device) Version(ctx context.Context, app string) (version string, err error) {
	err = d.drive(func(c *device.Controller) (err error) {
		version, err = c.Version(ctx, app)
		return err
	})
	return version, err
}
