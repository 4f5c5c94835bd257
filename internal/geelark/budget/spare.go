package budget

import (
	"context"
	"errors"
	"sync"
	"time"
)

// spareShare is the part of the limit that a process allows itself while the
// file cannot be used: twenty of them together keep the limit.
const spareShare = 20

// spare rations what is urgent while the file cannot be used, for this process
// alone.
type spare struct {
	every time.Duration

	mu   sync.Mutex
	next map[string]time.Time
}

func newSpare(limit int, window time.Duration) *spare {
	return &spare{every: window * spareShare / time.Duration(limit), next: make(map[string]time.Time)}
}

// take enters a request, or says how long to wait before asking again.
func (s *spare) take(api string, now time.Time) (wait time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if next := s.next[api]; next.After(now) {
		return next.Sub(now)
	}
	s.next[api] = now.Add(s.every)
	return 0
}

// TakeUrgent is Take for a request that must be possible whatever has become of
// the file, because a phone bills as long as it is not made: on a full disk, or
// where somebody holds the file's lock and does not let go of it, this process
// asks a twentieth of the limit without an entry. A lock of the service that is
// in the file counts as for Take.
func (b *Budget) TakeUrgent(ctx context.Context, api string) (until time.Time, err error) {
	return b.await(ctx, api, b.tryUrgent)
}

func (b *Budget) tryUrgent(ctx context.Context, api string) (until time.Time, wait time.Duration, err error) {
	bounded, cancel := context.WithTimeout(ctx, b.flight)
	defer cancel()
	until, wait, err = b.try(bounded, api)
	if _, isShut := errors.AsType[*ShutError](err); err == nil || isShut || ctx.Err() != nil {
		return until, wait, err
	}
	now := time.Now()
	return now.Add(b.flight), b.spare.take(api, now), nil
}
