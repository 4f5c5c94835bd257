package ledgerproof

import (
	"cmp"
	"math"
	"slices"

	"postfleet/internal/progress"
)

// hold is a claim and the time for which its worker certainly had it: from
// when it was returned until the worker began to give it back or was about to
// be killed. The ledger knows it as held for longer.
type hold struct {
	job        int
	account    string
	token      string
	from, till int64
	// finishing and finished are when Finish was called and returned, 0 when it
	// did not.
	finishing, finished int64
	success             bool
}

// holdsOf reads the claims from a life's record, and what is wrong in it.
func (f *Findings) holdsOf(l life, rows []progress.Row) []hold {
	var holds []hold
	var under event
	for _, e := range l.Events {
		if e.Call != nil {
			under = e
			if c := e.Call; c.Op == opFinish {
				last := &holds[len(holds)-1]
				last.finishing, last.till = e.At, min(last.till, e.At)
			}
			continue
		}
		switch under.Call.Op {
		case opClaim:
			if e.Answer.Token != "" {
				holds = append(holds, newHold(e, l, rows))
			}
		case opStale:
			f.StaleTries++
			if e.Answer.Answer != answerLost {
				f.problem(&f.StaleCompletions, "worker %s, life %d, used the old claim %s on job %d: answered %q",
					l.Worker, l.Number, under.Call.Token, under.Call.Job, e.Answer.Answer)
			}
		case opPhase, opFinish:
			last := &holds[len(holds)-1]
			if e.Answer.Answer != answerOK {
				last.till = min(last.till, e.At)
				f.problem(&f.RobbedLiving, "worker %s, life %d, had job %d, and its %s was answered %q",
					l.Worker, l.Number, last.job, under.Call.Op, e.Answer.Answer)
			} else if under.Call.Op == opFinish {
				last.finished, last.success = e.At, under.Call.Outcome == outcomeSuccess
			}
		}
	}
	return holds
}

func newHold(e event, l life, rows []progress.Row) hold {
	h := hold{job: e.Answer.Job, token: e.Answer.Token, from: e.At, till: math.MaxInt64}
	if h.job > 0 && h.job <= len(rows) {
		h.account = rows[h.job-1].Account
	}
	if l.KilledAt != 0 {
		h.till = l.KilledAt
	}
	return h
}

func (f *Findings) judgeHolds(holds []hold) {
	for _, same := range grouped(holds, func(h hold) int { return h.job }) {
		overlaps(same, func(a, b hold) {
			f.problem(&f.ClaimedTwice, "job %d was claimed as %s while %s held it", a.job, b.token, a.token)
		})
		f.judgeEnds(same)
	}
	for account, same := range grouped(holds, func(h hold) string { return h.account }) {
		if account == "" {
			continue // of a run without an end the rows are not known
		}
		overlaps(same, func(a, b hold) {
			if a.job == b.job {
				return
			}
			f.problem(&f.AccountsTwice, "job %d was claimed while job %d of the same account was", b.job, a.job)
		})
	}
}

// judgeEnds looks at the claims on one job, in the order they were made in.
func (f *Findings) judgeEnds(same []hold) {
	for i, h := range same {
		if h.finished == 0 {
			continue
		}
		for _, later := range same[i+1:] {
			if later.from < h.finishing {
				f.problem(&f.StaleCompletions, "job %d was ended by %s, after %s was made", h.job, h.token, later.token)
			}
			if h.success && later.from > h.finished {
				f.problem(&f.ClaimedAfter, "job %d was claimed as %s after its success", h.job, later.token)
			}
		}
	}
}

// grouped returns the holds with the same key, each group by time.
func grouped[K comparable](holds []hold, key func(hold) K) map[K][]hold {
	groups := make(map[K][]hold)
	for _, h := range holds {
		groups[key(h)] = append(groups[key(h)], h)
	}
	for _, g := range groups {
		slices.SortFunc(g, func(a, b hold) int { return cmp.Compare(a.from, b.from) })
	}
	return groups
}

// overlaps calls fn for each hold that begins before one that began earlier ended.
func overlaps(byTime []hold, fn func(earlier, later hold)) {
	var longest hold
	for _, h := range byTime {
		if h.from < longest.till && h.from < h.till {
			fn(longest, h)
		}
		if h.till > longest.till {
			longest = h
		}
	}
}
