package device

import (
	"context"
	"errors"
	"fmt"

	"postfleet/internal/adb"
	"postfleet/internal/appium"
	"postfleet/internal/fault"
)

// What the controller finds wrong. Ask with errors.Is.
var (
	// ErrNotConnected: there is no session. Connect makes one. fault.Infra.
	ErrNotConnected = errors.New("device: not connected")
	// ErrLinkLost: the way to the phone broke under a call, which may or may
	// not have had its effect. Connect repairs it. fault.Infra.
	ErrLinkLost = errors.New("device: link to the phone lost")
	// ErrOtherPhone: what answers is not the phone that this device is, or was.
	// fault.Human.
	ErrOtherPhone = errors.New("device: this is another phone")
	// ErrNotInstalled: the app is not on the phone. fault.Human.
	ErrNotInstalled = errors.New("device: app is not installed")
	// ErrNotInFront: the app did not come to the front in time. fault.Infra.
	ErrNotInFront = errors.New("device: app did not come to the front")
	// ErrNoFocus: no field has the focus, so nothing was typed. fault.Infra.
	ErrNoFocus = errors.New("device: no field has the focus")
	// ErrTextDiffers: the field does not hold what was typed. fault.Infra.
	ErrTextDiffers = errors.New("device: field does not hold the text that was typed")
	// ErrUploadDiffers: the file on the phone is not the one sent. fault.Infra.
	ErrUploadDiffers = errors.New("device: file on the phone differs from the one sent")
)

// errNoSign is a sign of life that did not come.
var errNoSign = fault.Mark(fault.Device, errors.New("device: no sign of life in time"))

// drive runs one command on the live session.
func (c *Controller) drive(ctx context.Context, what string, command func(*appium.Session) error) error {
	s := c.live()
	if s == nil {
		return fault.Errorf(fault.Infra, "%s: %w", what, ErrNotConnected)
	}
	if err := command(s); err != nil {
		return c.judge(ctx, what, err)
	}
	return nil
}

// judge says what a failure after Connect means: a phone that went away under
// a call is our plumbing's fault until Connect has tried to mend it.
func (c *Controller) judge(ctx context.Context, what string, err error) error {
	if cancelled(ctx) {
		return fmt.Errorf("%s: %w", what, err)
	}
	if fault.Is(err, fault.Human) || fault.Is(err, fault.Input) {
		return fmt.Errorf("%s: %w", what, err)
	}
	if isLinkLoss(err) {
		c.lose()
		return fault.Errorf(fault.Infra, "%s: %w: %w", what, ErrLinkLost, err)
	}
	return fault.Errorf(fault.Infra, "%s: %w", what, err)
}

// judgeConnect says what a session that could not be made means.
func judgeConnect(ctx context.Context, what string, err error) error {
	switch {
	case cancelled(ctx) || fault.Of(err) != fault.Unclassified:
		return fmt.Errorf("%s: %w", what, err)
	case errors.Is(err, appium.ErrUnreachable):
		return fault.Errorf(fault.Appium, "%s: %w", what, err)
	case isLinkLoss(err):
		return fault.Errorf(fault.Device, "%s: %w", what, err)
	default:
		return fault.Errorf(fault.Infra, "%s: %w", what, err)
	}
}

func isLinkLoss(err error) bool {
	return appium.IsLinkLoss(err) || appium.IsInvalidSession(err) ||
		errors.Is(err, appium.ErrUnreachable) || errors.Is(err, appium.ErrTimeout) ||
		errors.Is(err, errNoSign) || fault.Is(err, fault.Device) || errors.Is(err, adb.ErrNoServer)
}

// cancelled reports whether the caller has lost patience. Our own probe's
// deadline is not the caller's.
func cancelled(ctx context.Context) bool {
	return ctx.Err() != nil && !errors.Is(context.Cause(ctx), errNoSign)
}

// joined keeps both errors on one line.
func joined(a, b error) error {
	if a == nil {
		return b
	}
	if b == nil {
		return a
	}
	return fmt.Errorf("%w; %w", a, b)
}
