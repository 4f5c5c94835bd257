package orchestrator

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"

	"postfleet/internal/logging"
	"postfleet/internal/progress"
	"postfleet/internal/usb"
)

const (
	defaultStartLimit = 4
	defaultStartHold  = 5 * time.Second
	// defaultHealthEvery and defaultHealthPatience come on top of what the
	// health check itself allows, see workerimage.
	defaultHealthEvery    = 5 * time.Second
	defaultHealthPatience = 20 * time.Second
	// cleanUpTimeout bounds what happens after the last worker has ended.
	cleanUpTimeout = time.Minute
)

// errGrace is the cause when workers outlive the grace.
var errGrace = errors.New("orchestrator: grace is over")

// Orchestrator runs one plan once.
type Orchestrator struct {
	plan    Plan
	opts    Options
	engine  Engine
	ledger  progress.Ledger
	logger  *slog.Logger
	slots   []*slot
	starts  chan struct{} // one token per worker that is starting
	phones  *http.Client
	started time.Time
	// orphans has a token when a worker's death may have left a cloud phone.
	orphans chan struct{}
	// breaker is a round's; slots ask it.
	breaker *breaker

	drain  *latch
	cancel *latch

	mu    sync.Mutex
	fatal error // what stopped the whole fleet
}

// New returns an orchestrator of plan. Nothing happens before Run.
func New(plan Plan, opts Options, engine Engine, ledger progress.Ledger, logger *slog.Logger) *Orchestrator {
	opts = opts.withDefaults()
	o := &Orchestrator{
		plan:    plan,
		opts:    opts,
		engine:  engine,
		ledger:  ledger,
		logger:  logger.With(logging.KeyFleet, plan.Fleet),
		starts:  make(chan struct{}, opts.StartLimit),
		phones:  &http.Client{Transport: &http.Transport{DisableKeepAlives: true}},
		orphans: make(chan struct{}, 1),
		drain:   newLatch(),
		cancel:  newLatch(),
	}
	for _, s := range plan.Slots {
		o.slots = append(o.slots, newSlot(s, o))
	}
	return o
}

func (opts Options) withDefaults() Options {
	if opts.StartLimit <= 0 {
		opts.StartLimit = defaultStartLimit
	}
	if opts.StartHold <= 0 {
		opts.StartHold = defaultStartHold
	}
	if opts.HealthEvery <= 0 {
		opts.HealthEvery = defaultHealthEvery
	}
	if opts.HealthPatience <= 0 {
		opts.HealthPatience = defaultHealthPatience
	}
	if opts.Bus == nil {
		opts.Bus = usb.Host()
	}
	if opts.BusEvery <= 0 {
		opts.BusEvery = defaultBusEvery
	}
	if opts.PlugPatience <= 0 {
		opts.PlugPatience = defaultPlugPatience
	}
	if opts.Jitter == nil {
		opts.Jitter = rand.Float64
	}
	return opts
}

// Run adopts what runs already, starts what is missing, and blocks until the
// fleet has nothing left to do, was drained, or cannot go on. When it returns,
// every container of the fleet is gone, and every cloud phone that its workers
// started was stopped, or is in the Report, whatever the reason (but see
// Options.Keep). Only an error found before the first change, such as an engine
// that does not answer or a ledger that cannot be read, leaves things as they
// were. Ending ctx kills the workers at once.
//
// The Report is filled as far as it goes even when there is an error. A ledger
// that refuses to work is an error of class fault.Ledger. Call Run once.
func (o *Orchestrator) Run(ctx context.Context) (Report, error) {
	o.started = time.Now()
	err := o.run(ctx)
	left, phonesErr := o.lastPhones(ctx)
	err = errors.Join(err, phonesErr)
	after, stop := context.WithTimeout(context.WithoutCancel(ctx), cleanUpTimeout)
	defer stop()
	rows, rowsErr := o.ledger.Snapshot(after)
	if rowsErr != nil && err == nil {
		err = fmt.Errorf("count what came of it: %w", rowsErr)
	}
	jobs := Count(rows)
	return Report{
		Jobs:      jobs,
		Slots:     o.Slots(),
		Drained:   o.drain.fired(),
		StartedAt: o.started.UTC(),
		Duration:  time.Since(o.started),
		Phones:    left,
		ExitCode:  exitCodeOf(jobs, errors.Join(err, PhonesLeft(left))),
	}, err
}

func (o *Orchestrator) run(ctx context.Context) error {
	if err := o.engine.Ping(ctx); err != nil {
		return err
	}
	found, err := o.engine.List(ctx, o.plan.Fleet)
	if err != nil {
		return err
	}
	rows, err := o.openRows(ctx)
	if err != nil {
		return err
	}
	if err := clearNotes(o.opts.DataDir); err != nil {
		return err
	}
	if len(rows) == 0 && len(found) == 0 && !o.postsMissing() {
		return o.fatalError()
	}
	if err := removeShutdown(o.opts.DataDir); err != nil {
		return err
	}
	if err := o.engine.EnsureNetwork(ctx, o.plan.Network, o.plan.Fleet); err != nil {
		return err
	}
	err = o.fleet(ctx, found)
	// Jobs of the workers that were killed just now; the rows must tell the truth.
	after, stop := context.WithTimeout(context.WithoutCancel(ctx), cleanUpTimeout)
	defer stop()
	o.rescue(after)
	return errors.Join(o.fatalError(), err, o.cleanUp(after))
}

// fleet lives as long as there are workers.
func (o *Orchestrator) fleet(ctx context.Context, found []Container) error {
	ctx, stop := context.WithCancelCause(ctx)
	var watches sync.WaitGroup
	watches.Go(func() { o.guard(ctx, stop) })
	watches.Go(func() { o.watchHealth(ctx) })
	watches.Go(func() { o.watchPhones(ctx) })
	defer func() {
		stop(nil)
		watches.Wait()
	}()
	o.sweep(ctx, found)
	err := o.rounds(ctx)
	if errors.Is(context.Cause(ctx), errGrace) {
		return nil // what became of the jobs is in the ledger
	}
	return err
}

// Drain lets workers finish their job and starts no other. It returns at once;
// Run returns when the fleet is down. Safe from any goroutine, any number of times.
func (o *Orchestrator) Drain() { o.drain.fire() }

// Cancel makes workers cancel the jobs that are not being posted. Otherwise as Drain.
func (o *Orchestrator) Cancel() {
	o.cancel.fire()
	o.drain.fire()
}

// Slots returns what the slots are doing now, in the order of the plan. Safe
// from any goroutine.
func (o *Orchestrator) Slots() []SlotState {
	states := make([]SlotState, len(o.slots))
	for i, s := range o.slots {
		states[i] = s.snapshot()
	}
	return states
}

// stopFleet drains the fleet for an error that no worker can work past. The
// first one counts.
func (o *Orchestrator) stopFleet(err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.fatal == nil {
		o.fatal = err
		o.logger.Error("stopping the fleet", logging.Err(err))
	}
	o.drain.fire()
}

func (o *Orchestrator) fatalError() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.fatal
}
