// Package fault says whose fault an error is, so that policy (try again, skip
// the row, stop the worker) is decided by class and never by an error's text.
//
// It imports nothing of this module. Cancellation is no class: a cancelled
// context stays context.Canceled and Of reports Unclassified for it.
package fault

import (
	"errors"
	"fmt"
)

// Class is whose fault an error is. Its String is what results.csv shows in
// the column error_class.
type Class int

// The classes. What follows from each is decided where it is acted upon:
// internal/worker for jobs, cmd/worker for exit codes.
const (
	// Unclassified is the class of a nil, a cancelled or an unmarked error.
	Unclassified Class = iota
	// Infra is our own plumbing or the link to the phone: the same job may
	// succeed when tried again.
	Infra
	// Device is a phone that does not answer: not reachable, offline, frozen.
	Device
	// Human is a phone that only a person can mend: unauthorized, expired.
	Human
	// Account is an account that cannot post: logged out, suspended, asked to
	// verify, action blocked. Its remaining jobs are skipped.
	Account
	// Content is a post the service refuses. Trying again cannot help.
	Content
	// Input is a row that cannot be run as written, such as a missing video.
	Input
	// OutcomeUnknown is an attempt that got as far as the share tap and could
	// not prove what came of it. It is never run again without a person.
	OutcomeUnknown
	// Appium is an Appium server that would not start or died.
	Appium
	// Ledger is a tracker that refuses to work: damaged file, file system on
	// which locks cannot be trusted.
	Ledger
)

var names = [...]string{ //nolint:gochecknoglobals // a constant table; Go has no constant arrays
	Unclassified:   "",
	Infra:          "infra",
	Device:         "device",
	Human:          "human",
	Account:        "account",
	Content:        "content",
	Input:          "input",
	OutcomeUnknown: "outcome_unknown",
	Appium:         "appium",
	Ledger:         "ledger",
}

// String returns the class's word in results.csv and logs; "" for Unclassified.
func (c Class) String() string {
	if c < 0 || int(c) >= len(names) {
		return fmt.Sprintf("class(%d)", int(c))
	}
	return names[c]
}

type marked struct {
	class Class
	err   error
}

func (m *marked) Error() string { return m.err.Error() }
func (m *marked) Unwrap() error { return m.err }

// Mark gives err a class without changing its text. A nil err stays nil.
// Of reports the outermost mark, so a caller that knows better may mark again.
func Mark(c Class, err error) error {
	if err == nil {
		return nil
	}
	return &marked{class: c, err: err}
}

// Errorf is fmt.Errorf with a class; %w works as usual.
func Errorf(c Class, format string, args ...any) error {
	return &marked{class: c, err: fmt.Errorf(format, args...)}
}

// Of returns the class of the outermost mark in err's chain, or Unclassified.
func Of(err error) Class {
	if m, ok := errors.AsType[*marked](err); ok {
		return m.class
	}
	return Unclassified
}

// Is reports whether err carries class c as its outermost mark.
func Is(err error, c Class) bool { return Of(err) == c }
