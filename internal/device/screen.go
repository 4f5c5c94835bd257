package device

import (
	"context"
	"time"

	"postfleet/internal/appium"
)

// Source returns what is on the screen, as the driver's XML.
func (c *Controller) Source(ctx context.Context) (string, error) {
	var xml string
	err := c.drive(ctx, "read screen", func(s *appium.Session) (err error) {
		xml, err = s.Source(ctx)
		return err
	})
	return xml, err
}

// Screenshot returns the screen as PNG.
func (c *Controller) Screenshot(ctx context.Context) ([]byte, error) {
	var png []byte
	err := c.drive(ctx, "take screenshot", func(s *appium.Session) (err error) {
		png, err = s.Screenshot(ctx)
		return err
	})
	return png, err
}

// Tap touches a point, in pixels of the screen.
func (c *Controller) Tap(ctx context.Context, x, y int) error {
	return c.drive(ctx, "tap", func(s *appium.Session) error { return s.Tap(ctx, x, y) })
}

// Swipe moves one finger from the first point to the second within d.
func (c *Controller) Swipe(ctx context.Context, x1, y1, x2, y2 int, d time.Duration) error {
	return c.drive(ctx, "swipe", func(s *appium.Session) error { return s.Swipe(ctx, x1, y1, x2, y2, d) })
}

// Back presses the phone's back key.
func (c *Controller) Back(ctx context.Context) error {
	return c.drive(ctx, "press back", func(s *appium.Session) error { return s.Back(ctx) })
}
