package adb

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"postfleet/internal/fault"
)

const statePoll = 200 * time.Millisecond

// Connect links the server to the phone at addr (host:port, which then is its
// serial) and returns when the phone is ready. A link that is up is kept; one
// that is not is dropped first, because adb says "already connected" of a link
// to a phone that has restarted, for ever.
func (c *Client) Connect(ctx context.Context, addr string) error {
	state, err := c.State(ctx, addr)
	if err != nil {
		return err
	}
	if state == StateDevice {
		return nil
	}
	if state != StateAbsent {
		if err := c.Disconnect(ctx, addr); err != nil {
			return err
		}
	}
	out, err := c.host(ctx, "connect", addr)
	if err != nil {
		return err
	}
	if err := connectError(out); err != nil {
		return fmt.Errorf("adb connect %s: %w", addr, err)
	}
	return c.WaitDevice(ctx, addr)
}

// Await returns when a phone is ready that the server has by itself, as one on
// USB: there is nothing to connect. A link that adb calls offline is kicked once.
func (c *Client) Await(ctx context.Context, serial string) error {
	state, err := c.State(ctx, serial)
	if err != nil || state == StateDevice {
		return err
	}
	if state == StateOffline {
		// Its failure tells nothing that the next look does not.
		_, _ = c.on(ctx, c.cfg.Timeout, serial, "reconnect")
	}
	return c.WaitDevice(ctx, serial)
}

// connectError reads the words of "adb connect", whose exit status says
// nothing.
func connectError(out string) error {
	if strings.HasPrefix(out, "connected to ") || strings.HasPrefix(out, "already connected to ") {
		return nil
	}
	// A phone that wants its key accepted is "failed to authenticate": that is
	// for WaitDevice to see, as it may be accepted just now.
	if strings.HasPrefix(out, "failed to authenticate") {
		return nil
	}
	if err := classify(out); err != nil {
		return fmt.Errorf("%w: %s", err, clip(out))
	}
	return fault.Errorf(fault.Device, "%w: %s", ErrUnreachable, clip(out))
}

// Disconnect drops the link to the phone at addr. No link is a success.
func (c *Client) Disconnect(ctx context.Context, addr string) error {
	_, err := c.host(ctx, "disconnect", addr)
	if exit, ok := errors.AsType[*ExitError](err); ok && strings.Contains(exit.Stderr+exit.Stdout, "no such device") {
		return nil
	}
	return err
}

// WaitDevice blocks until the phone is ready, for at most one Timeout. The
// error is what the phone was instead.
func (c *Client) WaitDevice(ctx context.Context, serial string) error {
	ctx, cancel := context.WithTimeoutCause(ctx, c.cfg.Timeout, errTimeout)
	defer cancel()
	tick := time.NewTicker(statePoll)
	defer tick.Stop()
	last := StateAbsent
	for {
		state, err := c.State(ctx, serial)
		switch {
		case ctx.Err() != nil:
			return waitError(ctx, serial, last)
		case err != nil:
			return err
		case state == StateDevice:
			return nil
		}
		last = state
		select {
		case <-ctx.Done():
			return waitError(ctx, serial, last)
		case <-tick.C:
		}
	}
}

// waitError is what a phone's last state means when the time is up.
func waitError(ctx context.Context, serial string, last State) error {
	cause := context.Cause(ctx)
	if errors.Is(cause, ErrTimeout) {
		if err := last.Err(); err != nil {
			cause = err
		}
	}
	return fmt.Errorf("wait for %s: %w", serial, cause)
}
