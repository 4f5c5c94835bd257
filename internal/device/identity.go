package device

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"postfleet/internal/appium"
	"postfleet/internal/fault"
)

// identify reads the phone's serial number and compares it with the one it must
// have: Config.UDID, or that of the first Connect. Some phones have none.
func (c *Controller) identify(ctx context.Context) error {
	ctx, cancel := context.WithTimeoutCause(ctx, c.cfg.Timeouts.Probe, errNoSign)
	defer cancel()
	out, err := c.run(ctx, "getprop", "ro.serialno")
	if err != nil {
		return fmt.Errorf("identify phone: %w", err)
	}
	serial := strings.TrimSpace(out)
	if c.cfg.UDID != "" && serial != c.cfg.UDID {
		return otherPhone("its serial number is %q, the udid of this device %q", serial, c.cfg.UDID)
	}
	if c.serial != "" && serial != c.serial {
		return otherPhone("its serial number was %q, is %q", c.serial, serial)
	}
	c.serial = serial
	return nil
}

// verify sees that the session that was just made drives this phone and no
// other: the driver's word, the adb server's list of where the session's port
// leads, and the phone's own serial number once more, because the driver may
// have had adb reconnect.
func (c *Controller) verify(ctx context.Context, s *appium.Session) error {
	err := c.compare(ctx, s)
	if err != nil {
		c.lose() // nothing is to be done on it, but to end it
	}
	return err
}

func (c *Controller) compare(ctx context.Context, s *appium.Session) error {
	if udid := s.Capability("deviceUDID"); udid != "" && udid != c.cfg.Address {
		return otherPhone("the session is on %q, not on %q", udid, c.cfg.Address)
	}
	all, err := c.adb.Forwards(ctx)
	if err != nil {
		return fmt.Errorf("see where the session leads: %w", err)
	}
	local := "tcp:" + strconv.Itoa(c.cfg.SystemPort)
	for _, f := range all {
		if f.Local == local && f.Serial != c.cfg.Address {
			return otherPhone("the session's port %d leads to %q, not to %q", c.cfg.SystemPort, f.Serial, c.cfg.Address)
		}
	}
	return c.identify(ctx)
}

// otherPhone is an error that a person has to look at: which phone has which
// accounts is for nobody else to know.
func otherPhone(format string, args ...any) error {
	return fault.Errorf(fault.Human, "%w: "+format, append([]any{ErrOtherPhone}, args...)...)
}
