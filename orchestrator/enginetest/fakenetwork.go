package enginetest

import (
	"context"
	"maps"
	"slices"
)

// EnsureNetwork implements orchestrator.Engine.
func (f *Fake) EnsureNetwork(_ context.Context, name, fleet string) error {
	if err := f.fails("EnsureNetwork", name); err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.networks == nil {
		f.networks = map[string]string{}
	}
	if _, there := f.networks[name]; !there {
		f.networks[name] = fleet
	}
	return nil
}

// RemoveNetwork implements orchestrator.Engine.
func (f *Fake) RemoveNetwork(_ context.Context, name, fleet string) error {
	if err := f.fails("RemoveNetwork", name); err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, c := range f.containers {
		if c.spec.Network == name && c.running() {
			return nil
		}
	}
	if f.networks[name] == fleet {
		delete(f.networks, name)
	}
	return nil
}

// Networks returns the names of the networks that are there.
func (f *Fake) Networks() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Sorted(maps.Keys(f.networks))
}
