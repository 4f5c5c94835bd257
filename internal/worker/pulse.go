package worker

import (
	"sync"
	"time"
)

// The states of a worker, as its health shows them.
const (
	stateStarting   = "starting"
	stateConnecting = "connecting"
	stateClaiming   = "claiming"
	stateWaiting    = "waiting"
	stateWorking    = "working"
	stateRecording  = "recording"
	stateRecycling  = "recycling"
	stateStopping   = "stopping"
)

// pulse tells what the worker is doing, and until when it may take. A worker
// that is still at it later is stuck.
type pulse struct {
	mu    sync.Mutex
	state string
	job   int
	since time.Time
	until time.Time
}

func newPulse() *pulse { return &pulse{state: stateStarting} }

// set begins a state that may last for most.
func (p *pulse) set(state string, job int, most time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	if p.state != state || p.job != job || p.since.IsZero() {
		p.since = now
	}
	p.state, p.job, p.until = state, job, now.Add(most)
}

// read returns the state, and for how long the worker has overstayed in it.
func (p *pulse) read() (h Health, late time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	h = Health{State: p.state, JobID: p.job, Since: p.since}
	if !p.until.IsZero() {
		late = max(0, time.Since(p.until))
	}
	return h, late
}
