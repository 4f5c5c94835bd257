package orchestrator

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"sync"
	"time"

	"postfleet/internal/logging"
	"postfleet/internal/progress"
	"postfleet/internal/progress/filelock"
	"postfleet/workerimage"
)

// StopConfig says which fleet to stop and how.
type StopConfig struct {
	Fleet   string
	Network string
	// DataDir is the data directory as this process sees it.
	DataDir string
	// Grace is how long workers may finish their jobs before they are killed.
	Grace time.Duration
	// Now kills the workers without asking.
	Now bool
	// Phones stops cloud phones; nil when there are none.
	Phones PhoneStopper
}

const (
	lockPollEvery = 200 * time.Millisecond
	// removeTimeout bounds the removal of a fleet's containers.
	removeTimeout = time.Minute
)

// Stop brings a fleet down whether an orchestrator runs it or not: it drains
// the workers, kills what is left after the grace, lets a running orchestrator
// finish, removes the fleet's containers and network, and stops the cloud phones
// that its workers have left: ErrPhonesLeft when that could not be done. Blocks
// until then.
// Ending ctx shortens the grace to nothing; the clean-up still happens. ledger
// may be nil, for a fleet whose ledger cannot be opened: no rows are rescued.
func Stop(ctx context.Context, cfg StopConfig, engine Engine, ledger progress.Ledger, logger *slog.Logger) error {
	err := stopFleet(ctx, cfg, engine, ledger, logger)
	// Also without an engine: who is dead is not asked of it.
	return errors.Join(err, stopPhones(context.WithoutCancel(ctx), cfg.Phones))
}

func stopPhones(ctx context.Context, phones PhoneStopper) error {
	if phones == nil {
		return nil
	}
	left, err := phones.StopLeft(ctx)
	return errors.Join(err, PhonesLeft(left))
}

func stopFleet(
	ctx context.Context, cfg StopConfig, engine Engine, ledger progress.Ledger, logger *slog.Logger,
) error {
	if err := engine.Ping(ctx); err != nil {
		return err
	}
	if err := writeShutdown(cfg.DataDir); err != nil {
		return err
	}
	found, err := engine.List(ctx, cfg.Fleet)
	if err != nil {
		return err
	}
	s := stopper{cfg: cfg, engine: engine, logger: logger.With(logging.KeyFleet, cfg.Fleet)}
	lock, err := filelock.Hold(s.lockPath())
	if err != nil && !errors.Is(err, progress.ErrBusy) {
		return err
	}
	s.watched = lock == nil
	s.endWorkers(ctx, found)

	after, stop := context.WithTimeout(context.WithoutCancel(ctx), cleanUpTimeout+removeTimeout)
	defer stop()
	if s.watched {
		if lock, err = s.awaitOrchestrator(after); err != nil {
			return err
		}
	}
	err = nil
	if ledger != nil {
		_, err = ledger.Rescue(after)
	}
	return errors.Join(err, removeAll(after, engine, cfg.Fleet, false),
		engine.RemoveNetwork(after, cfg.Network, cfg.Fleet), removeShutdown(cfg.DataDir), lock.Release())
}

type stopper struct {
	cfg    StopConfig
	engine Engine
	logger *slog.Logger
	// watched: a running orchestrator has the lock. It sees the shutdown file
	// and signals its workers; a second signal would cancel their jobs.
	watched bool
}

func (s stopper) lockPath() string { return filepath.Join(s.cfg.DataDir, LockFile) }

// endWorkers returns when no worker runs any more.
func (s stopper) endWorkers(ctx context.Context, found []Container) {
	var ended sync.WaitGroup
	for _, c := range found {
		if c.Labels[workerimage.LabelRole] == workerimage.RoleWorker && c.State != StateExited {
			ended.Go(func() { s.endWorker(ctx, c) })
		}
	}
	ended.Wait()
}

func (s stopper) endWorker(ctx context.Context, c Container) {
	logger := s.logger.With(logging.KeyContainer, c.Name)
	if !s.cfg.Now && s.drained(ctx, c) {
		logger.InfoContext(ctx, "worker ended")
		return
	}
	after, stop := context.WithTimeout(context.WithoutCancel(ctx), removeTimeout)
	defer stop()
	if err := s.engine.Remove(after, c.ID); err != nil {
		logger.WarnContext(ctx, "container stays for now", logging.Err(err))
		return
	}
	logger.WarnContext(ctx, "worker killed")
}

// drained asks the worker to finish and reports whether it did in time.
func (s stopper) drained(ctx context.Context, c Container) bool {
	ctx, stop := context.WithTimeout(ctx, s.cfg.Grace)
	defer stop()
	if !s.watched {
		if err := s.engine.Signal(ctx, c.ID, SignalDrain); err != nil {
			return false
		}
	}
	_, err := s.engine.Wait(ctx, c.ID)
	return err == nil || errors.Is(err, ErrNotFound)
}

// awaitOrchestrator returns the orchestrator's lock. One that runs sees its
// workers end, gathers what it has to, cleans up and lets go.
func (s stopper) awaitOrchestrator(ctx context.Context) (*filelock.Held, error) {
	ctx, stop := context.WithTimeout(ctx, cleanUpTimeout)
	defer stop()
	again := time.NewTicker(lockPollEvery)
	defer again.Stop()
	for {
		lock, err := filelock.Hold(s.lockPath())
		if !errors.Is(err, progress.ErrBusy) {
			return lock, err
		}
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("wait for the running orchestrator to end: %w", err)
		case <-again.C:
		}
	}
}
