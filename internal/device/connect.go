package device

import (
	"context"
	"errors"
	"time"

	"postfleet/internal/adb"
	"postfleet/internal/appium"
)

const (
	// hostTimeout bounds what the adb server does without the phone.
	hostTimeout = 5 * time.Second
	reachPoll   = 500 * time.Millisecond
)

// Connect returns when the phone is reachable and has a working session. With
// one that works it costs one question to the phone. Otherwise all is made
// anew, whatever state it was in: link dropped and made, phone identified, old
// session deleted, session created.
func (c *Controller) Connect(ctx context.Context) error {
	if c.alive(ctx) {
		return nil
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	began := time.Now()
	what := "connect " + c.cfg.Address
	if !c.reached {
		if err := c.link(ctx); err != nil {
			return judgeConnect(ctx, what, err)
		}
	}
	c.reached = false
	if err := c.clear(ctx); err != nil {
		return judgeConnect(ctx, what, err)
	}
	if err := c.open(ctx); err != nil {
		return judgeConnect(ctx, what, err)
	}
	c.logger.InfoContext(ctx, "phone connected",
		"serial", c.serial, "took", time.Since(began).Round(time.Millisecond))
	return nil
}

// Reach makes a fresh link to the phone and has it answer. It needs no Appium
// server. The next Connect takes the link as it is, so it belongs right before
// one; a session that there was is lost.
func (c *Controller) Reach(ctx context.Context) error {
	c.reached = false
	c.lose()
	if err := c.link(ctx); err != nil {
		return judgeConnect(ctx, "reach "+c.cfg.Address, err)
	}
	c.reached = true
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

// link makes a fresh link to the phone and sees that it is the same phone as
// before. An old link is never kept: one to a phone that has restarted, or
// that froze, looks as good as any.
func (c *Controller) link(ctx context.Context) error {
	if err := c.dropLink(ctx); err != nil {
		return err
	}
	if err := c.reach(ctx); err != nil {
		return err
	}
	return c.identify(ctx)
}

// reach connects adb to the phone, and is patient with an address at which
// nothing answers yet.
func (c *Controller) reach(ctx context.Context) error {
	giveUp := time.NewTimer(c.cfg.Timeouts.Reach)
	defer giveUp.Stop()
	tick := time.NewTicker(reachPoll)
	defer tick.Stop()
	for {
		err := c.attach(ctx)
		if !errors.Is(err, adb.ErrUnreachable) {
			return err
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-giveUp.C:
			return err
		case <-tick.C:
		}
	}
}

// attach has adb hold a link to the phone that is up.
func (c *Controller) attach(ctx context.Context) error {
	if c.cfg.Attached {
		return c.adb.Await(ctx, c.cfg.Address)
	}
	return c.adb.Connect(ctx, c.cfg.Address)
}

// clear ends what is left of an old session. It needs a fresh link: without one
// the driver takes minutes for it, and would go on ending the old session under
// the new one, which has the same ports. The server on the phone is stopped
// first, because the driver waits 5 s for it to end by itself.
func (c *Controller) clear(ctx context.Context) error {
	if !c.holds() {
		return nil
	}
	if err := c.shell(ctx, "am", "force-stop", "io.appium.uiautomator2.server"); err != nil {
		return err
	}
	return c.deleteSession(ctx, c.cfg.Timeouts.Command)
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
	return c.verify(ctx, s)
}

// deleteSession ends the session, if there is one, within d. One that is gone
// already is a success.
func (c *Controller) deleteSession(ctx context.Context, d time.Duration) error {
	s := c.take()
	if s == nil {
		return nil
	}
	ctx, cancel := context.WithTimeoutCause(ctx, d, appium.ErrTimeout)
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
	if c.cfg.Attached { // the server's link, which is not ours to drop
		return nil
	}
	return c.adb.Disconnect(ctx, c.cfg.Address)
}
