package dockerengine

import (
	"net"
	"strings"
	"time"

	"github.com/docker/docker/api/types/container"
	"github.com/docker/go-connections/nat"

	"postfleet/orchestrator"
)

const loopback = "127.0.0.1"

// observed is a container in the orchestrator's words. inside says that the
// caller is itself a container, which reaches others by name.
func observed(c container.InspectResponse, inside bool) orchestrator.Container {
	o := orchestrator.Container{
		ID:     c.ID,
		Name:   strings.TrimPrefix(c.Name, "/"),
		Labels: c.Config.Labels,
		State:  orchestrator.StateExited,
	}
	if c.State != nil {
		o.State, o.Health, o.Started = stateOf(c.State), healthOf(c.State), startOf(c.State)
	}
	o.Addresses = addresses(c, o.Name, inside)
	return o
}

func stateOf(s *container.State) orchestrator.State {
	switch s.Status {
	case container.StateCreated:
		return orchestrator.StateCreated
	case container.StateRunning, container.StateRestarting:
		return orchestrator.StateRunning
	case container.StatePaused:
		return orchestrator.StatePaused
	default: // exited, dead, removing
		return orchestrator.StateExited
	}
}

func healthOf(s *container.State) orchestrator.Health {
	if s.Health == nil {
		return orchestrator.HealthNone
	}
	switch s.Health.Status {
	case container.Healthy:
		return orchestrator.HealthHealthy
	case container.Unhealthy:
		return orchestrator.HealthUnhealthy
	case container.Starting:
		return orchestrator.HealthStarting
	default:
		return orchestrator.HealthNone
	}
}

// startOf is zero for a container that never ran: the engine says year 1 then.
func startOf(s *container.State) time.Time {
	t, err := time.Parse(time.RFC3339Nano, s.StartedAt)
	if err != nil || t.Year() <= 1 {
		return time.Time{}
	}
	return t
}

func addresses(c container.InspectResponse, name string, inside bool) map[int]string {
	all := map[int]string{}
	if inside {
		for port := range c.Config.ExposedPorts {
			all[port.Int()] = net.JoinHostPort(name, port.Port())
		}
		return all
	}
	if c.NetworkSettings == nil {
		return all
	}
	for port, bindings := range c.NetworkSettings.Ports {
		if len(bindings) > 0 {
			all[port.Int()] = published(bindings[0])
		}
	}
	return all
}

func published(b nat.PortBinding) string {
	ip := net.ParseIP(b.HostIP)
	if ip == nil || ip.IsUnspecified() {
		return net.JoinHostPort(loopback, b.HostPort)
	}
	return net.JoinHostPort(b.HostIP, b.HostPort)
}
