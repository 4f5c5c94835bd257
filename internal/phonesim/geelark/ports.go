package geelark

import (
	"math/rand/v2"
	"sync"
)

// ports hands out the ports of a range. It is safe for concurrent use.
type ports struct {
	first int

	mu    sync.Mutex
	taken []bool
}

func newPorts(first, last int) *ports {
	return &ports{first: first, taken: make([]bool, last-first+1)}
}

// take hands out a free port by chance, but not the one to avoid; false means
// that there is none.
func (p *ports) take(dice *rand.Rand, avoid int) (int, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, i := range dice.Perm(len(p.taken)) {
		if !p.taken[i] && p.first+i != avoid {
			p.taken[i] = true
			return p.first + i, true
		}
	}
	return 0, false
}

// give takes a port back.
func (p *ports) give(port int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.taken[port-p.first] = false
}
