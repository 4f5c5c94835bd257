package enginetest

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing" //nolint:depguard // this package is for tests only
	"time"

	"postfleet/orchestrator"
	"postfleet/workerimage"
)

func (s suite) pings(t *testing.T) { s.with(t).must(s.engine.Ping(t.Context())) }

func (s suite) exits(t *testing.T) {
	f := s.with(t)
	for _, code := range []int{0, 3} {
		c := f.start(f.spec("exit-"+strconv.Itoa(code), f.programs.Exit(code)))
		for range 2 { // the second time it has ended already
			if got := f.wait(c.ID); got.Code != code || got.OOMKilled {
				t.Errorf("got %+v, want code %d", got, code)
			}
		}
		if got := f.wait(c.ID).Tail; strings.Contains(got, "bye") != (code != 0) {
			t.Errorf("tail of a container that ended with %d: got %q", code, got)
		}
	}
}

func (s suite) waitsForContext(t *testing.T) {
	f := s.with(t)
	c := f.start(f.spec("run", f.programs.Run))
	ctx, stop := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer stop()
	if _, err := f.engine.Wait(ctx, c.ID); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v, want the context's error", err)
	}
}

func (s suite) seesRemoval(t *testing.T) {
	f := s.with(t)
	c := f.start(f.spec("run", f.programs.Run))
	type end struct {
		exit orchestrator.Exit
		err  error
	}
	ended := make(chan end, 1)
	go func() {
		exit, err := f.engine.Wait(t.Context(), c.ID)
		ended <- end{exit, err}
	}()
	f.must(f.engine.Remove(t.Context(), c.ID))
	f.must(f.engine.Remove(t.Context(), c.ID))
	if got := <-ended; !errors.Is(got.err, orchestrator.ErrNotFound) && got.exit.Code != killedCode {
		t.Errorf("got %+v, want exit code %d or ErrNotFound", got, killedCode)
	}
	if got := f.names(fleet); len(got) != 0 {
		t.Errorf("left: %v", got)
	}
}

func (s suite) unknown(t *testing.T) {
	f := s.with(t)
	if _, err := f.engine.Wait(t.Context(), "0123456789ab"); !errors.Is(err, orchestrator.ErrNotFound) {
		t.Errorf("Wait: got %v, want ErrNotFound", err)
	}
	f.must(f.engine.Signal(t.Context(), "0123456789ab", orchestrator.SignalDrain))
	f.must(f.engine.Remove(t.Context(), "0123456789ab"))
}

func (s suite) signals(t *testing.T) {
	f := s.with(t)
	c := f.start(f.spec("term", f.programs.Term(7)))
	// A program needs a moment before it listens; a signal before that is lost.
	ctx, stop := context.WithTimeout(t.Context(), 30*time.Second)
	defer stop()
	ended := make(chan orchestrator.Exit, 1)
	go func() {
		exit, _ := f.engine.Wait(ctx, c.ID)
		ended <- exit
	}()
	again := time.NewTicker(100 * time.Millisecond)
	defer again.Stop()
	for {
		select {
		case got := <-ended:
			if got.Code != 7 {
				t.Errorf("got %+v, want code 7", got)
			}
			f.must(f.engine.Signal(t.Context(), c.ID, orchestrator.SignalDrain)) // not running any more
			return
		case <-again.C:
			f.must(f.engine.Signal(t.Context(), c.ID, orchestrator.SignalDrain))
		}
	}
}

func (s suite) lists(t *testing.T) {
	f := s.with(t)
	foreign := f.spec("foreign", f.programs.Run)
	foreign.Labels = map[string]string{workerimage.LabelFleet: otherFleet}
	f.start(foreign)
	running := f.start(f.spec("b", f.programs.Run))
	f.wait(f.start(f.spec("a", f.programs.Exit(0))).ID)

	all, err := f.engine.List(t.Context(), fleet)
	f.must(err)
	if len(all) != 2 || all[0].Name != fleet+"-a" || all[1].Name != fleet+"-b" {
		t.Fatalf("got %+v, want a and b", all)
	}
	if all[0].State != orchestrator.StateExited || all[1].State != orchestrator.StateRunning {
		t.Errorf("states: got %s and %s, want exited and running", all[0].State, all[1].State)
	}
	if all[1].ID != running.ID || all[1].Labels[workerimage.LabelDevice] != "b" || all[1].Started.IsZero() {
		t.Errorf("got %+v, want id %s, device b and a start", all[1], running.ID)
	}
}

