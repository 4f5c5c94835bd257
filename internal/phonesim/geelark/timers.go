package geelark

import (
	"sync"
	"time"
)

// timers runs what is put off. Whoever made it ends it.
type timers struct {
	mu      sync.Mutex
	ended   bool
	done    chan struct{}
	running sync.WaitGroup
}

func newTimers() *timers { return &timers{done: make(chan struct{})} }

// after runs f in d, unless the timers end before.
func (t *timers) after(d time.Duration, f func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.ended {
		return
	}
	t.running.Go(func() {
		timer := time.NewTimer(d)
		defer timer.Stop()
		select {
		case <-timer.C:
			f()
		case <-t.done:
		}
	})
}

// end forgets what is put off and waits for what runs. It may be called many times.
func (t *timers) end() {
	t.mu.Lock()
	if !t.ended {
		t.ended = true
		close(t.done)
	}
	t.mu.Unlock()
	t.running.Wait()
}
