package orchestrator

import (
	"context"
	"errors"
	"time"

	"postfleet/workerimage"
)

// cleanUp gathers what the phones posted and leaves nothing of the fleet behind
// but, if they are to be kept, the phones.
func (o *Orchestrator) cleanUp(ctx context.Context) error {
	err := o.gatherPosts(ctx)
	err = errors.Join(err, removeAll(ctx, o.engine, o.plan.Fleet, o.opts.Keep))
	if !o.opts.Keep {
		err = errors.Join(err, o.engine.RemoveNetwork(ctx, o.plan.Network, o.plan.Fleet))
	}
	return errors.Join(err, removeShutdown(o.opts.DataDir))
}

const (
	removeTries = 3
	removePause = 2 * time.Second
)

// removeAll removes the fleet's containers, its phones only if they are not to
// be kept. It asks again when the engine refuses: nothing else will come along
// later and remove what is left.
func removeAll(ctx context.Context, engine Engine, fleet string, keepPhones bool) error {
	var err error
	for range removeTries {
		if err = removeOnce(ctx, engine, fleet, keepPhones); err == nil {
			return nil
		}
		pause := time.NewTimer(removePause)
		select {
		case <-ctx.Done():
		case <-pause.C:
		}
		pause.Stop()
	}
	return err
}

func removeOnce(ctx context.Context, engine Engine, fleet string, keepPhones bool) error {
	left, err := engine.List(ctx, fleet)
	for _, c := range left {
		if !keepPhones || c.Labels[workerimage.LabelRole] != workerimage.RolePhone {
			err = errors.Join(err, engine.Remove(ctx, c.ID))
		}
	}
	return err
}

// askToLeave tells a worker to put its job back and waits, at most for grace,
// until it has ended. Whatever goes wrong ends the wait: removing comes next.
func askToLeave(ctx context.Context, engine Engine, c Container, grace time.Duration) {
	ctx, stop := context.WithTimeout(ctx, grace)
	defer stop()
	if err := engine.Signal(ctx, c.ID, SignalCancel); err != nil {
		return
	}
	_, _ = engine.Wait(ctx, c.ID)
}
