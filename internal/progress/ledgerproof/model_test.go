package ledgerproof

import (
	"fmt"
	"slices"

	"postfleet/internal/progress"
)

// The model is one account's rows. An operation on the whole ledger is seen by
// each account: a claim that went to another account says that this one had
// nothing to give that comes before it in the file. So a history is split by
// accounts, and what accounts share is checked all the same, but for one
// thing: that nothing now, instead of nothing left, had its reason somewhere.
// A history that is legal as a whole is legal for each account, so what is
// found illegal is.
//
// It is written from the contract in package progress, not from its code.
const (
	accounts       = 8
	rowsPerAccount = 3
	historyRows    = accounts * rowsPerAccount
	historyWorkers = 4
)

// Job n is of account (n-1) % accounts: the file goes round the accounts.
func accountOf(job int) int { return (job - 1) % accounts }
func placeOf(job int) int   { return (job - 1) / accounts }

// modelRow is a row. Phases count from 0.
type modelRow struct {
	status   progress.Status
	phase    int
	attempts int
	deaths   int
	unknown  bool // failed, and may have been posted
	// The claim: who holds it in which of its lives, and was told to verify.
	// The token is empty when nobody was told, because the call never returned.
	worker, life int
	verify       bool
	token        string
}

// model is the state of one account. dead is, for each worker, the last of its
// lives that has ended: lives of one worker follow on each other.
type model struct {
	account int
	rows    [rowsPerAccount]modelRow
	dead    [historyWorkers]int
}

func newModel(account int) model {
	m := model{account: account}
	for i := range m.rows {
		m.rows[i].status = progress.StatusPending
	}
	return m
}

// input is a call, by a life of a worker. account is whose view of it this is.
type input struct {
	call

	account      int
	worker, life int
	// unanswered is set when the process was killed in it: it took effect before
	// the end of the process, or never.
	unanswered bool
}

// opDie is the end of a life as far as the ledger can know: its liveness lock
// is free, because it left or because the kernel ended it.
const opDie = "die"

// step returns the states that the operation may lead to; none is illegal.
func step(m model, in input, out answer) []model {
	if in.Op == opDie {
		m.dead[in.worker] = in.life
		return []model{m}
	}
	var next []model
	if in.unanswered {
		next = append(next, m) // never
	}
	if m.dead[in.worker] >= in.life {
		return next // the dead do nothing
	}
	after, want := m.effect(in, out)
	if in.unanswered || same(in, want, out, m.account) {
		next = append(next, after)
	}
	return next
}

// effect returns the state after the operation, and what it is to answer.
func (m model) effect(in input, out answer) (model, answer) {
	switch in.Op {
	case opJoin:
		m, _ = m.free(func(r *modelRow) bool { return r.worker == in.worker })
		return m, answer{}
	case opClaim:
		return m.claim(in, out)
	case opPhase:
		return m.setPhase(in)
	case opFinish:
		return m.finish(in)
	case opRescue:
		after, freed := m.free(func(r *modelRow) bool { return m.dead[r.worker] >= r.life })
		return after, answer{Freed: freed}
	case opRequeue:
		return m.requeue(in)
	case opSnapshot:
		return m, answer{Rows: m.snapshot()}
	}
	panic("no operation " + in.Op)
}

// jobOf is the job at a place among the account's rows.
func (m model) jobOf(place int) int { return place*accounts + m.account + 1 }

// free puts back what dead workers hold.
func (m model) free(dead func(*modelRow) bool) (model, []progress.Rescued) {
	var freed []progress.Rescued
	for i := range m.rows {
		r := &m.rows[i]
		if r.status != progress.StatusClaimed || !dead(r) {
			continue
		}
		what := progress.Rescued{
			ID: m.jobOf(i), WorkerID: fmt.Sprint(r.worker), Phase: phases()[r.phase], Status: progress.StatusPending,
		}
		*r = modelRow{status: progress.StatusPending, phase: r.phase, attempts: r.attempts, deaths: r.deaths + 1}
		if r.deaths == 3 {
			what.Status = progress.StatusFail
			r.status, r.unknown, r.phase = progress.StatusFail, r.phase > 0, 0
		}
		freed = append(freed, what)
	}
	return m, freed
}

// candidate is the place of the row that may be claimed: none while another is,
// and one to verify before all others.
func (m model) candidate() (place int, ok bool) {
	place = -1
	for i, r := range m.rows {
		switch {
		case r.status == progress.StatusClaimed:
			return 0, false
		case r.status != progress.StatusPending:
		case r.phase > 0 && (place < 0 || m.rows[place].phase == 0), place < 0:
			place = i
		}
	}
	return place, place >= 0
}

