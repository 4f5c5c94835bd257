package main

import (
	"context"
	"os"
	"syscall"
	"testing"

	"postfleet/internal/progress"
	"postfleet/orchestrator"
	"postfleet/workerimage"
)

// The first signal drains: running jobs end, the rest stays pending.
func TestLaunchDrains(t *testing.T) {
	t.Parallel()
	w := newWorld(t, twoJobs+"shop_a,a.mp4,three\nshop_b,a.mp4,four\n")
	running, goOn := make(chan struct{}, 4), make(chan struct{})
	w.engine.Run = func(
		ctx context.Context, spec workerimage.Container, signals <-chan orchestrator.Signal,
	) orchestrator.Exit {
		asked := make(chan orchestrator.Signal, 1)
		return workWith(ctx, spec, asked, func(ctx context.Context, _ progress.Claim) progress.Outcome {
			running <- struct{}{}
			select {
			case asked <- <-signals: // the drain that the test's signal brings about
			case <-ctx.Done():
			}
			<-goOn
			return progress.Success()
		})
	}
	codes := make(chan int, 1)
	go func() { codes <- w.run("launch") }()
	<-running
	<-running
	w.signals <- syscall.SIGINT
	close(goOn)
	if code := <-codes; code != workerimage.ExitPending {
		t.Errorf("got exit code %d, want %d\n%s", code, workerimage.ExitPending, w.err.String())
	}
	w.mustHold("summary", w.out.String(), "4 jobs: 2 success", "2 pending", "next: run launch again")
	w.mustHold("log", w.err.String(), "the next signal cancels")
}

// The second signal cancels, the third leaves at once.
func TestLaunchSecondAndThirdSignal(t *testing.T) {
	t.Parallel()
	w := newWorld(t, twoJobs)
	running := make(chan struct{}, 2)
	cancelled := make(chan orchestrator.Signal, 2)
	w.engine.Run = func(
		ctx context.Context, _ workerimage.Container, signals <-chan orchestrator.Signal,
	) orchestrator.Exit {
		running <- struct{}{}
		for {
			select {
			case s := <-signals:
				if s == orchestrator.SignalCancel {
					cancelled <- s
				}
			case <-ctx.Done():
				return orchestrator.Exit{}
			}
		}
	}
	codes := make(chan int, 1)
	go func() { codes <- w.run("launch") }()
	<-running
	<-running
	w.signals <- syscall.SIGTERM
	w.signals <- syscall.SIGTERM
	<-cancelled
	<-cancelled
	w.signals <- syscall.SIGTERM
	if code := <-w.exits; code != workerimage.ExitError {
		t.Errorf("third signal: got exit code %d, want %d", code, workerimage.ExitError)
	}
	w.mustHold("log", w.err.String(), "the next signal cancels", "the next signal leaves at once", "leaving at once")
	// This process did not really leave: its fleet ends when its workers do.
	for n := range 2 {
		w.engine.Kill(workerimage.Name("test", workerimage.RoleWorker, n))
	}
	<-codes
}

func TestLaunchInterruptedBeforeTheFleetIsUp(t *testing.T) {
	t.Parallel()
	a := &app{signals: make(chan os.Signal)}
	signals := make(chan os.Signal, 1)
	a.signals = signals
	ctx, guard := a.guardSignals(t.Context())
	signals <- syscall.SIGINT
	<-ctx.Done()
	if err := guard.hand(nil, nil); err == nil {
		t.Error("got no error, want that nothing is started any more")
	}
	guard.stop()
}
