package learned

import "errors"

// Reason is why nothing that was learned was used, or why a record was taken
// out. The empty Reason is none.
type Reason string

// The reasons.
const (
	// NoEntry: nothing is known of the element on this screen.
	NoEntry Reason = "no_entry"
	// SignsDiffer: what is known is of another screen with the same key.
	SignsDiffer Reason = "signs_differ"
	// ExpectFailed: the element was found and used, and what was expected of it
	// did not come about.
	ExpectFailed Reason = "expect_failed"
	// Quarantined: the record was trusted and failed twice in a row.
	Quarantined Reason = "quarantined"
	// VersionNew: the record failed when it was first used with a version of the
	// app.
	VersionNew Reason = "version_new"
	// PolicyDenied: the record, or what it leads to, is nothing that may be used.
	PolicyDenied Reason = "policy_denied"
	// BeingLearned: somebody else is finding out, or trying it, at this moment.
	BeingLearned Reason = "being_learned"
)

// What the book answers. Ask with errors.Is. All but ErrLearningOff concern one
// finding, which its finder may go on using.
var (
	// ErrLearningOff is a version of an app for which too much that was learned
	// was wrong. A person brings learning back by dropping the stop.
	ErrLearningOff = errors.New("learned: learning is off")
	// ErrLeaseLost is a lease that lapsed and may be another's by now.
	ErrLeaseLost = errors.New("learned: the lease is lost")
	// ErrReplaced is a record that somebody else changed since the lease began.
	ErrReplaced = errors.New("learned: replaced meanwhile")
	// ErrRefused is a finding that must not be stored.
	ErrRefused = errors.New("learned: not to be stored")
)
