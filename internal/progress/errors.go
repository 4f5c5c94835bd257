package progress

import "errors"

// What the ledger answers. Ask with errors.Is.
var (
	// ErrNothingNow: nothing may be claimed now, but something may be later,
	// because a row waits for its time or its account is busy.
	ErrNothingNow = errors.New("progress: nothing to claim now")
	// ErrNothingLeft: nothing is left that these terms will ever allow today.
	ErrNothingLeft = errors.New("progress: nothing left to claim")
	// ErrImpossible: the row's status or phase does not allow the change.
	ErrImpossible = errors.New("progress: impossible change")
	// ErrLostClaim: the row is no longer held by this claim.
	ErrLostClaim = errors.New("progress: claim lost")
	// ErrChanged: an input row differs from the ledger's row of the same id.
	ErrChanged = errors.New("progress: job changed under an existing id")
	// ErrAlive: a living worker has this id.
	ErrAlive = errors.New("progress: worker id is taken by a living worker")
	// ErrUnfinished: the ledger has rows that are not done with.
	ErrUnfinished = errors.New("progress: unfinished ledger")
	// ErrClosed: the ledger was closed, or the member has left.
	ErrClosed = errors.New("progress: closed")
	// ErrBusy: another process holds the lock.
	ErrBusy = errors.New("progress: lock is held by another process")
)
