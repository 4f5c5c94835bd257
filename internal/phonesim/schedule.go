package phonesim

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"postfleet/internal/logging"
)

// errEnded is Inject's error once the phone is shutting down.
var errEnded = errors.New("phonesim: the phone is shutting down")

const (
	keyKind  = "kind"
	keyAfter = "after"
	keyFor   = "for"
	keyCount = "count"
)

// effect is what a kind of fault does to the phone. begin and end take turns,
// but those of different faults may come at the same time.
type effect struct {
	begin func(Fault) error
	end   func() error
}

// schedule lets faults come and go. Every fault has a goroutine:
//
//	Inject ──after──▶ begin ──for──▶ end ──┐
//	          ▲────────── count ───────────┘     Clear ends it at any point
type schedule struct {
	effects map[FaultKind]effect
	logger  *slog.Logger

	mu    sync.Mutex
	ended bool
	armed map[*armedFault]struct{}
}

// armedFault is one fault under way.
type armedFault struct {
	cancel context.CancelFunc
	done   chan struct{}
}

func newSchedule(effects map[FaultKind]effect, logger *slog.Logger) *schedule {
	return &schedule{effects: effects, logger: logger, armed: map[*armedFault]struct{}{}}
}

// Inject arms a fault. A fault without delay is in effect when it returns. The
// fault keeps nothing of ctx but its values.
func (s *schedule) Inject(ctx context.Context, f Fault) error {
	if err := f.Validate(); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	a := &armedFault{cancel: cancel, done: make(chan struct{})}
	if !s.add(a) {
		cancel()
		return errEnded
	}
	s.logger.InfoContext(ctx, "fault injected", slog.String(keyKind, string(f.Kind)),
		slog.Duration(keyAfter, f.After), slog.Duration(keyFor, f.For), slog.Int(keyCount, f.Count))
	first := make(chan error, 1)
	go func() { // Clear waits for it.
		defer close(a.done)
		defer cancel()
		defer s.remove(a)
		s.live(ctx, f, first)
	}()
	if f.After > 0 {
		return nil
	}
	return <-first
}

func (s *schedule) add(a *armedFault) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ended {
		return false
	}
	s.armed[a] = struct{}{}
	return true
}

func (s *schedule) remove(a *armedFault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.armed, a)
}

// Clear ends all faults and what they did, and waits for that.
func (s *schedule) Clear() {
	s.mu.Lock()
	armed := slices.Collect(maps.Keys(s.armed))
	s.mu.Unlock()
	for _, a := range armed {
		a.cancel()
	}
	for _, a := range armed {
		<-a.done
	}
}

// End clears, and lets no more faults in.
func (s *schedule) End() {
	s.mu.Lock()
	s.ended = true
	s.mu.Unlock()
	s.Clear()
}

// live is the life of one fault; first gets the result of its first beginning.
func (s *schedule) live(ctx context.Context, f Fault, first chan<- error) {
	e := s.effects[f.Kind]
	for round := range f.rounds() {
		if !wait(ctx, f.After) {
			break
		}
		err := e.begin(f)
		if round == 0 {
			first <- err
		}
		s.report(f, "took effect", err)
		if err != nil {
			return
		}
		if !f.lapses() {
			return
		}
		if f.For == 0 && f.Kind.lasts() {
			<-ctx.Done()
		} else {
			wait(ctx, f.For)
		}
		s.report(f, "ended", e.end())
	}
	select {
	case first <- context.Cause(ctx): // Cleared before it began.
	default:
	}
}

func (s *schedule) report(f Fault, event string, err error) {
	if err != nil {
		s.logger.Error("fault could not be played", slog.String(keyKind, string(f.Kind)), logging.Err(err))
		return
	}
	s.logger.Info("fault", slog.String(keyKind, string(f.Kind)), slog.String("event", event))
}

// wait reports whether d passed before ctx was done.
func wait(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return ctx.Err() == nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
