package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"time"

	"postfleet/internal/testbed"
)

const (
	// volumeBytes is the size of a round's data volume. The ledger asks for
	// 64 MiB before it starts.
	volumeBytes = 512 << 20
	// followEach is how often the journal is read, askEach how often the phones.
	followEach = 500 * time.Millisecond
	askEach    = 5 * time.Second
	// aimTime is how long a fault waits for what it is to strike.
	// An engine that is restarted waits for workers that drain.
	aimTime = 90 * time.Second
)

// errOver is why a fault was not begun: nothing is left to do.
var errOver = errors.New("the round is over")

// round is one fleet from its first launch until all its rows have ended.
type round struct {
	cfg    config
	fleet  *testbed.Fleet
	volume *testbed.Volume
	claims *testbed.Claims
	asked  []testbed.Post
	// engine is held while the engine is down.
	engine sync.Mutex
	// kills takes how long the orchestrator is to stay dead.
	kills chan time.Duration
	// over is closed when the last launch has ended.
	over chan struct{}

	mu      sync.Mutex
	strikes []strike
	// seen are the posts that phones spoke of while the fleet ran.
	seen map[testbed.Post]bool
	// forwards is how many a worker's adb server had at most.
	forwards int
}

// strike is a fault that was tried.
type strike struct {
	event
	began time.Time
	// err is why it could not be begun.
	err error
}

// newRound makes the volume and what is in it.
func newRound(ctx context.Context, cfg config, engine *testbed.Engine, n int, seed uint64) (*round, error) {
	dir := filepath.Join(cfg.dir, fmt.Sprintf("round-%d", n))
	volume, err := testbed.NewVolume(ctx, dir, volumeBytes)
	if err != nil {
		return nil, err
	}
	r := &round{
		cfg: cfg, volume: volume, claims: testbed.NewClaims(dir),
		kills: make(chan time.Duration), over: make(chan struct{}), seen: map[testbed.Post]bool{},
		fleet: &testbed.Fleet{
			Name: "chaos", Dir: dir, Program: cfg.program, Workers: cfg.workers, Engine: engine, Env: environment(),
		},
	}
	if err := r.fleet.WriteJobs(seed, cfg.jobs, cfg.accounts()); err != nil {
		return nil, errors.Join(err, volume.Close())
	}
	if r.asked, err = testbed.Asked(dir); err != nil {
		return nil, errors.Join(err, volume.Close())
	}
	return r, nil
}

// environment makes a fleet that is struck every few seconds go on: it would
// rightly give up on a phone that fails as often as these, and wait longer and
// longer before it makes a worker that never lived a minute. The grace is short
// because an engine that is restarted waits for all that drains.
func environment() []string {
	return []string{
		"POSTFLEET_RETRY_DELAY=2s", "POSTFLEET_RETRY_MAX_ATTEMPTS=20",
		"POSTFLEET_RESTART_MAX=1000", "POSTFLEET_RESTART_BACKOFF_MAX=5s", "POSTFLEET_RESTART_HEALTHY_AFTER=5s",
		"POSTFLEET_SHUTDOWN_GRACE=1m",
	}
}

// run lives the round: strikes are made by attack until it returns or the fleet
// has nothing left to do.
func (r *round) run(ctx context.Context, attack func(ctx context.Context, r *round)) (runs, error) {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var watchers sync.WaitGroup
	watchers.Go(func() { r.each(ctx, followEach, r.follow) })
	watchers.Go(func() { r.each(ctx, askEach, r.ask) })
	var attacker sync.WaitGroup
	attacking, cease := context.WithCancelCause(ctx)
	defer cease(nil)
	attacker.Go(func() { attack(attacking, r) })

	result, err := r.supervise(ctx)
	close(r.over)
	cease(errOver)
	attacker.Wait()
	stop(nil)
	watchers.Wait()
	return result, errors.Join(err, r.claims.Read())
}

// each calls f now and then until the round is over.
func (r *round) each(ctx context.Context, every time.Duration, f func(context.Context)) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			f(ctx)
		case <-r.over:
			return
		case <-ctx.Done():
			return
		}
	}
}

// follow reads the journal. An error is the next reading's to meet.
func (r *round) follow(context.Context) { _ = r.claims.Read() }

// hit makes one strike and remembers it. A worker or an engine that is just not
// there is waited for. It blocks until the fault is over.
func (r *round) hit(ctx context.Context, k kind, e event) {
	began := time.Now()
	err := k.strike(ctx, r, e)
	for until := began.Add(aimTime); err != nil && time.Now().Before(until) && ctx.Err() == nil; {
		sleep(ctx, time.Second)
		began = time.Now()
		err = k.strike(ctx, r, e)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.strikes = append(r.strikes, strike{event: e, began: began, err: err})
	if err != nil && ctx.Err() == nil {
		fmt.Fprintf(r.cfg.stdout, "chaos: %s of worker %d could not be begun: %v\n", e.Kind, e.Worker, err)
	}
}

// sleep returns early when ctx ends.
func sleep(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
