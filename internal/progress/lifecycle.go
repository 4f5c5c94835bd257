package progress

import (
	"fmt"
	"strings"
	"time"
)

// The life of a row; (v) is a phase that waits for verification. Every store
// of rows makes these changes, and no others, to a copy of the row: what it
// then writes is the whole row.
//
//	pending ──Claimed──▶ claimed ──Finished──▶ success | fail | skip
//	   ▲                    │                           │      │
//	   ├──Retry, Release────┤ before posting, or Verify │      │
//	   ├──Unseen────────────┤ from posting on pending(v)│      │
//	   ├──Absent────────────┤ at posting                │      │
//	   ├──Freed─────────────┘ before posting;           │      │
//	   │                      from posting on pending(v)│      │
//	   └──Requeued──────────────────────────────────────┴──────┘

// MaxDeaths is how many workers may die on one row: it is then the row that
// kills them, and it fails.
const MaxDeaths = 3

// Token is what makes the claim on the row unlike any other: nobody else has
// the worker's id while it lives, and a row's time never stands still.
func (r *Row) Token() string { return r.WorkerID + "@" + FormatTime(r.Time) }

// Verify reports whether the row is pending and its next claim has to find out
// what became of an earlier attempt.
func (r *Row) Verify() bool { return r.Status == StatusPending && r.Phase != PhaseNone }

// Unknown reports whether the row failed and nobody can tell if it was posted.
func (r *Row) Unknown() bool {
	return r.Status == StatusFail && strings.HasPrefix(r.Error, UnknownPrefix)
}

// doubtful reports whether the row may have been posted, and nobody knows.
func (r *Row) doubtful() bool { return r.Verify() || r.Unknown() }

// Counts reports whether the ended row is to be counted as a post of its day.
func (r *Row) Counts() bool { return r.Status == StatusSuccess || r.Unknown() }

// HeldBy reports whether c is the claim on the row.
func (r *Row) HeldBy(c Claim) bool { return r.Status == StatusClaimed && r.Token() == c.Token }

// stamp gives the row the time of a change of its status.
func (r *Row) stamp(now time.Time) {
	now = now.UTC().Round(0)
	if !now.After(r.Time) {
		now = r.Time.Add(1) // the clock stood still or went back
	}
	r.Time = now
}

// Claimed returns the row as held by worker, and the claim.
func (r *Row) Claimed(worker string, now time.Time) (Row, Claim) {
	c := Claim{Job: r.Job(), Attempt: r.Attempts + 1, Verify: r.Verify(), Phase: r.Phase, Deaths: r.Deaths}
	next := *r
	next.Status, next.WorkerID = StatusClaimed, worker
	next.stamp(now)
	c.Token = next.Token()
	return next, c
}

// InPhase returns the row with phase p. Its time is that of its status, and stays.
func (r *Row) InPhase(p Phase) (Row, error) {
	if p.rank() < r.Phase.rank() {
		return Row{}, fmt.Errorf("job %d: %w: phase %q after %q", r.ID, ErrImpossible, p, r.Phase)
	}
	next := *r
	next.Phase = p
	return next, nil
}

// Finished returns the row as claim c ends with o, or ErrImpossible.
func (r *Row) Finished(c Claim, o Outcome, now time.Time) (Row, error) {
	if err := r.allows(c, o); err != nil {
		return Row{}, err
	}
	next := *r
	next.Status, next.Error = o.status, o.text(r.Error)
	if o.attempt {
		next.Attempts++
	}
	if o.status != StatusPending || o.absent {
		next.Phase = PhaseNone
	}
	if o.status == StatusPending {
		next.WorkerID, next.NotBefore = "", o.after.UTC().Round(0)
	}
	next.stamp(now)
	return next, nil
}

