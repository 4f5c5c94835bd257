package orchestrator

import (
	"errors"
	"fmt"
	"sync"
	"time"
)

// ErrGaveUp is in the chain of Run's error when the fleet stopped itself: most
// slots failed for the same cause, and going on would only have worn them out.
var ErrGaveUp = errors.New("the fleet gave up")

const (
	// breakerStrikes is how often in a row a slot fails for one cause before it
	// counts. One that used up its restarts for it counts as well.
	breakerStrikes = 3
	// breakerLeast: what happens to one slot alone is that slot's trouble.
	breakerLeast = 2
)

// breaker stops the fleet when more than half of the slots that take part fail
// for one and the same shared cause within the window. Safe for concurrent use.
type breaker struct {
	slots  int
	window time.Duration

	mu    sync.Mutex
	marks map[int]mark
}

// mark is a slot's failures in a row for one cause.
type mark struct {
	end   ending
	count int
	last  time.Time
}

func newBreaker(slots int, window time.Duration) *breaker {
	return &breaker{slots: slots, window: window, marks: map[int]mark{}}
}

// failed notes a failure of the slot; final says that the slot gave up for it,
// healthy that its worker had been well before. It returns the fleet's reason
// to stop, or nil.
func (b *breaker) failed(slot int, end ending, reason string, healthy, final bool) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	m := b.marks[slot]
	if healthy || m.end != end || time.Since(m.last) >= b.window {
		m = mark{end: end}
	}
	m.count++
	if final {
		m.count = max(m.count, breakerStrikes)
	}
	m.last = time.Now()
	b.marks[slot] = m
	struck := b.struck(end)
	if !end.shared() || struck < breakerLeast || 2*struck <= b.slots {
		return nil
	}
	return fmt.Errorf("%w: %d of %d workers keep failing for one cause: %s", ErrGaveUp, struck, b.slots, reason)
}

// struck counts the slots that fail for that cause.
func (b *breaker) struck(end ending) int {
	n := 0
	for _, m := range b.marks {
		if m.end == end && m.count >= breakerStrikes && time.Since(m.last) < b.window {
			n++
		}
	}
	return n
}
