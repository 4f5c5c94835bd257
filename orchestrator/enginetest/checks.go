package enginetest

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"postfleet/orchestrator"
	"postfleet/workerimage"
)

func (f fixture) pings() { f.must(f.engine.Ping(f.t.Context())) }

func (f fixture) exits() {
	for _, code := range []int{0, 3} {
		c := f.start(f.spec("exit-"+strconv.Itoa(code), f.programs.Exit(code)))
		for range 2 { // the second time it has ended already
			if got := f.wait(c.ID); got.Code != code || got.OOMKilled {
				f.t.Errorf("got %+v, want code %d", got, code)
			}
		}
		if got := f.wait(c.ID).Tail; strings.Contains(got, "bye") != (code != 0) {
			f.t.Errorf("tail of a container that ended with %d: got %q", code, got)
		}
	}
}

func (f fixture) waitsForContext() {
	c := f.start(f.spec("run", f.programs.Run))
	ctx, stop := context.WithTimeout(f.t.Context(), 200*time.Millisecond)
	defer stop()
	if _, err := f.engine.Wait(ctx, c.ID); !errors.Is(err, context.DeadlineExceeded) {
		f.t.Errorf("got %v, want the context's error", err)
	}
}

func (f fixture) seesRemoval() {
	c := f.start(f.spec("run", f.programs.Run))
	type end struct {
		exit orchestrator.Exit
		err  error
	}
	ended := make(chan end, 1)
	go func() {
		exit, err := f.engine.Wait(f.t.Context(), c.ID)
		ended <- end{exit, err}
	}()
	f.must(f.engine.Remove(f.t.Context(), c.ID))
	f.must(f.engine.Remove(f.t.Context(), c.ID))
	if got := <-ended; !errors.Is(got.err, orchestrator.ErrNotFound) && got.exit.Code != killedCode {
		f.t.Errorf("got %+v, want exit code %d or ErrNotFound", got, killedCode)
	}
	if got := f.names(); len(got) != 0 {
		f.t.Errorf("left: %v", got)
	}
}

func (f fixture) unknown() {
	if _, err := f.engine.Wait(f.t.Context(), "0123456789ab"); !errors.Is(err, orchestrator.ErrNotFound) {
		f.t.Errorf("Wait: got %v, want ErrNotFound", err)
	}
	f.must(f.engine.Signal(f.t.Context(), "0123456789ab", orchestrator.SignalDrain))
	f.must(f.engine.Remove(f.t.Context(), "0123456789ab"))
}

func (f fixture) signals() {
	c := f.start(f.spec("term", f.programs.Term(7)))
	// A program needs a moment before it listens; a signal before that is lost.
	ctx, stop := context.WithTimeout(f.t.Context(), 30*time.Second)
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
				f.t.Errorf("got %+v, want code 7", got)
			}
			f.must(f.engine.Signal(f.t.Context(), c.ID, orchestrator.SignalDrain)) // not running any more
			return
		case <-again.C:
			f.must(f.engine.Signal(f.t.Context(), c.ID, orchestrator.SignalDrain))
		}
	}
}

func (f fixture) lists() {
	foreign := f.spec("foreign", f.programs.Run)
	foreign.Labels = map[string]string{workerimage.LabelFleet: otherFleet}
	f.start(foreign)
	running := f.start(f.spec("b", f.programs.Run))
	f.wait(f.start(f.spec("a", f.programs.Exit(0))).ID)

	all, err := f.engine.List(f.t.Context(), fleet)
	f.must(err)
	if len(all) != 2 || all[0].Name != fleet+"-a" || all[1].Name != fleet+"-b" {
		f.t.Fatalf("got %+v, want a and b", all)
	}
	if all[0].State != orchestrator.StateExited || all[1].State != orchestrator.StateRunning {
		f.t.Errorf("states: got %s and %s, want exited and running", all[0].State, all[1].State)
	}
	if all[1].ID != running.ID || all[1].Labels[workerimage.LabelDevice] != "b" || all[1].Started.IsZero() {
		f.t.Errorf("got %+v, want id %s, device b and a start", all[1], running.ID)
	}
}

