package enginetest

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"time"

	"postfleet/orchestrator"
	"postfleet/workerimage"
)

var _ orchestrator.Engine = (*Fake)(nil)

// Program is what a container of a Fake runs. It returns how it ended; when it
// is killed ctx ends, and what it returns then does not count.
type Program func(ctx context.Context, spec workerimage.Container, signals <-chan orchestrator.Signal) orchestrator.Exit

// Fake is a container engine in memory, with the manners of the real one: names
// and published ports are taken, a network must be there, and only labels tell
// whose a container is. Containers live on goroutines until they end or are
// removed; Close ends all. Safe for concurrent use. Set its fields before use.
type Fake struct {
	// Images are those that are there.
	Images []string
	// Run is what every container runs; nil is Command.
	Run Program
	// Fail, when not nil, is asked before each call, with the method and the
	// container's or network's name or id; an error is the call's result. It is
	// asked by one goroutine at a time and must not call the Fake.
	Fail func(method, name string) error
	// Address, when not nil, says where a started container's port is reached.
	Address func(spec workerimage.Container, port int) string

	failing    sync.Mutex
	mu         sync.Mutex
	last       int
	containers map[string]*fakeContainer
	networks   map[string]string // name to fleet
	programs   sync.WaitGroup
}

type fakeContainer struct {
	id      string
	spec    workerimage.Container
	started time.Time
	signals chan orchestrator.Signal
	kill    context.CancelFunc
	killed  bool
	paused  bool
	health  orchestrator.Health // "" is healthy, if it has a check
	ended   chan struct{}
	exit    orchestrator.Exit // once ended
}

const (
	killedCode   = 137
	signalBuffer = 16
)

// Close kills every container and waits for it.
func (f *Fake) Close() {
	f.mu.Lock()
	for _, c := range f.containers {
		c.killed = true
		c.kill()
	}
	f.mu.Unlock()
	f.programs.Wait()
}

// Ping implements orchestrator.Engine.
func (f *Fake) Ping(context.Context) error { return f.fails("Ping", "") }

// Start implements orchestrator.Engine.
func (f *Fake) Start(ctx context.Context, spec workerimage.Container) (orchestrator.Container, error) {
	if err := f.fails("Start", spec.Name); err != nil {
		return orchestrator.Container{}, err
	}
	if err := ctx.Err(); err != nil {
		return orchestrator.Container{}, err
	}
	f.evict(spec)
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := f.admit(spec); err != nil {
		return orchestrator.Container{}, fmt.Errorf("start %s: %w", spec.Name, err)
	}
	return f.view(f.launch(context.WithoutCancel(ctx), spec)), nil
}

// evict removes the fleet's own container of that name.
func (f *Fake) evict(spec workerimage.Container) {
	f.remove(func(c *fakeContainer) bool {
		return c.spec.Name == spec.Name &&
			c.spec.Labels[workerimage.LabelFleet] == spec.Labels[workerimage.LabelFleet]
	})
}

// admit refuses what the engine would.
func (f *Fake) admit(spec workerimage.Container) error {
	if !slices.Contains(f.Images, spec.Image) {
		return orchestrator.ErrNoImage
	}
	for _, c := range f.containers {
		if c.spec.Name == spec.Name {
			return orchestrator.ErrNameTaken
		}
	}
	if _, there := f.networks[spec.Network]; spec.Network != "" && !there {
		return fmt.Errorf("no network %s", spec.Network)
	}
	for _, c := range f.containers {
		if c.running() && sharePort(c.spec, spec) {
			return fmt.Errorf("a port is taken by %s", c.spec.Name)
		}
	}
	return nil
}

func sharePort(a, b workerimage.Container) bool {
	return slices.ContainsFunc(a.Ports, func(p workerimage.Port) bool {
		return slices.ContainsFunc(b.Ports, func(q workerimage.Port) bool { return p.HostPort == q.HostPort })
	})
}

func (f *Fake) launch(ctx context.Context, spec workerimage.Container) *fakeContainer {
	f.last++
	ctx, kill := context.WithCancel(ctx)
	c := &fakeContainer{
		id:      "id-" + strconv.Itoa(f.last),
		spec:    spec,
		started: time.Now(),
		signals: make(chan orchestrator.Signal, signalBuffer),
		kill:    kill,
		ended:   make(chan struct{}),
	}
	if f.containers == nil {
		f.containers = map[string]*fakeContainer{}
	}
	f.containers[c.id] = c
	run := f.Run
	if run == nil {
		run = Command
	}
	f.programs.Go(func() {
		exit := run(ctx, spec, c.signals)
		f.mu.Lock()
		defer f.mu.Unlock()
		if c.killed {
			exit = orchestrator.Exit{Code: killedCode}
		}
		c.exit = exit
		close(c.ended)
	})
	return c
}

// Wait implements orchestrator.Engine.
func (f *Fake) Wait(ctx context.Context, id string) (orchestrator.Exit, error) {
	if err := f.fails("Wait", id); err != nil {
		return orchestrator.Exit{}, err
	}
	c, err := f.find(id)
	if err != nil {
		return orchestrator.Exit{}, err
	}
	select {
	case <-ctx.Done():
		return orchestrator.Exit{}, ctx.Err()
	case <-c.ended:
		return c.exit, nil
	}
}

// Signal implements orchestrator.Engine.
func (f *Fake) Signal(_ context.Context, id string, s orchestrator.Signal) error {
	if err := f.fails("Signal", id); err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if c := f.containers[id]; c != nil && c.running() && !c.paused {
		select {
		case c.signals <- s:
		default: // a program that never looks
		}
	}
	return nil
}

// Remove implements orchestrator.Engine.
func (f *Fake) Remove(_ context.Context, id string) error {
	if err := f.fails("Remove", id); err != nil {
		return err
	}
	f.remove(func(c *fakeContainer) bool { return c.id == id })
	return nil
}

// remove kills and forgets the first container like that, and returns when its
// program has ended.
func (f *Fake) remove(like func(*fakeContainer) bool) {
	f.mu.Lock()
	var gone *fakeContainer
	for id, c := range f.containers {
		if like(c) {
			gone = c
			c.killed = true
			c.kill()
			delete(f.containers, id)
			break
		}
	}
	f.mu.Unlock()
	if gone != nil {
		<-gone.ended
	}
}

func (f *Fake) find(id string) (*fakeContainer, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if c := f.containers[id]; c != nil {
		return c, nil
	}
	return nil, fmt.Errorf("wait for %s: %w", id, orchestrator.ErrNotFound)
}

func (c *fakeContainer) running() bool {
	select {
	case <-c.ended:
		return false
	default:
		return !c.killed
	}
}

func (f *Fake) fails(method, name string) error {
	if f.Fail == nil {
		return nil
	}
	f.failing.Lock()
	defer f.failing.Unlock()
	return f.Fail(method, name)
}
