package main

import (
	"context"
	"errors"
	"testing"
	"time"

	"postfleet/internal/config"
	"postfleet/internal/fault"
	"postfleet/orchestrator"
	"postfleet/workerimage"
)

// TestProbeLocks: the program is its own second process.
func TestProbeLocks(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "")
	before := w.tree()
	if err := probeLocks(t.Context(), w.path("data"), 10*time.Millisecond); err != nil {
		t.Error(err)
	}
	mustBeSame(t, before, w.tree())
}

// TestLaunchProbesLocks: once, and not when there is nothing to run.
func TestLaunchProbesLocks(t *testing.T) {
	t.Parallel()
	w := newWorld(t, twoJobs)
	w.must("launch")
	w.must("launch")
	if got := w.probes.Load(); got != 1 {
		t.Errorf("got %d probes, want 1", got)
	}
}

// TestLaunchRefusesLocksThatDoNotHold: no worker starts before the probe is
// over, however soon the rest is.
func TestLaunchRefusesLocksThatDoNotHold(t *testing.T) {
	t.Parallel()
	w := newWorld(t, twoJobs)
	w.engine.Run = func(context.Context, workerimage.Container, <-chan orchestrator.Signal) orchestrator.Exit {
		t.Error("a container was started, want none")
		return orchestrator.Exit{}
	}
	w.app.probeLocks = func(context.Context, string) error {
		<-time.After(50 * time.Millisecond)
		return fault.Errorf(fault.Ledger, "locks do not hold")
	}
	if code := w.run("launch"); code != workerimage.ExitLedger {
		t.Errorf("got exit code %d, want %d", code, workerimage.ExitLedger)
	}
	w.mustHold("message", w.err.String(), "locks do not hold")
}

// TestLaunchEndsTheProbe: what else is wrong is told at once.
func TestLaunchEndsTheProbe(t *testing.T) {
	t.Parallel()
	w := newWorld(t, twoJobs)
	w.unreachable.Store(true)
	w.app.probeLocks = func(ctx context.Context, _ string) error {
		<-ctx.Done()
		return errors.New("the probe was ended")
	}
	if code := w.run("launch"); code != workerimage.ExitError {
		t.Errorf("got exit code %d, want %d", code, workerimage.ExitError)
	}
	w.mustHold("message", w.err.String(), "unreachable")
}

func TestWorkersAreToldWhetherToTrustTheFileSystem(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "")
	for _, want := range []bool{false, true} {
		resolved, err := loadFleet(config.Options{Path: w.path("fleet.yaml"), Flags: []config.Override{
			{Flag: "--trust", Key: "ledger.trust_file_system", Value: want},
		}})
		if err != nil {
			t.Fatal(err)
		}
		if got := settingsOf(resolved).TrustFileSystem; got != want {
			t.Errorf("got %v, want %v", got, want)
		}
	}
}