func (f fixture) replaces() {
	old := f.start(f.spec("one", f.programs.Run))
	if next := f.start(f.spec("one", f.programs.Run)); next.ID == old.ID {
		f.t.Error("the container was not replaced")
	}
	if _, err := f.engine.Wait(f.t.Context(), old.ID); !errors.Is(err, orchestrator.ErrNotFound) {
		f.t.Errorf("Wait for the replaced one: got %v, want ErrNotFound", err)
	}
	taken := f.spec("one", f.programs.Run)
	taken.Labels = map[string]string{workerimage.LabelFleet: otherFleet}
	if _, err := f.engine.Start(f.t.Context(), taken); !errors.Is(err, orchestrator.ErrNameTaken) {
		f.t.Errorf("Start under another fleet's name: got %v, want ErrNameTaken", err)
	}
	if got := f.names(); !slices.Equal(got, []string{fleet + "-one"}) {
		f.t.Errorf("got %v, want the fleet's own left alone", got)
	}
}

func (f fixture) noImage() {
	spec := f.spec("one", f.programs.Run)
	spec.Image = "postfleet-no-such-image:never"
	if _, err := f.engine.Start(f.t.Context(), spec); !errors.Is(err, orchestrator.ErrNoImage) {
		f.t.Errorf("got %v, want ErrNoImage", err)
	}
	if got := f.names(); len(got) != 0 {
		f.t.Errorf("left: %v", got)
	}
}

func (f fixture) badStart() {
	port := []workerimage.Port{{HostIP: "127.0.0.1", HostPort: portOne, ContainerPort: 80}}
	first, second := f.spec("first", f.programs.Run), f.spec("second", f.programs.Run)
	first.Ports, second.Ports = port, port
	f.start(first)
	if _, err := f.engine.Start(f.t.Context(), second); err == nil {
		f.t.Error("two containers published one port")
	}
	third := f.spec("third", f.programs.Run)
	third.Network = networkOf
	if _, err := f.engine.Start(f.t.Context(), third); err == nil {
		f.t.Error("a container started on a network that is not there")
	}
	if got := f.names(); !slices.Equal(got, []string{first.Name}) {
		f.t.Errorf("got %v, want the first only", got)
	}
}

func (f fixture) network() {
	var makers sync.WaitGroup
	for range 10 {
		makers.Go(func() {
			if err := f.engine.EnsureNetwork(f.t.Context(), networkOf, fleet); err != nil {
				f.t.Error(err)
			}
		})
	}
	makers.Wait()
	spec := f.spec("one", f.programs.Run)
	spec.Network = networkOf
	c := f.start(spec) // would be refused if there were two of the name
	f.must(f.engine.RemoveNetwork(f.t.Context(), networkOf, fleet))
	f.must(f.engine.Remove(f.t.Context(), c.ID))
	c = f.start(spec) // still there: it was in use
	f.must(f.engine.Remove(f.t.Context(), c.ID))
	f.must(f.engine.RemoveNetwork(f.t.Context(), networkOf, fleet))
	f.must(f.engine.RemoveNetwork(f.t.Context(), networkOf, fleet))
	if _, err := f.engine.Start(f.t.Context(), spec); err == nil {
		f.t.Error("the network was not removed")
	}
}

func (f fixture) foreignNetwork() {
	f.must(f.engine.EnsureNetwork(f.t.Context(), networkOf, otherFleet))
	f.must(f.engine.EnsureNetwork(f.t.Context(), networkOf, fleet))
	f.must(f.engine.RemoveNetwork(f.t.Context(), networkOf, fleet))
	spec := f.spec("one", f.programs.Run)
	spec.Network = networkOf
	f.start(spec)
}

func (f fixture) addresses() {
	spec := f.spec("one", f.programs.Run)
	spec.Ports = []workerimage.Port{{HostIP: "127.0.0.1", HostPort: portTwo, ContainerPort: 8099}}
	want := "127.0.0.1:" + strconv.Itoa(portTwo)
	if got := f.start(spec).Addresses[8099]; got != want {
		f.t.Errorf("started: got %q, want %q", got, want)
	}
	all, err := f.engine.List(f.t.Context(), fleet)
	f.must(err)
	if got := all[0].Addresses[8099]; got != want {
		f.t.Errorf("listed: got %q, want %q", got, want)
	}
}

func (f fixture) deadContext() {
	ctx, stop := context.WithCancel(f.t.Context())
	stop()
	if _, err := f.engine.Start(ctx, f.spec("one", f.programs.Run)); err == nil {
		f.t.Error("a container started though the context had ended")
	}
	if got := f.names(); len(got) != 0 {
		f.t.Errorf("left: %v", got)
	}
}
