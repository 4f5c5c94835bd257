package device

import (
	"context"
	"fmt"
	"strings"
	"time"

	"postfleet/internal/appium"
	"postfleet/internal/fault"
	"postfleet/internal/logging"
)

// hostTimeout bounds what the adb server does without the phone.
const hostTimeout = 5 * time.Second

// Connect returns when the phone is reachable and has a working session. With
// one that works it costs one question to the phone. Otherwise all is made
// anew, whatever state it was in: session deleted, link dropped and made,
// phone identified, session created.
func (c *Controller) Connect(ctx context.Context) error {
	if c.alive(ctx) {
		return nil
	}
	if err := ctx.Err(); err != nil {
		return context.Cause(ctx)
	}
	began := time.Now()
	if err := c.release(ctx); err != nil {
		c.logger.Warn("stale session or link not released", logging.Err(err))
	}
	if err := c.link(ctx); err != nil {
		return judgeConnect(ctx, "connect "+c.cfg.Address, err)
	}
	if err := c.open(ctx); err != nil {
		return judgeConnect(ctx, "connect "+c.cfg.Address, err)
	}
	c.logger.Info("phone connected", "serial", c.serial, "took", time.Since(began).Round(time.Millisecond))
	return nil
}

// alive reports whether the session there is, if any, still reaches the phone.
func (c *Controller) alive(ctx context.Context) bool {
	if c.live() == nil {
		return false
	}
	probe, cancel := context.WithTimeoutCause(ctx, c.cfg.Timeouts.Probe, errNoSign)
	defer cancel()
	err := c.drive(probe, "probe session", func(s *appium.Session) error {
		_, err := s.WindowRect(probe)
		return err
	})
	return err == nil
}

// link makes a link to the phone and sees that it is the same phone as before.
func (c *Controller) link(ctx context.Context) error {
	if err := c.adb.Connect(ctx, c.cfg.Address); err != nil {
		return err
	}
	probe, cancel := context.WithTimeoutCause(ctx, c.cfg.Timeouts.Probe, errNoSign)
	defer cancel()
	out, err := c.adb.Shell(probe, c.cfg.Address, "getprop", "ro.serialno")
	if err != nil {
		return fmt.Errorf("identify phone: %w", err)
	}
	return c.identify(strings.TrimSpace(out))
}

// identify compares the serial number with that of the first Connect. Some
// phones have none.
func (c *Controller) identify(serial string) error {
	if c.serial != "" && serial != c.serial {
		return fault.Errorf(fault.Device, "%w: was %q, is %q", ErrOtherPhone, c.serial, serial)
	}
	c.serial = serial
	return nil
}

// open makes a session. After a failure the driver's apps are no longer
// trusted to be on the phone.
func (c *Controller) open(ctx context.Context) error {
	s, err := c.appium.NewSession(ctx, capabilities(c.cfg, c.provisioned))
	c.provisioned = err == nil
	if err != nil {
		return err
	}
	c.adopt(s)
	return nil
}

// release gives up session, local ports and link. An old link is never kept:
// one to a phone that has restarted, or froze, looks as good as any.
//
// The order is the session first, while there is a link to end it by. When the
// link is known to be bad it is the other way round: without any link the
// driver fails at once where it would wait out all its timeouts.
func (c *Controller) release(ctx context.Context) error {
	s, lost := c.take()
	if lost {
		return joined(c.dropLink(ctx), c.deleteSession(ctx, s))
	}
	return joined(c.deleteSession(ctx, s), c.dropLink(ctx))
}

// deleteSession ends the session within Timeouts.Close. One that is gone
// already is a success.
func (c *Controller) deleteSession(ctx context.Context, s *appium.Session) error {
	if s == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, c.cfg.Timeouts.Close)
	defer cancel()
	if err := s.Delete(ctx); err != nil && !appium.IsInvalidSession(err) {
		return err
	}
	return nil
}

// dropLink frees the local ports, which a driver that was killed leaves
// occupied, and disconnects. It needs no answer of the phone.
func (c *Controller) dropLink(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, hostTimeout)
	defer cancel()
	for _, port := range []int{c.cfg.SystemPort, c.cfg.MJPEGPort} {
		if port == 0 {
			continue
		}
		if err := c.adb.RemoveForward(ctx, port); err != nil {
			return err
		}
	}
	return c.adb.Disconnect(ctx, c.cfg.Address)
}
