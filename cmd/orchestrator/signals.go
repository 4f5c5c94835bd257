package main

import (
	"context"
	"log/slog"
	"sync"

	"postfleet/orchestrator"
	"postfleet/workerimage"
)

// signalGuard turns the signals of a launch into what they mean by then:
//
//	before the fleet is up   first    second   third
//	give up                  drain    cancel   exit
//
// Each says what the next will do.
type signalGuard struct {
	app    *app
	giveUp context.CancelCauseFunc
	quit   chan struct{}
	done   chan struct{}

	mu     sync.Mutex
	seen   int
	fleet  *orchestrator.Orchestrator
	logger *slog.Logger
}

// guardSignals starts the guard. The context ends when a signal comes before
// the fleet is handed over. The caller calls stop.
func (a *app) guardSignals(ctx context.Context) (context.Context, *signalGuard) {
	ctx, cancel := context.WithCancelCause(ctx)
	g := &signalGuard{app: a, giveUp: cancel, quit: make(chan struct{}), done: make(chan struct{})}
	go g.watch()
	return ctx, g
}

// stop ends the guard and waits for it.
func (g *signalGuard) stop() {
	close(g.quit)
	<-g.done
	g.giveUp(nil)
}

func (g *signalGuard) watch() {
	defer close(g.done)
	for {
		select {
		case <-g.app.signals:
			g.signalled()
		case <-g.quit:
			return
		}
	}
}

// hand gives the fleet to the guard, or says that it is too late for one.
func (g *signalGuard) hand(fleet *orchestrator.Orchestrator, logger *slog.Logger) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.seen > 0 {
		return errNothingStarted
	}
	g.fleet, g.logger = fleet, logger
	return nil
}

const thirdSignal = 3

func (g *signalGuard) signalled() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.seen++
	switch {
	case g.seen >= thirdSignal:
		say(g.app.stderr, "orchestrator: leaving at once; the workers go on by themselves: "+
			"'orchestrator launch' takes them over, 'orchestrator stop' ends them\n")
		g.app.exit(workerimage.ExitError)
	case g.fleet == nil:
		g.giveUp(errInterrupted)
	case g.seen == 1:
		g.logger.Warn("draining: workers finish their job and take no other; " +
			"the next signal cancels the jobs that are not being posted")
		g.fleet.Drain()
	default:
		g.logger.Warn("cancelling the jobs that are not being posted; " +
			"the next signal leaves at once, and the workers to themselves")
		g.fleet.Cancel()
	}
}