// claim is what the account makes of a claim. That another account has a row
// that comes before is not known here, so what it answers is taken from there.
func (m model) claim(in input, out answer) (model, answer) {
	place, ok := m.candidate()
	if in.unanswered {
		if ok {
			m.hold(place, in, "")
		}
		return m, answer{}
	}
	if out.Job == 0 || accountOf(out.Job) != m.account {
		open := slices.ContainsFunc(m.rows[:], func(r modelRow) bool {
			return r.status == progress.StatusPending || r.status == progress.StatusClaimed
		})
		if ok && (out.Job == 0 || m.jobOf(place) < out.Job) || open && out.Answer == answerLeft {
			return m, answer{Answer: "a job of this account"}
		}
		return m, out
	}
	if !ok {
		return m, answer{Answer: answerNow}
	}
	r := m.rows[place]
	want := answer{
		Job: m.jobOf(place), Attempt: r.attempts + 1, Verify: r.phase > 0, Phase: phases()[r.phase], Token: out.Token,
	}
	m.hold(place, in, out.Token)
	return m, want
}

func (m *model) hold(place int, in input, token string) {
	r := &m.rows[place]
	r.status, r.verify = progress.StatusClaimed, r.phase > 0
	r.worker, r.life, r.token = in.worker, in.life, token
}

// held returns the row that the input's claim holds, nil for none.
func (m *model) held(in input) *modelRow {
	r := &m.rows[placeOf(in.Job)]
	if r.status == progress.StatusClaimed && r.token == in.Token {
		return r
	}
	return nil
}

func (m model) setPhase(in input) (model, answer) {
	before := m
	r, to := m.held(in), slices.Index(phases(), in.Phase)
	switch {
	case r == nil:
		return before, answer{Answer: answerLost}
	case to < r.phase:
		return before, answer{Answer: answerImpossible}
	}
	r.phase = to
	return m, answer{}
}

func (m model) finish(in input) (model, answer) {
	before := m
	if in.Repeat {
		return before, answer{}
	}
	r := m.held(in)
	switch {
	case r == nil:
		return before, answer{Answer: answerLost}
	case !r.mayEnd(in.Outcome):
		return before, answer{Answer: answerImpossible}
	}
	next := modelRow{phase: r.phase, attempts: r.attempts + 1, deaths: r.deaths}
	switch in.Outcome {
	case outcomeSuccess:
		next.status, next.phase = progress.StatusSuccess, 0
	case outcomeFail, outcomeFailAccount:
		next.status, next.phase = progress.StatusFail, 0
	case outcomeUnknown:
		next.status, next.phase, next.unknown = progress.StatusFail, 0, true
	case outcomeSkip:
		next.status, next.phase, next.attempts = progress.StatusSkip, 0, r.attempts
	case outcomeRetry:
		next.status = progress.StatusPending
	case outcomeRelease:
		next.status, next.attempts = progress.StatusPending, r.attempts
	case outcomeAbsent:
		next.status, next.phase = progress.StatusPending, 0
	}
	*r = next
	if in.Outcome == outcomeFailAccount {
		m.skipRest()
	}
	return m, answer{}
}

// mayEnd is what the phase allows.
func (r *modelRow) mayEnd(outcome string) bool {
	switch outcome {
	case outcomeAbsent:
		return r.phase == 1
	case outcomeRetry, outcomeRelease:
		return r.phase == 0 || r.verify
	case outcomeSkip:
		return r.phase == 0
	}
	return true
}

func (m *model) skipRest() {
	for i := range m.rows {
		if r := &m.rows[i]; r.status == progress.StatusPending && r.phase == 0 {
			r.status = progress.StatusSkip
		}
	}
}

func (m model) requeue(in input) (model, answer) {
	before := m
	r := &m.rows[placeOf(in.Job)]
	doubtful := r.unknown || r.status == progress.StatusPending && r.phase > 0
	switch {
	case r.status == progress.StatusClaimed, r.status == progress.StatusSuccess, doubtful && !in.Checked:
		return before, answer{Answer: answerImpossible}
	case r.status == progress.StatusPending && !doubtful:
		return before, answer{}
	}
	*r = modelRow{status: progress.StatusPending, attempts: r.attempts}
	return m, answer{}
}

func phases() []progress.Phase {
	return []progress.Phase{progress.PhaseNone, progress.PhasePosting, progress.PhasePosted}
}
