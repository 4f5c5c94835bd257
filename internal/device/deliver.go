package device

import (
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"postfleet/internal/fault"
)

const deliverDir = "/sdcard/Download"

// errSlow is a push that was slower than Config.SlowLink.
var errSlow = fault.Mark(fault.Infra, errors.New("device: adb is slow"))

// bring puts the file on the phone: by adb, or, where that takes longer than a
// file of this size may take, by Config.Deliver.
func (c *Controller) bring(ctx context.Context, local, remote string, size int64) error {
	if c.cfg.Deliver == nil || c.cfg.SlowLink <= 0 {
		return c.adb.Push(ctx, c.cfg.Address, local, remote)
	}
	patience := c.cfg.Timeouts.SlowPush + time.Duration(float64(size)/float64(c.cfg.SlowLink)*float64(time.Second))
	pushing, cancel := context.WithTimeoutCause(ctx, patience, errSlow)
	defer cancel()
	err := c.adb.Push(pushing, c.cfg.Address, local, remote)
	if !errors.Is(err, errSlow) || ctx.Err() != nil {
		return err
	}
	c.logger.WarnContext(ctx, "adb is slow, the video goes another way", "bytes", size, "patience", patience)
	return c.deliver(ctx, local, remote)
}

// deliver has the file come into the Download folder and moves it to where adb
// would have put it. It is the only one that was not there before.
func (c *Controller) deliver(ctx context.Context, local, remote string) error {
	before, err := c.downloads(ctx)
	if err != nil {
		return err
	}
	if err := c.cfg.Deliver(ctx, local); err != nil {
		return err
	}
	after, err := c.downloads(ctx)
	if err != nil {
		return err
	}
	fresh := slices.DeleteFunc(after, func(name string) bool { return slices.Contains(before, name) })
	if len(fresh) != 1 {
		return fault.Errorf(fault.Infra, "find the delivered file: %d are new in %s", len(fresh), deliverDir)
	}
	if err := c.shell(ctx, "mv", "-f", path.Join(deliverDir, fresh[0]), remote); err != nil {
		return fmt.Errorf("move the delivered file: %w", err)
	}
	return nil
}

func (c *Controller) downloads(ctx context.Context) ([]string, error) {
	out, err := c.runAll(ctx, []string{"mkdir", "-p", deliverDir}, []string{"ls", deliverDir})
	if err != nil {
		return nil, fmt.Errorf("look for deliveries: %w", err)
	}
	var names []string
	for line := range strings.Lines(out) {
		if name := strings.TrimSpace(line); name != "" {
			names = append(names, name)
		}
	}
	return names, nil
}
