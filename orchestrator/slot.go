package orchestrator

import (
	"context"
	"fmt"
	"log/slog"
	"strconv"
	"sync"
	"time"

	"postfleet/internal/logging"
	"postfleet/internal/progress"
	"postfleet/workerimage"
)

// slot keeps one worker running. Between rounds the orchestrator's goroutine
// has it to itself, during a round the goroutine of run; only state is shared.
type slot struct {
	Slot
	fleet    *Orchestrator
	logger   *slog.Logger
	restarts *restarts
	// adopted is a worker found running at the start, taken over once.
	adopted *Container
	// phone is the simulated phone's container once it is known to run.
	phone *Container
	// ended is when a worker of ours last found nothing to do; zero as long as
	// none did. What an adopted one finds does not count: it may have been
	// draining for an earlier orchestrator. Nor does what one found that the
	// engine may have drained, when that was restarted.
	ended time.Time
	// diagnoses come from the fleet's health watch.
	diagnoses chan diagnosis
	// noted says that a note of this run is in the data directory.
	noted bool

	mu    sync.Mutex
	state SlotState
}

func newSlot(s Slot, o *Orchestrator) *slot {
	return &slot{
		Slot:      s,
		fleet:     o,
		logger:    o.logger.With(logging.KeyWorker, s.ID, logging.KeyDevice, s.Device.Name),
		restarts:  newRestarts(o.opts.Restart, o.opts.Jitter),
		diagnoses: make(chan diagnosis, 1),
		state:     SlotState{ID: s.ID, Device: s.Device.Name, Phase: SlotIdle},
	}
}

func (s *slot) snapshot() SlotState {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state
}

// set moves the slot to a phase. container and reason are "" where there is none.
func (s *slot) set(phase SlotPhase, container, reason string) {
	s.note(s.move(phase, container, reason), time.Time{})
}

// move is set for this process alone.
func (s *slot) move(phase SlotPhase, container, reason string) SlotState {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.state.Phase, s.state.Container, s.state.Reason = phase, container, reason
	s.state.Restarts, s.state.Since = s.restarts.total, time.Now()
	return s.state
}

// wanted reports whether a worker in the slot would find something to do.
func (s *slot) wanted(open []progress.Row) bool {
	if s.adopted != nil {
		return true
	}
	phase := s.snapshot().Phase
	if phase == SlotParked || phase == SlotGaveUp {
		return false
	}
	for _, r := range open {
		if mayTake(s.Device, r.Account) && (s.ended.IsZero() || cameBack(r, s.ended)) {
			return true
		}
	}
	return false
}

// run makes workers, one after the other, until the slot has nothing more to do.
// ctx ending kills the one that runs.
func (s *slot) run(ctx context.Context) {
	for !s.fleet.draining() && ctx.Err() == nil || s.adopted != nil {
		life := s.live(ctx)
		if ctx.Err() != nil {
			s.set(SlotDone, "", fmt.Sprintf("stopped: %v", context.Cause(ctx)))
			return
		}
		if !s.goesOn(ctx, life) {
			return
		}
	}
	s.set(SlotDone, "", "draining")
}

// life is how one worker of the slot fared.
type life struct {
	exit    Exit
	ran     time.Duration
	adopted bool
	// sick is why its slot stopped it, "" when it did not.
	sick string
	// lost says that the engine was away while the worker ran.
	lost bool
	// err is why there was no worker, or why nobody knows what became of it.
	err error
}

// goesOn acts on the end of a worker and reports whether another is to follow;
// it has then waited for its time.
func (s *slot) goesOn(ctx context.Context, l life) bool {
	end := l.ending()
	reason := l.reason(end)
	switch decide(end, s.fleet.draining()) {
	case actDone:
		s.ended = time.Time{}
		if !l.adopted && !l.lost {
			s.ended = time.Now()
		}
		s.set(SlotDone, "", reason)
	case actPark:
		s.logger.ErrorContext(ctx, "worker parked until a person has seen to the device")
		s.set(SlotParked, "", reason)
	case actGiveUp:
		s.logger.ErrorContext(ctx, "slot gave up", "reason", reason)
		s.set(SlotGaveUp, "", reason)
	case actStopFleet:
		s.fleet.stopFleet(s.verdict(l, end, reason))
		s.set(SlotGaveUp, "", reason)
	case actRestart:
		return s.backOff(ctx, l.ran, end, reason)
	}
	return false
}

// backOff waits until the next worker is due and reports whether it is.
func (s *slot) backOff(ctx context.Context, ran time.Duration, end ending, reason string) bool {
	wait, again := s.restarts.next(ran)
	if err := s.fleet.breaker.failed(s.ID, end, reason, s.restarts.healthy(ran), !again); err != nil {
		s.fleet.stopFleet(err)
		again = false
	} else if !again {
		limit := s.fleet.opts.Restart
		reason = fmt.Sprintf("restarted %d times within %s: %s", limit.Max, limit.Window, reason)
	}
	if !again {
		s.logger.ErrorContext(ctx, "slot gave up", "reason", reason)
		s.set(SlotGaveUp, "", reason)
		return false
	}
	s.logger.WarnContext(ctx, "worker will be made again", "reason", reason, "wait", wait)
	if state := s.move(SlotBackoff, "", reason); wait > 0 {
		s.note(state, time.Now().Add(wait))
	}
	_ = s.pause(ctx, wait) // run sees for itself whether the fleet is to end
	if wait > 0 && s.overtaken(ctx) {
		s.set(SlotDone, "", "others did the rest: "+reason)
		return false
	}
	return true
}

// overtaken reports whether nothing is left that a worker in the slot could do:
// a slot that cannot make its worker must not keep the fleet from its end. A
// ledger that cannot be read now is the next worker's to meet.
func (s *slot) overtaken(ctx context.Context) bool {
	open, err := s.fleet.openRows(ctx)
	return err == nil && !s.wanted(open)
}

// spec is the worker's container as this run makes it now.
func (s *slot) spec() workerimage.Container {
	return s.Worker.WithLabels(map[string]string{
		workerimage.LabelRun:      s.fleet.started.UTC().Format(time.RFC3339),
		workerimage.LabelRestarts: strconv.Itoa(s.restarts.total),
	})
}
