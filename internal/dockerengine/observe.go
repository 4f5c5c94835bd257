package dockerengine

import (
	"net"
	"strconv"
	"strings"
	"time"

	"github.com/docker/docker/api/types/container"

	"postfleet/orchestrator"
)

const loopback = "127.0.0.1"

// observed is a container that was looked at, in the orchestrator's words.
// inside says that the caller is itself a container, which reaches others by
// name.
func observed(c container.InspectResponse, inside bool) orchestrator.Container {
	o := orchestrator.Container{
		ID:     c.ID,
		Name:   strings.TrimPrefix(c.Name, "/"),
		Labels: c.Config.Labels,
		State:  orchestrator.StateExited,
	}
	if c.State != nil {
		o.State, o.Health, o.Started = stateOf(c.State.Status), healthOf(c.State), startOf(c.State)
	}
	o.Addresses = addresses(c, o.Name, inside)
	return o
}

// listed is a container of a list, in the orchestrator's words. A list has no
// start, but our containers are started as soon as they are made.
func listed(c container.Summary, inside bool) orchestrator.Container {
	o := orchestrator.Container{
		ID: c.ID, Name: nameOf(c), Labels: c.Labels,
		State: stateOf(c.State), Health: healthIn(c.Status), Addresses: map[int]string{},
	}
	if o.State != orchestrator.StateCreated {
		o.Started = time.Unix(c.Created, 0)
	}
	for _, p := range c.Ports {
		port := int(p.PrivatePort)
		_, known := o.Addresses[port] // of several bindings the first counts
		switch {
		case known || p.Type != "tcp":
		case inside:
			o.Addresses[port] = net.JoinHostPort(o.Name, strconv.Itoa(port))
		case p.PublicPort != 0:
			o.Addresses[port] = published(p.IP, strconv.Itoa(int(p.PublicPort)))
		}
	}
	return o
}

// nameOf leaves out the names that legacy links gave it, as "/other/alias".
func nameOf(c container.Summary) string {
	for _, name := range c.Names {
		if name = strings.TrimPrefix(name, "/"); !strings.Contains(name, "/") {
			return name
		}
	}
	return c.ID
}

func stateOf(status container.ContainerState) orchestrator.State {
	switch status {
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
	return asHealth(s.Health.Status)
}

// healthIn reads the health out of a list's status, the only place where API 1.41
// has it: "Up 3 minutes (unhealthy)". That of a container that is paused is not
// in it.
func healthIn(status string) orchestrator.Health {
	_, word, _ := strings.Cut(strings.TrimSuffix(status, ")"), "(")
	return asHealth(strings.TrimPrefix(word, "health: "))
}

func asHealth(status container.HealthStatus) orchestrator.Health {
	switch status {
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
			all[port.Int()] = published(bindings[0].HostIP, bindings[0].HostPort)
		}
	}
	return all
}

// published is where the host's port is reached.
func published(hostIP, port string) string {
	ip := net.ParseIP(hostIP)
	if ip == nil || ip.IsUnspecified() {
		return net.JoinHostPort(loopback, port)
	}
	return net.JoinHostPort(hostIP, port)
}
