package orchestrator

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"postfleet/internal/logging"
)

const shutdownPollEvery = time.Second

// guard tells workers to drain through the data directory, and ends the fleet
// when they outlive the grace. Each slot signals its own worker.
func (o *Orchestrator) guard(ctx context.Context, end context.CancelCauseFunc) {
	if !o.awaitDrain(ctx) {
		return
	}
	o.logger.InfoContext(ctx, "draining", "grace", o.opts.Grace)
	if err := writeShutdown(o.opts.DataDir); err != nil {
		o.logger.WarnContext(ctx, "workers are told by signal only", logging.Err(err))
	}
	grace := time.NewTimer(o.opts.Grace)
	defer grace.Stop()
	select {
	case <-ctx.Done():
	case <-grace.C:
		o.logger.WarnContext(ctx, "grace is over, killing workers")
		end(errGrace)
	}
}

// awaitDrain returns true once the fleet is to drain, false when ctx ends.
func (o *Orchestrator) awaitDrain(ctx context.Context) bool {
	look := time.NewTicker(shutdownPollEvery)
	defer look.Stop()
	for !o.draining() {
		select {
		case <-ctx.Done():
			return false
		case <-o.drain.done():
		case <-look.C:
		}
	}
	return true
}

// draining reports whether no worker is to be started any more: we were told,
// or somebody made the shutdown file.
func (o *Orchestrator) draining() bool {
	if o.drain.fired() {
		return true
	}
	_, err := os.Stat(filepath.Join(o.opts.DataDir, ShutdownFile))
	if err == nil {
		o.drain.fire()
	}
	return err == nil
}

// writeShutdown makes the file that tells workers to claim nothing new. It has
// no content: that it is there is all, so there is no half-written state.
func writeShutdown(dataDir string) error {
	f, err := os.OpenFile(filepath.Join(dataDir, ShutdownFile), os.O_CREATE|os.O_WRONLY, filePerm)
	if err != nil {
		return fmt.Errorf("write the shutdown file: %w", err)
	}
	return f.Close()
}

// removeShutdown removes a shutdown file that has done its work.
func removeShutdown(dataDir string) error {
	err := os.Remove(filepath.Join(dataDir, ShutdownFile))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("remove the shutdown file: %w", err)
	}
	return nil
}
