package progress

import "time"

// Outcome is how a claim ends. Make one with Success, Fail, Skip, Retry,
// Release, Unknown, Unseen or Absent.
type Outcome struct {
	status  Status
	reason  string
	attempt bool // counts as an attempt
	after   time.Time
	account bool // the account's other pending rows are skipped too
	absent  bool // the post is proved not to be there: the phase may go back
	unseen  bool // what came of the post could not be looked at: the phase stays
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
// from PhasePosting on: use Unknown, Unseen or Absent.
func Retry(reason string, notBefore time.Time) Outcome {
	return Outcome{status: StatusPending, reason: reason, attempt: true, after: notBefore}
}

// Release puts back a job that was interrupted by a drain. It is no attempt.
// A claim with Verify set keeps its need for verification; any other claim is
// refused from PhasePosting on: use Unknown, Unseen or Absent.
func Release() Outcome { return Outcome{status: StatusPending} }

// Unknown fails a job of which nobody can tell whether it was posted.
func Unknown(why string) Outcome {
	return Outcome{status: StatusFail, reason: UnknownPrefix + why, attempt: true}
}

// Unseen puts back a job that may have been posted, because there was no way of
// looking at what came of it. The next claim, not before the given time, has to
// verify. It is refused before PhasePosting.
func Unseen(why string, notBefore time.Time) Outcome {
	return Outcome{status: StatusPending, reason: why, attempt: true, after: notBefore, unseen: true}
}

// Absent puts back a job whose post is proved not to be there. It is refused
// unless the phase is PhasePosting: before, there is nothing to prove, and a
// post that was seen is not made again.
func Absent(reason string, notBefore time.Time) Outcome {
	return Outcome{status: StatusPending, reason: reason, attempt: true, after: notBefore, absent: true}
}

// EndsAccount reports whether the account's other pending rows are skipped too.
func (o Outcome) EndsAccount() bool { return o.account }
