package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"

	"golang.org/x/sync/errgroup"

	"postfleet/internal/fault"
	"postfleet/internal/jobs"
	"postfleet/internal/progress"
	"postfleet/internal/progress/guard"
	"postfleet/orchestrator"
	"postfleet/workerimage"
)

// checkEngine finds out, before anything is changed, whether there is an engine
// that can make workers. With no job to do none is needed.
func (a *app) checkEngine(ctx context.Context, ledger progress.Ledger, in jobs.Input, image string) (err error) {
	rows, err := ledger.Snapshot(ctx)
	if err != nil || len(rows) >= len(in.Jobs) && orchestrator.Count(rows).Open() == 0 {
		return err
	}
	eng, err := a.newEngine()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, eng.Close()) }()
	if err := eng.Ping(ctx); err != nil {
		return err
	}
	_, err = eng.Image(ctx, image)
	return err
}

// preflight works out the plan and checks that it can be run here. The locks of
// the data directory are probed meanwhile, which takes longer than all the rest.
func (l launcher) preflight(ctx context.Context, in jobs.Input, eng engine) (plan orchestrator.Plan, err error) {
	dataDir := l.config.Derived.DataDir
	if err := guard.RoomToStart(dataDir); err != nil {
		return orchestrator.Plan{}, err
	}
	checks, ctx := errgroup.WithContext(ctx)
	checks.Go(func() error { return l.app.probeLocks(ctx, dataDir) })
	checks.Go(func() (err error) {
		plan, err = l.planHere(ctx, in, eng)
		return err
	})
	err = checks.Wait()
	return plan, err
}

// planHere is the plan as this engine sees it, whose ports are free.
func (l launcher) planHere(ctx context.Context, in jobs.Input, eng engine) (orchestrator.Plan, error) {
	plan, err := planOf(ctx, l.config, l.user, accountsOf(in.Jobs), eng.HostPath)
	if err != nil {
		return orchestrator.Plan{}, err
	}
	return plan, checkPorts(ctx, plan, eng)
}

// checkPorts finds ports of the plan that something else on this host has
// taken. Those that the fleet's own containers hold are theirs: they are taken
// over or replaced.
func checkPorts(ctx context.Context, plan orchestrator.Plan, eng engine) error {
	found, err := eng.List(ctx, plan.Fleet)
	if err != nil {
		return err
	}
	ours := map[string]bool{}
	for _, c := range found {
		for _, address := range c.Addresses {
			ours[address] = true
		}
	}
	var taken []error
	for _, slot := range plan.Slots {
		taken = append(taken, portsTaken(ctx, slot.Worker, ours, "move base_appium_port or end what uses it"))
		taken = append(taken, serverPortsTaken(ctx, slot)...)
		if slot.Phone != nil {
			taken = append(taken, portsTaken(ctx, *slot.Phone, ours, "end what uses it; 'orchestrator stop' ends "+
				"phones that were kept"))
		}
	}
	return fault.Mark(fault.Input, errors.Join(taken...))
}

func portsTaken(ctx context.Context, c workerimage.Container, ours map[string]bool, mend string) error {
	var taken []error
	for _, p := range c.Ports {
		address := net.JoinHostPort(p.HostIP, strconv.Itoa(p.HostPort))
		if ours[address] {
			continue
		}
		if err := bindable(ctx, address); err != nil {
			taken = append(taken, fmt.Errorf("port %d of %s cannot be had on this host: %s: %w",
				p.HostPort, c.Name, mend, err))
		}
	}
	return errors.Join(taken...)
}