func (s suite) replaces(t *testing.T) {
	f := s.with(t)
	old := f.start(f.spec("one", f.programs.Run))
	if next := f.start(f.spec("one", f.programs.Run)); next.ID == old.ID {
		t.Error("the container was not replaced")
	}
	if _, err := f.engine.Wait(t.Context(), old.ID); !errors.Is(err, orchestrator.ErrNotFound) {
		t.Errorf("Wait for the replaced one: got %v, want ErrNotFound", err)
	}
	taken := f.spec("one", f.programs.Run)
	taken.Labels = map[string]string{workerimage.LabelFleet: otherFleet}
	if _, err := f.engine.Start(t.Context(), taken); !errors.Is(err, orchestrator.ErrNameTaken) {
		t.Errorf("Start under another fleet's name: got %v, want ErrNameTaken", err)
	}
	if got := f.names(fleet); !slices.Equal(got, []string{fleet + "-one"}) {
		t.Errorf("got %v, want the fleet's own left alone", got)
	}
}

func (s suite) noImage(t *testing.T) {
	f := s.with(t)
	spec := f.spec("one", f.programs.Run)
	spec.Image = "postfleet-no-such-image:never"
	if _, err := f.engine.Start(t.Context(), spec); !errors.Is(err, orchestrator.ErrNoImage) {
		t.Errorf("got %v, want ErrNoImage", err)
	}
	if got := f.names(fleet); len(got) != 0 {
		t.Errorf("left: %v", got)
	}
}

func (s suite) badStart(t *testing.T) {
	f := s.with(t)
	port := []workerimage.Port{{HostIP: "127.0.0.1", HostPort: portOne, ContainerPort: 80}}
	first, second := f.spec("first", f.programs.Run), f.spec("second", f.programs.Run)
	first.Ports, second.Ports = port, port
	f.start(first)
	if _, err := f.engine.Start(t.Context(), second); err == nil {
		t.Error("two containers published one port")
	}
	third := f.spec("third", f.programs.Run)
	third.Network = networkOf
	if _, err := f.engine.Start(t.Context(), third); err == nil {
		t.Error("a container started on a network that is not there")
	}
	if got := f.names(fleet); !slices.Equal(got, []string{first.Name}) {
		t.Errorf("got %v, want the first only", got)
	}
}

func (s suite) network(t *testing.T) {
	f := s.with(t)
	var makers sync.WaitGroup
	for range 10 {
		makers.Go(func() {
			if err := f.engine.EnsureNetwork(t.Context(), networkOf, fleet); err != nil {
				t.Error(err)
			}
		})
	}
	makers.Wait()
	spec := f.spec("one", f.programs.Run)
	spec.Network = networkOf
	c := f.start(spec) // would be refused if there were two of the name
	f.must(f.engine.RemoveNetwork(t.Context(), networkOf, fleet))
	f.must(f.engine.Remove(t.Context(), c.ID))
	c = f.start(spec) // still there: it was in use
	f.must(f.engine.Remove(t.Context(), c.ID))
	f.must(f.engine.RemoveNetwork(t.Context(), networkOf, fleet))
	f.must(f.engine.RemoveNetwork(t.Context(), networkOf, fleet))
	if _, err := f.engine.Start(t.Context(), spec); err == nil {
		t.Error("the network was not removed")
	}
}

func (s suite) foreignNetwork(t *testing.T) {
	f := s.with(t)
	f.must(f.engine.EnsureNetwork(t.Context(), networkOf, otherFleet))
	f.must(f.engine.EnsureNetwork(t.Context(), networkOf, fleet))
	f.must(f.engine.RemoveNetwork(t.Context(), networkOf, fleet))
	spec := f.spec("one", f.programs.Run)
	spec.Network = networkOf
	f.start(spec)
}

func (s suite) addresses(t *testing.T) {
	f := s.with(t)
	spec := f.spec("one", f.programs.Run)
	spec.Ports = []workerimage.Port{{HostIP: "127.0.0.1", HostPort: portTwo, ContainerPort: 8099}}
	want := "127.0.0.1:" + strconv.Itoa(portTwo)
	if got := f.start(spec).Addresses[8099]; got != want {
		t.Errorf("started: got %q, want %q", got, want)
	}
	all, err := f.engine.List(t.Context(), fleet)
	f.must(err)
	if got := all[0].Addresses[8099]; got != want {
		t.Errorf("listed: got %q, want %q", got, want)
	}
}

func (s suite) deadContext(t *testing.T) {
	f := s.with(t)
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if _, err := f.engine.Start(ctx, f.spec("one", f.programs.Run)); err == nil {
		t.Error("a container started though the context had ended")
	}
	if got := f.names(fleet); len(got) != 0 {
		t.Errorf("left: %v", got)
	}
}
