// Package enginetest is what every orchestrator.Engine must do, as a test
// suite, and a fake one that does it, for the tests of the orchestrator. The
// suite runs against the fake and against real Docker alike, which keeps the
// fake honest.
package enginetest

import (
	"context"
	"testing"
	"time"

	"postfleet/orchestrator"
	"postfleet/workerimage"
)

// Run checks engine by what it does with containers of p. They are made in
// fleets whose names begin with "enginetest" and are gone in the end. Host
// ports from 18970 to 18979 must be free.
func Run(t *testing.T, engine orchestrator.Engine, p Programs) {
	t.Helper()
	s := suite{engine: engine, programs: p}
	for name, check := range map[string]func(fixture){
		"answers":                        fixture.pings,
		"says how a container ended":     fixture.exits,
		"waits as long as ctx does":      fixture.waitsForContext,
		"sees a container removed":       fixture.seesRemoval,
		"does not know what never was":   fixture.unknown,
		"passes signals on":              fixture.signals,
		"lists by label only":            fixture.lists,
		"replaces its own only":          fixture.replaces,
		"knows a missing image":          fixture.noImage,
		"leaves nothing of a bad start":  fixture.badStart,
		"makes one network":              fixture.network,
		"keeps a network others made":    fixture.foreignNetwork,
		"says where a port is reached":   fixture.addresses,
		"starts nothing for a dead call": fixture.deadContext,
	} {
		t.Run(name, func(t *testing.T) { check(s.with(t)) })
	}
}

type suite struct {
	engine   orchestrator.Engine
	programs Programs
}

const (
	fleet      = "enginetest"
	otherFleet = "enginetest-other"
	networkOf  = "enginetest-net"
	portOne    = 18970
	portTwo    = 18971
)

// fixture is one check's own fleet.
type fixture struct {
	suite
	t *testing.T
}

func (s suite) with(t *testing.T) fixture {
	t.Helper()
	f := fixture{suite: s, t: t}
	f.clean()
	t.Cleanup(f.clean)
	return f
}

func (f fixture) clean() {
	ctx := context.WithoutCancel(f.t.Context())
	for _, name := range []string{fleet, otherFleet} {
		all, err := f.engine.List(ctx, name)
		f.must(err)
		for _, c := range all {
			f.must(f.engine.Remove(ctx, c.ID))
		}
		f.must(f.engine.RemoveNetwork(ctx, networkOf, name))
	}
}

func (f fixture) must(err error) {
	f.t.Helper()
	if err != nil {
		f.t.Fatal(err)
	}
}

func (f fixture) spec(name string, command []string) workerimage.Container {
	return workerimage.Container{
		Name: fleet + "-" + name, Image: f.programs.Image, Command: command,
		Labels: map[string]string{workerimage.LabelFleet: fleet, workerimage.LabelDevice: name},
	}
}

func (f fixture) start(spec workerimage.Container) orchestrator.Container {
	f.t.Helper()
	c, err := f.engine.Start(f.t.Context(), spec)
	f.must(err)
	return c
}

func (f fixture) wait(id string) orchestrator.Exit {
	f.t.Helper()
	ctx, stop := context.WithTimeout(f.t.Context(), 30*time.Second)
	defer stop()
	exit, err := f.engine.Wait(ctx, id)
	f.must(err)
	return exit
}

// names are those of the fleet's containers.
func (f fixture) names() []string {
	f.t.Helper()
	all, err := f.engine.List(f.t.Context(), fleet)
	f.must(err)
	names := []string{}
	for _, c := range all {
		names = append(names, c.Name)
	}
	return names
}
