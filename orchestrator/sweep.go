package orchestrator

import (
	"context"
	"strconv"
	"sync"

	"postfleet/internal/logging"
	"postfleet/workerimage"
)

// sweep sorts what runs already: a worker or phone that is just as the plan
// has it is adopted, everything else of the fleet goes. It blocks until that is
// gone, so that ports and liveness locks are free.
func (o *Orchestrator) sweep(ctx context.Context, found []Container) {
	var gone sync.WaitGroup
	for _, c := range found {
		if o.adopt(c) {
			continue
		}
		gone.Go(func() { o.retire(ctx, c) })
	}
	gone.Wait()
}

// adopt gives c to its slot if it is what the slot would make.
func (o *Orchestrator) adopt(c Container) bool {
	n, err := strconv.Atoi(c.Labels[workerimage.LabelWorker])
	if err != nil || n < 0 || n >= len(o.slots) || c.State != StateRunning {
		return false
	}
	s, spec := o.slots[n], c.Labels[workerimage.LabelSpec]
	switch c.Labels[workerimage.LabelRole] {
	case workerimage.RoleWorker:
		if s.adopted != nil || spec != s.Worker.Labels[workerimage.LabelSpec] {
			return false
		}
		s.adopted = &c
	case workerimage.RolePhone:
		if s.phone != nil || s.Phone == nil || spec != s.Phone.Labels[workerimage.LabelSpec] {
			return false
		}
		s.phone = &c
	default:
		return false
	}
	return true
}

// retire ends a container that is not wanted. A worker may put its job back, or
// see a post through that has begun, within the grace: killing it there would
// leave a row of which nobody can tell the outcome.
func (o *Orchestrator) retire(ctx context.Context, c Container) {
	o.logger.InfoContext(ctx, "removing a container that is not in the plan", logging.KeyContainer, c.Name)
	if c.State == StateRunning && c.Labels[workerimage.LabelRole] == workerimage.RoleWorker {
		askToLeave(ctx, o.engine, c, o.opts.Grace)
	}
	after, stop := context.WithTimeout(context.WithoutCancel(ctx), cleanUpTimeout)
	defer stop()
	if err := o.engine.Remove(after, c.ID); err != nil {
		o.logger.WarnContext(ctx, "container stays", logging.KeyContainer, c.Name, logging.KeyError, err)
	}
}
