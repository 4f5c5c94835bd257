package orchestrator

import (
	"context"
	"time"

	"postfleet/internal/logging"
)

// sickGrace is how long a sick worker that was told to put its job back may
// take before it is killed.
const sickGrace = 10 * time.Second

// vigil is a slot's watch over one worker that runs. One goroutine uses it.
type vigil struct {
	slot *slot
	id   string
	// starting says that the worker holds one of the fleet's starts.
	starting bool
	// sick is why the slot stops the worker, "" as long as it does not.
	sick string
	// kill fires when a worker that was told to stop has had its time.
	kill *time.Timer
}

// watch waits for the worker's end, passes on what the fleet is told meanwhile,
// and stops a worker that is up but dead. starting says that it counts as
// starting until it is up or gone.
func (s *slot) watch(ctx context.Context, worker Container, starting bool) life {
	id := worker.ID
	ended := make(chan life, 1)
	go func() { ended <- s.wait(ctx, id) }()
	v := &vigil{slot: s, id: id, starting: starting, kill: time.NewTimer(0)}
	v.kill.Stop()
	up := time.NewTimer(s.fleet.opts.StartHold)
	bus := s.watchBus(worker)
	defer func() {
		up.Stop()
		bus.look.Stop()
		v.kill.Stop()
		v.isUp()
	}()
	drain, cancel := s.fleet.drain.done(), s.fleet.cancel.done()
	for {
		select {
		case l := <-ended:
			l.sick = v.sick
			return l
		case <-up.C:
			v.isUp()
		case <-drain:
			drain = nil
			s.signal(ctx, id, SignalDrain)
		case <-cancel:
			cancel = nil
			s.signal(ctx, id, SignalCancel)
		case d := <-s.diagnoses:
			v.heed(ctx, d)
		case <-bus.look.C:
			if d, gone := bus.round(); gone {
				v.heed(ctx, d)
			}
		case <-v.kill.C:
			v.remove(ctx)
		}
	}
}

func (v *vigil) isUp() {
	if v.starting {
		<-v.slot.fleet.starts
		v.starting = false
	}
}

// heed begins to stop the worker: it may put its job back first. A paused one
// hears nothing and goes at once.
func (v *vigil) heed(ctx context.Context, d diagnosis) {
	if d.container != v.id || v.sick != "" {
		return
	}
	v.sick = d.reason
	v.slot.logger.ErrorContext(ctx, "stopping a worker that is up but dead", "reason", d.reason)
	if d.paused {
		v.remove(ctx)
		return
	}
	v.slot.signal(ctx, v.id, SignalCancel)
	v.kill.Reset(sickGrace)
}

// remove kills the worker. Its end is then seen as any other's.
func (v *vigil) remove(ctx context.Context) {
	if err := v.slot.fleet.engine.Remove(ctx, v.id); err != nil {
		v.slot.logger.WarnContext(ctx, "sick worker stays, trying again", logging.Err(err))
		v.kill.Reset(sickGrace)
	}
}
