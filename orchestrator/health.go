package orchestrator

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"postfleet/internal/logging"
	"postfleet/workerimage"
)

// diagnosis tells a slot that its worker is up but dead.
type diagnosis struct {
	container string
	reason    string
	paused    bool
}

// watchHealth asks the engine, once for the whole fleet, how the workers are and
// tells the slots of those that have been sick for too long, until ctx ends.
func (o *Orchestrator) watchHealth(ctx context.Context) {
	look := time.NewTicker(o.opts.HealthEvery)
	defer look.Stop()
	w := ward{patience: o.opts.HealthPatience}
	for {
		select {
		case <-ctx.Done():
			return
		case <-look.C:
		}
		found, err := o.engine.List(ctx, o.plan.Fleet)
		if err != nil {
			w.sick = nil // what was not seen does not count
			o.logger.DebugContext(ctx, "the workers' health is not known", logging.Err(err))
			continue
		}
		for n, d := range w.round(found, time.Now()) {
			if n < len(o.slots) {
				o.slots[n].tell(d)
			}
		}
	}
}

// tell leaves the diagnosis for the slot's vigil; one that waits already is
// enough, the next look brings it again.
func (s *slot) tell(d diagnosis) {
	select {
	case s.diagnoses <- d:
	default:
	}
}

// ward remembers since when which containers have been sick.
type ward struct {
	patience time.Duration
	sick     map[string]time.Time
}

// round looks at the workers and returns, by slot, those to be stopped. A worker
// that recovers for one look is well again.
//
//	state                  health            then
//	running                unhealthy         stop, when so for patience
//	paused                 any               stop, when so for patience
//	running                any other         leave
//	created, exited        any               leave: Wait tells of its end
func (w *ward) round(found []Container, now time.Time) map[int]diagnosis {
	still, stop := map[string]time.Time{}, map[int]diagnosis{}
	for _, c := range found {
		paused := c.State == StatePaused
		n, err := strconv.Atoi(c.Labels[workerimage.LabelWorker])
		if err != nil || n < 0 || c.Labels[workerimage.LabelRole] != workerimage.RoleWorker ||
			!paused && (c.State != StateRunning || c.Health != HealthUnhealthy) {
			continue
		}
		since, known := w.sick[c.ID]
		if !known {
			since = now
		}
		still[c.ID] = since
		if ill := now.Sub(since); ill >= w.patience {
			stop[n] = diagnosis{container: c.ID, reason: complaint(paused, ill), paused: paused}
		}
	}
	w.sick = still
	return stop
}

func complaint(paused bool, ill time.Duration) string {
	what := "its health check failed"
	if paused {
		what = "it was paused"
	}
	return fmt.Sprintf("up but dead: %s for %s", what, ill.Round(time.Second))
}
