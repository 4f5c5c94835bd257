package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"syscall"
	"time"

	"postfleet/internal/testbed"
)

// kind is a kind of fault.
type kind struct {
	name string
	// strike begins the fault and returns when it has been over for good. An
	// error says that it could not be begun.
	strike func(ctx context.Context, r *round, e event) error
	// least and most bound how long it lasts.
	least, most time.Duration
	// everyone says that it strikes all workers and not one.
	everyone bool
}

// kinds are what a schedule draws from. A pause and a freeze last less or more
// than the 20 s after which a slot gives a worker up.
func kinds() []kind {
	const s = time.Second
	return []kind{
		{name: "kill_worker", strike: killWorker},
		{name: "kill_appium", strike: killProcess(isAppium)},
		{name: "kill_adb", strike: killProcess(isADB)},
		{name: "pause_worker", strike: pauseWorker, least: 2 * s, most: 40 * s},
		{name: "kill_orchestrator", strike: killOrchestrator, most: 5 * s, everyone: true},
		{name: "kill_engine", strike: endEngine(syscall.SIGKILL), most: 3 * s, everyone: true},
		{name: "restart_engine", strike: endEngine(syscall.SIGTERM), most: 3 * s, everyone: true},
		{name: "disk_full", strike: fillDisk, least: 2 * s, most: 10 * s, everyone: true},
		{name: "drop_link", strike: breakPhone, least: 1 * s, most: 10 * s},
		{name: "freeze", strike: breakPhone, least: 2 * s, most: 40 * s},
		{name: "offline", strike: breakPhone, least: 2 * s, most: 20 * s},
		{name: "reboot", strike: breakPhone},
		{name: "crash_instrumentation", strike: breakPhone, most: 5 * s},
		{name: "post_then_die", strike: breakPhoneOnce},
		{name: "share_fails", strike: breakPhoneOnce},
		{name: "popup", strike: breakPhoneOnce},
		{name: "slow_post", strike: breakPhoneOnce, least: 3 * s, most: 8 * s},
	}
}

// named returns the kinds with those names, all of them for none.
func named(names []string) ([]kind, error) {
	all := kinds()
	for _, name := range names {
		if !slices.ContainsFunc(all, func(k kind) bool { return k.name == name }) {
			return nil, fmt.Errorf("no kind of fault is called %q", name)
		}
	}
	if len(names) == 0 {
		return all, nil
	}
	return slices.DeleteFunc(all, func(k kind) bool { return !slices.Contains(names, k.name) }), nil
}

func killWorker(ctx context.Context, r *round, e event) error {
	_, err := r.fleet.Engine.Docker(ctx, "kill", "--signal", "KILL", r.fleet.Worker(e.Worker))
	return err
}

func isAppium(p testbed.Process) bool {
	return strings.HasSuffix(p.Args[0], "node") &&
		slices.ContainsFunc(p.Args, func(arg string) bool { return strings.Contains(arg, "node_modules/appium/") })
}

func isADB(p testbed.Process) bool {
	return strings.HasSuffix(p.Args[0], "adb") && slices.Contains(p.Args, "server")
}

// killProcess ends one of the processes in the worker's container.
func killProcess(which func(testbed.Process) bool) func(context.Context, *round, event) error {
	return func(ctx context.Context, r *round, e event) error {
		id, err := r.fleet.Engine.Docker(ctx, "inspect", "--format", "{{.Id}}", r.fleet.Worker(e.Worker))
		if err != nil {
			return err
		}
		all, err := testbed.ProcessesIn(id)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(all, which)
		if i < 0 {
			return errors.New("there is none just now")
		}
		return syscall.Kill(all[i].PID, syscall.SIGKILL)
	}
}

func pauseWorker(ctx context.Context, r *round, e event) error {
	if _, err := r.fleet.Engine.Docker(ctx, "pause", r.fleet.Worker(e.Worker)); err != nil {
		return err
	}
	sleep(ctx, e.Hold)
	// Its slot may have removed it by now.
	_, _ = r.fleet.Engine.Docker(ctx, "unpause", r.fleet.Worker(e.Worker))
	return nil
}

func killOrchestrator(ctx context.Context, r *round, e event) error {
	select {
	case r.kills <- e.Hold:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-r.over:
		return errOver
	}
}

// endEngine ends the engine, which is started again after a while.
func endEngine(signal syscall.Signal) func(context.Context, *round, event) error {
	return func(ctx context.Context, r *round, e event) error {
		r.engine.Lock()
		defer r.engine.Unlock()
		err := r.fleet.Engine.End(ctx, signal)
		if err != nil { // whoever restarts an engine loses patience too
			err = r.fleet.Engine.End(ctx, syscall.SIGKILL)
		}
		if err != nil {
			return err
		}
		sleep(ctx, e.Hold)
		return r.fleet.Engine.Start(context.WithoutCancel(ctx)) // the round needs it to end
	}
}

func fillDisk(ctx context.Context, r *round, e event) error {
	empty, err := r.volume.Fill()
	if err != nil {
		return err
	}
	sleep(ctx, e.Hold)
	return empty()
}

// breakPhone asks the phone for trouble that comes at once.
func breakPhone(ctx context.Context, r *round, e event) error {
	err := r.fleet.Break(ctx, e.Worker, testbed.Fault{Kind: e.Kind, ForMS: e.Hold.Milliseconds()})
	if err == nil {
		sleep(ctx, e.Hold)
	}
	return err
}

// breakPhoneOnce asks for trouble that lies in wait for the next occasion.
func breakPhoneOnce(ctx context.Context, r *round, e event) error {
	return r.fleet.Break(ctx, e.Worker, testbed.Fault{Kind: e.Kind, ForMS: e.Hold.Milliseconds(), Count: 1})
}
