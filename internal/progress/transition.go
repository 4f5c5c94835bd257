package progress

import (
	"fmt"
	"strings"
	"time"
)

// The life of a row; (v) is a phase that waits for verification.
//
//	pending ──Claim──▶ claimed ──Finish──▶ success | fail | skip
//	   ▲                  │
//	   ├──Retry, Release──┤ before posting, or with Verify set
//	   ├──Absent──────────┤ at posting
//	   └──worker died─────┘ before posting; from posting on: pending(v)

// token is what makes a claim unlike any other: nobody else has the worker's
// id while it lives, and a row's time never stands still.
func (r Row) token() string { return r.WorkerID + "@" + formatTime(r.Time) }

// verify reports whether the row's next claim has to find out what became of
// an earlier attempt.
func (r Row) verify() bool { return r.Status == StatusPending && r.Phase != PhaseNone }

// stamp gives the row the time of a change of its status.
func (r *Row) stamp(now time.Time) {
	now = now.UTC().Round(0)
	if !now.After(r.Time) {
		now = r.Time.Add(1) // the clock stood still or went back
	}
	r.Time = now
}

// claim makes the row w's and returns its hold.
func (r *Row) claim(w string, now time.Time) Claim {
	c := Claim{Job: r.Job(), Attempt: r.Attempts + 1, Verify: r.verify(), Phase: r.Phase}
	r.Status, r.WorkerID = StatusClaimed, w
	r.stamp(now)
	c.Token = r.token()
	return c
}

// holds reports whether c is the claim on the row.
func (r Row) holds(c Claim) bool { return r.Status == StatusClaimed && r.token() == c.Token }

// rank orders the phases.
func (p Phase) rank() int {
	switch p {
	case PhasePosting:
		return 1
	case PhasePosted:
		return 2
	case PhaseNone:
	}
	return 0
}

// free puts back a row whose worker died.
func (r *Row) free(now time.Time) Rescued {
	freed := Rescued{ID: r.ID, WorkerID: r.WorkerID, Phase: r.Phase}
	r.Status, r.WorkerID = StatusPending, ""
	r.stamp(now)
	return freed
}

// finish ends a claim. The row is changed only when the error is nil.
func (r *Row) finish(c Claim, o Outcome, now time.Time) error {
	if err := r.allows(c, o); err != nil {
		return err
	}
	r.Status, r.Error = o.status, reasonText(o, r.Error)
	if o.attempt {
		r.Attempts++
	}
	switch {
	case o.status != StatusPending, o.absent:
		r.Phase = PhaseNone
	}
	if o.status == StatusPending {
		r.WorkerID, r.NotBefore = "", o.after.UTC().Round(0)
	}
	r.stamp(now)
	return nil
}

// allows is the table of what may end a claim. The phase decides, for from
// PhasePosting on the row must not go back as if nothing had happened.
func (r Row) allows(c Claim, o Outcome) error {
	switch {
	case o.status == "":
		return fmt.Errorf("job %d: %w: empty outcome", r.ID, ErrImpossible)
	case o.absent && r.Phase != PhasePosting,
		o.status == StatusPending && !o.absent && r.Phase != PhaseNone && !c.Verify,
		o.status == StatusSkip && r.Phase != PhaseNone:
		return fmt.Errorf("job %d: %w: %s from phase %q", r.ID, ErrImpossible, o.status, r.Phase)
	}
	return nil
}

func reasonText(o Outcome, before string) string {
	if o.status == StatusPending && !o.attempt {
		return before // an interruption says nothing about the job
	}
	return strings.ReplaceAll(strings.ToValidUTF8(o.reason, "\ufffd"), "\x00", "")
}
