package phonesim

import (
	"sync"

	"postfleet/internal/phonesim/adbd"
)

// link is the way to the phone, on which several faults may lie at once: it is
// well again when the last of them is over.
type link struct {
	server *adbd.Server

	mu              sync.Mutex
	offline, frozen int
}

// drop closes all connections.
func (l *link) drop() { l.server.Drop() }

// cut takes the phone offline; every cut needs its join.
func (l *link) cut() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.offline++
	return l.server.SetOnline(false)
}

func (l *link) join() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.offline--
	if l.offline > 0 {
		return nil
	}
	return l.server.SetOnline(true)
}

// freeze silences the phone; every freeze needs its thaw.
func (l *link) freeze() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.frozen++
	l.server.SetFrozen(true)
}

func (l *link) thaw() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.frozen--
	l.server.SetFrozen(l.frozen > 0)
}
