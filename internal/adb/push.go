package adb

import (
	"context"
	"fmt"
	"path/filepath"
)

// Push copies a local file to the path remote on the phone.
func (c *Client) Push(ctx context.Context, serial, local, remote string) error {
	abs, err := filepath.Abs(local) // never to be taken for an option
	if err != nil {
		return fmt.Errorf("push %s: %w", local, err)
	}
	_, err = c.on(ctx, c.cfg.PushTimeout, serial, "push", abs, remote)
	return err
}
