package adbd

import "sync"

// gate holds everybody who passes while it is shut. The zero gate is open.
type gate struct {
	mu   sync.Mutex
	shut chan struct{} // closed when the gate opens; nil while it is open
}

// set shuts or opens the gate; setting it to what it is does nothing.
func (g *gate) set(shut bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	switch {
	case shut && g.shut == nil:
		g.shut = make(chan struct{})
	case !shut && g.shut != nil:
		close(g.shut)
		g.shut = nil
	}
}

// pass blocks while the gate is shut. It reports false when done was closed.
func (g *gate) pass(done <-chan struct{}) bool {
	g.mu.Lock()
	shut := g.shut
	g.mu.Unlock()
	if shut != nil {
		select {
		case <-shut:
		case <-done:
		}
	}
	select {
	case <-done:
		return false
	default:
		return true
	}
}
