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
	closed          bool
	offline, frozen int
}

// open lets adb connect at another address, once no fault keeps the phone
// offline.
func (l *link) open(address string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.server.Move(address)
	l.closed = false
	if l.offline > 0 {
		return nil
	}
	return l.server.SetOnline(true)
}

// shut takes adb away until it is opened, whatever faults come and go.
func (l *link) shut() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closed = true
	l.server.Move("")
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
	if l.offline > 0 || l.closed {
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
