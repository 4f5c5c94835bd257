package worker

import (
	"context"
	"errors"
	"fmt"
	"time"

	"postfleet/internal/fault"
	"postfleet/internal/posting"
	"postfleet/internal/progress"
)

// decision is what follows from an attempt.
type decision struct {
	// outcome ends the claim. It is not to be used when fatal(err).
	outcome progress.Outcome
	// err is what the attempt came to; nil for a success.
	err error
}

// fatal reports an error after which the claim is not ours to end: it was lost,
// or the ledger cannot be trusted.
func fatal(err error) bool {
	return errors.Is(err, progress.ErrLostClaim) || fault.Is(err, fault.Ledger)
}

// interrupted reports an attempt that was cancelled before it did anything.
func interrupted(err error) bool {
	return fault.Of(err) == fault.Unclassified && errors.Is(err, context.Canceled) || errors.Is(err, ErrCancelled)
}

// limits are when to stop trying.
type limits struct {
	attempts int
	delay    time.Duration
}

// afterRun says what follows from Poster.Run's error. posting tells that the
// phase posting was recorded: then the share tap may have happened.
//
//	error                          before posting               posting
//	none                           -                            success
//	cancelled                      release, no attempt          unknown
//	account                        fail; skip the account's     the same, when proved absent
//	content                        fail                         the same, when proved absent
//	input                          skip                         unknown
//	human                          release, the worker ends     unknown
//	infra, device, appium, other   retry, at last fail          unknown
//	proved absent                  -                            absent, at last fail
//	profile not to be read         -                            unseen, at last unknown
//	outcome unknown                -                            unknown
func (l limits) afterRun(c progress.Claim, err error, isPosting bool, now time.Time) decision {
	if err == nil {
		return decision{outcome: progress.Success()}
	}
	d := decision{err: err}
	switch class := fault.Of(err); {
	case errors.Is(err, posting.ErrAbsent):
		d.outcome = l.absent(c, err, now)
	case errors.Is(err, posting.ErrUnseen) && l.looksAgain(c):
		d.outcome = progress.Unseen(err.Error(), now.Add(l.delay))
	case isPosting, class == fault.OutcomeUnknown:
		return unknown(err)
	case interrupted(err), class == fault.Human:
		d.outcome = progress.Release()
	case class == fault.Account:
		d.outcome = progress.FailAccount(err.Error())
	case class == fault.Content:
		d.outcome = progress.Fail(err.Error())
	case class == fault.Input:
		d.outcome = progress.Skip(err.Error())
	case c.Attempt < l.attempts:
		d.outcome = progress.Retry(err.Error(), now.Add(l.delay))
	default:
		d.outcome = l.exhausted(c, err)
	}
	return d
}

// afterVerify says what follows from a look at what a dead worker did. Looking
// changes nothing, so it may be repeated, but not for ever.
func (l limits) afterVerify(c progress.Claim, verdict posting.Verdict, err error, now time.Time) decision {
	switch verdict {
	case posting.VerdictPosted:
		return decision{outcome: progress.Success()}
	case posting.VerdictAbsent:
		err = fault.Errorf(fault.Infra, "a dead worker's attempt: %w", posting.ErrAbsent)
		return decision{outcome: l.absent(c, err, now), err: err}
	case posting.VerdictUnknown:
	}
	if err == nil {
		err = fault.Errorf(fault.OutcomeUnknown, "the profile proves nothing")
	}
	d := decision{err: err}
	class := fault.Of(err)
	timedOut := class == fault.Unclassified && errors.Is(err, context.DeadlineExceeded)
	switch {
	case interrupted(err), class == fault.Human:
		d.outcome = progress.Release()
	case (timedOut || spoils(class)) && l.looksAgain(c):
		d.outcome = progress.Retry(err.Error(), now.Add(l.delay))
	default:
		return unknown(err)
	}
	return d
}

// looksAgain reports whether another claim may verify, should this one not.
func (l limits) looksAgain(c progress.Claim) bool { return c.Attempt < 2*l.attempts }

// spoils reports a class that says nothing about the job.
func spoils(class fault.Class) bool {
	return class == fault.Infra || class == fault.Device || class == fault.Appium
}

// unknown is what follows when nobody can tell whether the job was posted.
func unknown(err error) decision {
	return decision{outcome: progress.Unknown(err.Error()), err: fault.Mark(fault.OutcomeUnknown, err)}
}

// absent is what follows when the share tap came to nothing.
func (l limits) absent(c progress.Claim, err error, now time.Time) progress.Outcome {
	switch class := fault.Of(err); {
	case class == fault.Account:
		return progress.FailAccount(err.Error())
	case class == fault.Content:
		return progress.Fail(err.Error())
	case c.Attempt < l.attempts:
		return progress.Absent(err.Error(), now.Add(l.delay))
	}
	return l.exhausted(c, err)
}

func (l limits) exhausted(c progress.Claim, err error) progress.Outcome {
	return progress.Fail(fmt.Sprintf("attempt %d of %d: %v", c.Attempt, l.attempts, err))
}