// allows is the table of what may end a claim. The phase decides, for from
// PhasePosting on the row must not go back as if nothing had happened.
func (r *Row) allows(c Claim, o Outcome) error {
	switch {
	case o.status == "":
		return fmt.Errorf("job %d: %w: empty outcome", r.ID, ErrImpossible)
	case o.absent && r.Phase != PhasePosting,
		o.unseen && r.Phase == PhaseNone,
		o.status == StatusPending && !o.absent && !o.unseen && r.Phase != PhaseNone && !c.Verify,
		o.status == StatusSkip && r.Phase != PhaseNone:
		return fmt.Errorf("job %d: %w: %s from phase %q", r.ID, ErrImpossible, o.status, r.Phase)
	}
	return nil
}

// Freed returns the row as it is once its worker is known to be dead.
func (r *Row) Freed(now time.Time) (Row, Rescued) {
	next := *r
	next.Deaths++
	switch {
	case next.Deaths < MaxDeaths:
		next.Status, next.WorkerID = StatusPending, ""
	default:
		next.Status, next.Error, next.Phase = StatusFail, deathsText(r.Phase, next.Deaths), PhaseNone
	}
	next.stamp(now)
	return next, Rescued{ID: r.ID, WorkerID: r.WorkerID, Phase: r.Phase, Status: next.Status}
}

func deathsText(p Phase, deaths int) string {
	text := fmt.Sprintf("%d workers died while they held this job", deaths)
	if p != PhaseNone {
		return UnknownPrefix + text
	}
	return text
}

// Skipped returns the row as a person, or the failure of its account, ends it.
func (r *Row) Skipped(reason string, checked bool, now time.Time) (Row, error) {
	if r.Status != StatusPending && r.Status != StatusFail || r.doubtful() && !checked {
		return Row{}, fmt.Errorf("job %d: %w: %s", r.ID, ErrImpossible, r.why("skipped"))
	}
	next := *r
	next.Status, next.Error, next.Phase = StatusSkip, cleanText(reason), PhaseNone
	next.stamp(now)
	return next, nil
}

// Requeued returns the row as a person makes it pending. Attempts are kept, so
// that the next one has a number, and artifacts, of its own.
func (r *Row) Requeued(checked bool, now time.Time) (Row, error) {
	switch {
	case r.Status == StatusClaimed, r.Status == StatusSuccess, r.doubtful() && !checked:
		return Row{}, fmt.Errorf("job %d: %w: %s", r.ID, ErrImpossible, r.why("requeued"))
	case r.Status == StatusPending && !r.doubtful():
		return *r, nil
	}
	next := *r
	next.Status, next.WorkerID, next.Error = StatusPending, "", ""
	next.Phase, next.NotBefore, next.Deaths = PhaseNone, time.Time{}, 0
	next.stamp(now)
	return next, nil
}

// why says why the row cannot be skipped or requeued.
func (r *Row) why(verb string) string {
	switch {
	case r.Status == StatusClaimed:
		return "worker " + r.WorkerID + " is at it; it can be " + verb + " when the claim has ended"
	case r.Status == StatusSuccess:
		return "it was posted; to post it once more, add a row to the jobs file"
	case r.Verify():
		return "it may have been posted, and the next claim finds out"
	case r.Unknown():
		return "it may have been posted: look at the account's profile first"
	}
	return "it is " + string(r.Status)
}

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

// text is what the row's error becomes, before being what it is.
func (o Outcome) text(before string) string {
	if o.status == StatusPending && !o.attempt {
		return before // an interruption says nothing about the job
	}
	return cleanText(o.reason)
}

func cleanText(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\ufffd"), "\x00", "")
}

// FormatTime is how the ledger writes a time: RFC 3339 in UTC, "" for none.
func FormatTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339Nano)
}

// ParseTime reads what FormatTime wrote, and no time that could not be written.
func ParseTime(s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	t, err := time.Parse(time.RFC3339Nano, s)
	t = t.UTC()
	if year := t.Year(); err == nil && (year < 0 || year > 9999) {
		err = fmt.Errorf("%s is in year %d of UTC", s, year)
	}
	return t, err
}

// Doubted returns the row as it is when the ledger lost what became of it: if
// it can still be claimed, its next claim verifies.
func (r *Row) Doubted() Row {
	next := *r
	if (r.Status == StatusPending || r.Status == StatusClaimed) && r.Phase == PhaseNone {
		next.Phase = PhasePosting
	}
	return next
}
