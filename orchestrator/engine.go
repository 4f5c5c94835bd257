package orchestrator

import (
	"context"
	"errors"
	"time"

	"postfleet/workerimage"
)

// Engine is what the orchestrator asks of a container engine. It keeps no
// state of its own: what exists is what the engine says exists.
//
// Call order: Ping, then EnsureNetwork, then List to find what is there
// already. For each container Start, Wait, Remove; Signal any number of times
// between Start and Remove. RemoveNetwork comes last.
//
// Every method may be called by many goroutines at once. Every method but Wait
// has a deadline of its own besides that of ctx. An engine that cannot be
// reached is an error that says so in one line; ErrUnreachable is in its chain.
type Engine interface {
	// Ping reports whether the engine answers and speaks an API we can use.
	Ping(ctx context.Context) error

	// EnsureNetwork makes the network when it is missing, labelled as fleet's,
	// and uses it as it is otherwise. When the caller runs in a container it
	// joins the network, so that Container.Addresses can be reached. Safe to
	// call again, and by several processes at once: one network comes of it.
	EnsureNetwork(ctx context.Context, name, fleet string) error

	// RemoveNetwork undoes EnsureNetwork: the caller leaves, and the network
	// goes if it is labelled as fleet's and nobody else is on it. A missing
	// network, or one that stays for these reasons, is no error.
	RemoveNetwork(ctx context.Context, name, fleet string) error

	// Start creates the container and starts it. A container of that name that
	// carries the same fleet label is replaced; any other is ErrNameTaken. A
	// missing image is ErrNoImage. When Start fails nothing is left behind, not
	// even when ctx ended in the middle.
	Start(ctx context.Context, spec workerimage.Container) (Container, error)

	// Wait blocks until the container is not running any more and says how it
	// ended; at once for one that has ended. It works for containers that
	// another process started. ErrNotFound means it is gone, and how it ended
	// with it. When ctx ends first, Wait returns its error.
	Wait(ctx context.Context, id string) (Exit, error)

	// Signal sends a signal to the container's first process, which passes it
	// on. A container that is gone or not running is no error.
	Signal(ctx context.Context, id string, s Signal) error

	// Remove kills the container if it runs and removes it. A container that is
	// gone, or on its way out, is no error.
	Remove(ctx context.Context, id string) error

	// List returns the containers that carry the fleet's label, whatever their
	// state, ordered by name, and no others.
	List(ctx context.Context, fleet string) ([]Container, error)
}

// Container is a container as the engine sees it.
type Container struct {
	ID     string
	Name   string
	Labels map[string]string
	State  State
	Health Health
	// Started is zero when it never ran. Out of a List it is when the container
	// was made, which is when it was started, give or take a second.
	Started time.Time
	// Addresses gives, by container port, the host:port at which the caller
	// reaches it: the published one on the host, or the container's own when
	// the caller is a container of the same network.
	Addresses map[int]string
}

// State is what a container is doing.
type State string

// The states of a container. The engine's "dead" and "removing" are StateExited.
const (
	StateCreated State = "created"
	StateRunning State = "running"
	StatePaused  State = "paused"
	StateExited  State = "exited"
)

// Health is what a container's health check last said.
type Health string

// The healths of a container; HealthNone when it has no check.
const (
	HealthNone      Health = ""
	HealthStarting  Health = "starting"
	HealthHealthy   Health = "healthy"
	HealthUnhealthy Health = "unhealthy"
)

// Signal is a signal by its name.
type Signal string

// The signals a worker understands; see cmd/worker.
const (
	// SignalDrain makes a worker finish its job and take no other.
	SignalDrain Signal = "SIGTERM"
	// SignalCancel makes it cancel its job unless that is being posted.
	SignalCancel Signal = "SIGQUIT"
)

// Exit is how a container ended.
type Exit struct {
	Code      int
	OOMKilled bool
	// Tail is the end of what it wrote to its standard streams; "" when it
	// ended with 0.
	Tail string
}

// What an Engine answers. Ask with errors.Is.
var (
	// ErrUnreachable: the engine does not answer, or not to us.
	ErrUnreachable = errors.New("orchestrator: container engine is unreachable")
	// ErrNotFound: there is no such container.
	ErrNotFound = errors.New("orchestrator: no such container")
	// ErrNoImage: the image is not there and nothing pulls it.
	ErrNoImage = errors.New("orchestrator: no such image")
	// ErrNameTaken: a container of that name exists and is not the fleet's.
	ErrNameTaken = errors.New("orchestrator: container name is taken")
)
