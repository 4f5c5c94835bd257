package enginetest

import (
	"cmp"
	"context"
	"maps"
	"net"
	"slices"
	"strconv"

	"postfleet/orchestrator"
	"postfleet/workerimage"
)

// List implements orchestrator.Engine.
func (f *Fake) List(_ context.Context, fleet string) ([]orchestrator.Container, error) {
	if err := f.fails("List", fleet); err != nil {
		return nil, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	all := []orchestrator.Container{}
	for _, c := range f.containers {
		if c.spec.Labels[workerimage.LabelFleet] == fleet {
			all = append(all, f.view(c))
		}
	}
	slices.SortFunc(all, func(a, b orchestrator.Container) int { return cmp.Compare(a.Name, b.Name) })
	return all, nil
}

func (f *Fake) view(c *fakeContainer) orchestrator.Container {
	o := orchestrator.Container{
		ID:        c.id,
		Name:      c.spec.Name,
		Labels:    maps.Clone(c.spec.Labels),
		State:     orchestrator.StateExited,
		Started:   c.started,
		Addresses: map[int]string{},
	}
	if c.running() {
		o.State = orchestrator.StateRunning
		if c.paused {
			o.State = orchestrator.StatePaused
		}
		if c.spec.Health != nil {
			o.Health = cmp.Or(c.health, orchestrator.HealthHealthy)
		}
	}
	for _, p := range c.spec.Ports {
		o.Addresses[p.ContainerPort] = net.JoinHostPort(p.HostIP, strconv.Itoa(p.HostPort))
		if f.Address != nil {
			o.Addresses[p.ContainerPort] = f.Address(c.spec, p.ContainerPort)
		}
	}
	return o
}
