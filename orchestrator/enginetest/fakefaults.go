package enginetest

import "postfleet/orchestrator"

// Kill kills the container of that name, as from outside, and leaves it there.
func (f *Fake) Kill(name string) {
	f.named(name, func(c *fakeContainer) {
		c.killed = true
		c.kill()
	})
}

// SetHealth sets what the health check of that container says from now on.
func (f *Fake) SetHealth(name string, h orchestrator.Health) {
	f.named(name, func(c *fakeContainer) { c.health = h })
}

// Pause pauses that container: it hears no signals. Its program, being a
// goroutine, runs on.
func (f *Fake) Pause(name string) {
	f.named(name, func(c *fakeContainer) { c.paused = true })
}

func (f *Fake) named(name string, change func(*fakeContainer)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, c := range f.containers {
		if c.spec.Name == name {
			change(c)
		}
	}
}
