// Package progress is the ledger: which job is pending, who holds it, how far
// it has irreversibly gone, and what came of it. Many processes share one
// ledger; none of them is in charge, and any may die at any instant.
//
// The rule it exists for: from the moment a claim's phase is PhasePosting the
// job is never run again by itself. Whoever claims it next is told to verify.
//
// It is the only package that takes file locks.
//
// Every error has a class: fault.Ledger when the ledger itself cannot be
// trusted or written, fault.Infra when the same call may succeed a moment
// later (no space, no file descriptors), fault.Input when the caller's jobs are
// wrong. The sentinels below and a context's error have none.
package progress

import (
	"context"
	"time"

	"postfleet/internal/jobs"
)

// Ledger is the job tracker. Every method may be called by many goroutines and
// many processes at once; every change is durable when the call returns.
// Errors that mean the ledger itself cannot be trusted carry fault.Ledger.
type Ledger interface {
	// Seed adds the jobs that the ledger does not have yet as pending rows and
	// leaves the others as they are. A job whose account, video or caption
	// differs from the row of its ID is ErrChanged, as is a job list shorter
	// than the ledger, and nothing is written then. skip gives, by job ID, the
	// reason why a new row is to be StatusSkip from the start.
	Seed(ctx context.Context, all []jobs.PostJob, skip map[int]string) (Seeded, error)

	// Join takes the worker's liveness lock and with it the right to claim. It
	// fails with ErrAlive when a living worker has that id. Rows that an
	// earlier worker of the same id still holds are rescued first.
	Join(ctx context.Context, workerID string) (Member, error)

	// Rescue frees the rows held by workers that are dead, which is asked of
	// the kernel and never of a clock: before PhasePosting the row is pending
	// again, from PhasePosting on its next claim has Verify set.
	Rescue(ctx context.Context) ([]Rescued, error)

	// Snapshot returns every row in file order, as of now.
	Snapshot(ctx context.Context) ([]Row, error)

	// Close releases what the process holds, but no claim. Safe to call twice.
	Close() error
}

// Member is a living worker's hold on the ledger.
type Member interface {
	// Claim takes the first row in file order that terms allow. When there is
	// none it returns ErrNothingNow (some may come: ask again) or ErrNothingLeft.
	// An account's row that waits for verification comes before all its others.
	Claim(ctx context.Context, terms Terms) (Claim, error)

	// SetPhase records how far the attempt has gone. Phases only go forward:
	// going back is ErrImpossible, setting the same one again is nil.
	// ErrLostClaim means that the row is no longer this claim's: stop at once.
	SetPhase(ctx context.Context, c Claim, p Phase) error

	// Finish ends the claim. Repeating a Finish that already took effect is nil.
	// ErrLostClaim as for SetPhase. An outcome that the row's phase does not
	// allow is ErrImpossible, and the row stays as it is.
	Finish(ctx context.Context, c Claim, o Outcome) error

	// Leave gives up the liveness lock. Rows still held can be rescued from
	// then on. Safe to call twice.
	Leave() error
}

// Terms are what a worker may claim.
type Terms struct {
	// Only, when not empty, are the accounts the device takes.
	Only []string
	// Reserved are accounts that other devices list; ignored when Only is set.
	Reserved []string
	// DailyCap is the most posts an account makes in a day of Location; 0 is no cap.
	DailyCap int
	Location *time.Location
}

// Claim is a hold on one row. It is a value: keep it, pass it back unchanged.
type Claim struct {
	Job jobs.PostJob
	// Attempt is 1 for the first.
	Attempt int
	// Verify is set when an earlier attempt may have posted: find out, do not post.
	Verify bool
	// Phase is how far that attempt had gone. PhasePosted needs no look at the
	// phone: the post was seen.
	Phase Phase
	// Deaths is how many workers have died on the row; MaxDeaths end it.
	Deaths int
	// Token makes the claim unlike any other on the row.
	Token string
}

// Seeded says what Seed did.
type Seeded struct {
	Added   int
	Skipped int
	Total   int
}

// Rescued is a row that a dead worker held.
type Rescued struct {
	ID       int
	WorkerID string
	// Phase is how far the dead worker had gone.
	Phase Phase
	// Status is what the row is now: StatusPending, or StatusFail when MaxDeaths
	// workers have died on it.
	Status Status
}

// Keeper is what a person may do to a ledger, and no worker. Both kinds of
// change are made to all of the given rows or, when one of them does not allow
// it, to none: the error is ErrImpossible and names each such row.
type Keeper interface {
	// Requeue makes failed and skipped rows pending again. A row that may have
	// been posted, because its outcome is unknown or because it waits for
	// verification, is refused unless checked: a person has looked, and it is
	// not on the profile. Rows that are pending anyway stay as they are.
	Requeue(ctx context.Context, ids []int, checked bool) error

	// Skip makes pending and failed rows StatusSkip, for the given reason. A row
	// that may have been posted is refused unless checked: a person has looked,
	// and whether it is there or not, nothing more is to be done about it.
	Skip(ctx context.Context, ids []int, reason string, checked bool) error

	// Archive puts a finished ledger away and leaves none behind, so that the
	// next Seed begins a new one. It returns the directory where it is now. A
	// ledger with rows that are pending, claimed or of unknown outcome is
	// ErrUnfinished, and nothing is changed.
	Archive(ctx context.Context) (string, error)
}
