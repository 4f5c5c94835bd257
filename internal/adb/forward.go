package adb

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// Forward is a local port that the server leads to a phone's.
type Forward struct {
	Serial string
	Local  string // tcp:PORT
	Remote string
}

// Forwards lists the forwards of all phones.
func (c *Client) Forwards(ctx context.Context) ([]Forward, error) {
	out, err := c.host(ctx, "forward", "--list")
	if err != nil {
		return nil, err
	}
	return parseForwards(out), nil
}

// RemoveForward frees a local port, whichever phone it leads to. A port that
// is not forwarded is a success. The phone need not answer.
func (c *Client) RemoveForward(ctx context.Context, port int) error {
	local := fmt.Sprintf("tcp:%d", port)
	return c.removeForwards(ctx, func(f Forward) bool { return f.Local == local })
}

// RemoveForwards frees all local ports.
func (c *Client) RemoveForwards(ctx context.Context) error {
	return c.removeForwards(ctx, func(Forward) bool { return true })
}

// RemoveForwardsOf frees the local ports that lead to one phone.
func (c *Client) RemoveForwardsOf(ctx context.Context, serial string) error {
	return c.removeForwards(ctx, func(f Forward) bool { return f.Serial == serial })
}

// removeForwards goes one by one: adb refuses "--remove-all" when no phone is
// connected.
func (c *Client) removeForwards(ctx context.Context, match func(Forward) bool) error {
	all, err := c.Forwards(ctx)
	if err != nil {
		return err
	}
	for _, f := range all {
		if !match(f) {
			continue
		}
		if _, err := c.on(ctx, c.cfg.Timeout, f.Serial, "forward", "--remove", f.Local); err != nil && !isGone(err) {
			return err
		}
	}
	return nil
}

// isGone takes a forward that went by itself, with its phone, for removed.
func isGone(err error) bool {
	exit, ok := errors.AsType[*ExitError](err)
	return ok && strings.Contains(exit.Stderr, "not found") || errors.Is(err, ErrOffline)
}

func parseForwards(out string) []Forward {
	const columns = 3
	var all []Forward
	for line := range strings.Lines(out) {
		if f := strings.Fields(line); len(f) == columns {
			all = append(all, Forward{Serial: f[0], Local: f[1], Remote: f[2]})
		}
	}
	return all
}
