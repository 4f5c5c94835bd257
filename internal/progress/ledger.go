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
	"errors"
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

// Status is a row's state.
type Status string

// The states of a row.
const (
	StatusPending Status = "pending"
	StatusClaimed Status = "claimed"
	StatusSuccess Status = "success"
	StatusFail    Status = "fail"
	StatusSkip    Status = "skip"
)

// Phase is how far a claimed row's attempt has irreversibly gone.
type Phase string

// The phases of a claimed row, in order.
const (
	// PhaseNone: nothing irreversible has happened.
	PhaseNone Phase = ""
	// PhasePosting: the share tap may have happened. A pending row with it
	// waits for a claim that verifies.
	PhasePosting Phase = "posting"
	// PhasePosted: the post was seen on the profile. A pending row with it
	// waits for a claim that ends it as a success.
	PhasePosted Phase = "posted"
)

// UnknownPrefix begins the error of a fail row whose outcome nobody could tell.
const UnknownPrefix = "outcome unknown: "

// Row is one line of progress.csv.
type Row struct {
	ID       int
	Account  string
	Video    string
	Caption  string
	Status   Status
	WorkerID string
	// Time is when the status last changed.
	Time  time.Time
	Error string
	// Attempts counts those that ended; a worker's death is none.
	Attempts  int
	Phase     Phase
	NotBefore time.Time // zero: at once
}

// Job returns the row's job, without the columns that only jobs.csv has.
func (r Row) Job() jobs.PostJob {
	return jobs.PostJob{ID: r.ID, Account: r.Account, Video: r.Video, Caption: r.Caption}
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
	// Token makes the claim unlike any other on the row.
	Token string
}

// Outcome is how a claim ends. Make one with Success, Fail, Skip, Retry,
// Release, Unknown or Absent.
type Outcome struct {
	status  Status
	reason  string
	attempt bool // counts as an attempt
	after   time.Time
	account bool // the account's other pending rows are skipped too
	absent  bool // the post is proved not to be there: the phase may go back
}

// Status is what the row's status becomes.
func (o Outcome) Status() Status { return o.status }

// Reason is what the row's error becomes; "" for Success and Release.
func (o Outcome) Reason() string { return o.reason }

// Success ends a job that is proved to be posted.
func Success() Outcome { return Outcome{status: StatusSuccess, attempt: true} }

// Fail ends a job for good.
func Fail(reason string) Outcome {
	return Outcome{status: StatusFail, reason: reason, attempt: true}
}

// Skip ends a job that was not, and is not to be, tried.
func Skip(reason string) Outcome { return Outcome{status: StatusSkip, reason: reason} }

// FailAccount fails the job and skips the account's pending rows with the
// same reason.
func FailAccount(reason string) Outcome {
	return Outcome{status: StatusFail, reason: reason, attempt: true, account: true}
}

// Retry puts the job back, not to be claimed before the given time. A claim
// with Verify set keeps its need for verification; any other claim is refused
// from PhasePosting on: use Unknown or Absent.
func Retry(reason string, notBefore time.Time) Outcome {
	return Outcome{status: StatusPending, reason: reason, attempt: true, after: notBefore}
}

// Release puts back a job that was interrupted by a drain. It is no attempt.
// A claim with Verify set keeps its need for verification; any other claim is
// refused from PhasePosting on: use Unknown or Absent.
func Release() Outcome { return Outcome{status: StatusPending} }

// Unknown fails a job of which nobody can tell whether it was posted.
func Unknown(why string) Outcome {
	return Outcome{status: StatusFail, reason: UnknownPrefix + why, attempt: true}
}

// Absent puts back a job whose post is proved not to be there. It is refused
// unless the phase is PhasePosting: before, there is nothing to prove, and a
// post that was seen is not made again.
func Absent(reason string, notBefore time.Time) Outcome {
	return Outcome{status: StatusPending, reason: reason, attempt: true, after: notBefore, absent: true}
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
	Phase    Phase
}

// What the ledger answers. Ask with errors.Is.
var (
	// ErrNothingNow: nothing may be claimed now, but something may be later,
	// because a row waits for its time or its account is busy.
	ErrNothingNow = errors.New("progress: nothing to claim now")
	// ErrNothingLeft: nothing is left that these terms will ever allow today.
	ErrNothingLeft = errors.New("progress: nothing left to claim")
	// ErrImpossible: the row's phase does not allow the change.
	ErrImpossible = errors.New("progress: impossible change")
	// ErrLostClaim: the row is no longer held by this claim.
	ErrLostClaim = errors.New("progress: claim lost")
	// ErrChanged: an input row differs from the ledger's row of the same id.
	ErrChanged = errors.New("progress: job changed under an existing id")
	// ErrAlive: a living worker has this id.
	ErrAlive = errors.New("progress: worker id is taken by a living worker")
	// ErrBusy: another process holds the lock.
	ErrBusy = errors.New("progress: lock is held by another process")
)
