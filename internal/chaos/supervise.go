package main

import (
	"context"
	"fmt"
	"time"

	"postfleet/internal/testbed"
	"postfleet/workerimage"
)

const (
	// relaunchPause comes before a launch that follows one which failed.
	relaunchPause = time.Second
	// settle is what a fleet has, once the faults are over, to end.
	settle = 6 * time.Minute
)

// runs is how the launches of a round ended.
type runs struct {
	// Launches counts them all, Failed those that ended by themselves with an
	// error, such as that of an engine which is down.
	Launches, Failed int
	// Ended says that the last one found nothing left to do.
	Ended bool
}

// supervise launches the orchestrator, kills it when asked to, and launches it
// again, as a person or an init system does, until nothing is left to do.
func (r *round) supervise(ctx context.Context) (runs, error) {
	var all runs
	deadline := time.NewTimer(r.cfg.duration + settle)
	defer deadline.Stop()
	for {
		launch, err := r.fleet.Launch(context.WithoutCancel(ctx))
		if err != nil {
			return all, err
		}
		all.Launches++
		pause, ended, err := r.outlive(ctx, launch, deadline.C)
		switch {
		case err != nil:
			return all, err
		case ended:
			all.Ended = true
			return all, nil
		case pause < 0:
			all.Failed++
			pause = relaunchPause
		}
		sleep(ctx, pause)
	}
}

// outlive waits for one launch. It returns the pause before the next, negative
// after one that failed by itself.
func (r *round) outlive(
	ctx context.Context, launch *testbed.Launch, deadline <-chan time.Time,
) (pause time.Duration, ended bool, err error) {
	select {
	case <-launch.Done():
	case pause = <-r.kills:
		launch.Kill()
		return pause, false, nil
	case <-deadline:
		launch.Kill()
		return 0, false, fmt.Errorf("the fleet has not ended %s after the last fault: see %s-launch.log",
			settle, r.fleet.Dir)
	case <-ctx.Done():
		launch.Kill()
		return 0, false, context.Cause(ctx)
	}
	switch code := launch.ExitCode(); code {
	case workerimage.ExitDone, workerimage.ExitFailed:
		if _, err := testbed.Posted(r.fleet.Dir); err != nil {
			return -1, false, nil // the phones could not be asked: the engine is down
		}
		return 0, true, nil
	case workerimage.ExitLedger:
		return 0, false, fmt.Errorf("the ledger was refused: see %s-launch.log", r.fleet.Dir)
	default:
		return -1, false, nil
	}
}
