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
	left, listErr := o.engine.List(ctx, o.plan.Fleet)
	err = errors.Join(err, listErr)
	for _, c := range left {
		if o.opts.Keep && c.Labels[workerimage.LabelRole] == workerimage.RolePhone {
			continue
		}
		err = errors.Join(err, o.engine.Remove(ctx, c.ID))
	}
	if !o.opts.Keep {
		err = errors.Join(err, o.engine.RemoveNetwork(ctx, o.plan.Network, o.plan.Fleet))
	}
	return errors.Join(err, removeShutdown(o.opts.DataDir))
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
