package device

import (
	"context"
	"errors"
	"fmt"

	"postfleet/internal/adb"
	"postfleet/internal/fault"
)

// Login logs adb in to a cloud phone's shell, whether or not that has lapsed,
// and sees that the shell does what it is told. It may be called by any
// goroutine, also while the link is being made anew: what it fails with says
// nothing of the session. A phone without a password needs none.
func (c *Controller) Login(ctx context.Context) error {
	if c.cfg.Password == "" {
		return nil
	}
	probe, cancel := context.WithTimeoutCause(ctx, c.cfg.Timeouts.Probe, errNoSign)
	defer cancel()
	err := c.login(probe)
	if err == nil {
		_, err = c.run(probe, "getprop", "ro.serialno")
	}
	if err != nil {
		return fmt.Errorf("log in to the phone's shell: %w", err)
	}
	return nil
}

// run runs a command in the phone's shell. A cloud phone's forgets its login
// when adb reconnects, and when it likes; it then has run nothing, so that the
// command may be repeated. What adb takes for a person's business is here a
// link that has to be made anew: the password is another after each start.
func (c *Controller) run(ctx context.Context, args ...string) (string, error) {
	return c.runAll(ctx, args)
}

// runAll runs commands one after the other, up to the first that fails, and
// returns what the last printed, in the time that a slow link takes for one. They
// may be repeated all together.
func (c *Controller) runAll(ctx context.Context, commands ...[]string) (string, error) {
	out, err := c.adb.ShellAll(ctx, c.cfg.Address, commands...)
	if c.cfg.Password == "" || !errors.Is(err, adb.ErrNeedsLogin) {
		return out, err
	}
	if err := c.login(ctx); err != nil {
		return "", err
	}
	out, err = c.adb.ShellAll(ctx, c.cfg.Address, commands...)
	if errors.Is(err, adb.ErrNeedsLogin) {
		return "", fault.Mark(fault.Device, err)
	}
	return out, err
}

// login only says the password: whether it was the right one, the next command
// tells.
func (c *Controller) login(ctx context.Context) error {
	_, err := c.adb.Shell(ctx, c.cfg.Address, "glogin", c.cfg.Password)
	if errors.Is(err, adb.ErrNeedsLogin) {
		return fault.Mark(fault.Device, err)
	}
	return err
}
