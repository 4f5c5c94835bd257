package orchestrator

import (
	"context"
	"log/slog"

	"postfleet/internal/progress"
)

// Orchestrator runs one plan once.
type Orchestrator struct {
}

// New returns an orchestrator of plan. Nothing happens before Run.
func New(plan Plan, opts Options, engine Engine, ledger progress.Ledger, logger *slog.Logger) *Orchestrator {
	return &Orchestrator{}
}

// Run adopts what runs already, starts what is missing, and blocks until the
// fleet has nothing left to do, was drained, or cannot go on. When it returns,
// every container of the fleet is gone, whatever the reason (but see
// Options.Keep). Ending ctx kills the workers at once.
//
// The Report is filled as far as it goes even when there is an error. A ledger
// that refuses to work is an error of class fault.Ledger. Call Run once.
func (o *Orchestrator) Run(ctx context.Context) (Report, error) { return Report{}, nil }

// Drain lets workers finish their job and starts no other. It returns at once;
// Run returns when the fleet is down. Safe from any goroutine, any number of times.
func (o *Orchestrator) Drain() {}

// Cancel makes workers cancel the jobs that are not being posted. Otherwise as Drain.
func (o *Orchestrator) Cancel() {}

// Slots returns what the slots are doing now, in the order of the plan. Safe
// from any goroutine.
func (o *Orchestrator) Slots() []SlotState { return nil }
