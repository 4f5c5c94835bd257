package orchestrator

import "sync"

// latch is an event that happens at most once and is remembered.
type latch struct {
	once sync.Once
	ch   chan struct{}
}

func newLatch() *latch { return &latch{ch: make(chan struct{})} }

// fire makes it happen; safe from any goroutine, any number of times.
func (l *latch) fire() { l.once.Do(func() { close(l.ch) }) }

// done is closed once it has happened.
func (l *latch) done() <-chan struct{} { return l.ch }

// fired reports whether it has happened.
func (l *latch) fired() bool {
	select {
	case <-l.ch:
		return true
	default:
		return false
	}
}
