package progresstest

import (
	"testing"
	"time"

	"postfleet/internal/progress"
)

// attempt is a claim brought to a phase, and perhaps one that verifies.
func (f *fixture) attempt(t *testing.T, phase progress.Phase, verify bool) (progress.Member, progress.Claim) {
	t.Helper()
	f.seed(t, "a", "a", "b")
	if verify {
		f.died(t, 1, phase)
		_, err := f.Rescue(t.Context())
		must(t, err)
	}
	m := f.join(t, "0")
	c := claim(t, m, progress.Terms{})
	if !verify {
		must(t, m.SetPhase(t.Context(), c, phase))
	}
	return m, c
}

func testOutcomes(t *testing.T, f *fixture) {
	t.Helper()
	later := f.now().Add(time.Hour)
	success, pending := progress.StatusSuccess, progress.StatusPending
	fail, skip := progress.StatusFail, progress.StatusSkip
	row := func(s progress.Status, worker, reason string, attempts int) progress.Row {
		return progress.Row{Status: s, WorkerID: worker, Error: reason, Attempts: attempts}
	}
	back := func(reason string, attempts int, p progress.Phase, notBefore time.Time) progress.Row {
		r := row(pending, "", reason, attempts)
		r.Phase, r.NotBefore = p, notBefore
		return r
	}
	none, posting := progress.PhaseNone, progress.PhasePosting
	for name, tt := range map[string]struct {
		phase   progress.Phase
		verify  bool
		outcome progress.Outcome
		want    progress.Row
	}{
		"success":        {posting, false, progress.Success(), row(success, "0", "", 1)},
		"fail":           {none, false, progress.Fail("no"), row(fail, "0", "no", 1)},
		"fail posting":   {posting, false, progress.Fail("refused"), row(fail, "0", "refused", 1)},
		"skip":           {none, false, progress.Skip("no video"), row(skip, "0", "no video", 0)},
		"unknown":        {posting, false, progress.Unknown("?"), row(fail, "0", "outcome unknown: ?", 1)},
		"retry":          {none, false, progress.Retry("x", later), back("x", 1, none, later)},
		"release":        {none, false, progress.Release(), back("", 0, none, time.Time{})},
		"absent":         {posting, false, progress.Absent("x", later), back("x", 1, none, later)},
		"absent verify":  {posting, true, progress.Absent("x", later), back("x", 1, none, later)},
		"unseen":         {posting, false, progress.Unseen("x", later), back("x", 1, posting, later)},
		"unseen verify":  {posting, true, progress.Unseen("x", later), back("x", 1, posting, later)},
		"release verify": {posting, true, progress.Release(), back("", 0, posting, time.Time{})},
		"retry verify":   {posting, true, progress.Retry("x", later), back("x", 1, posting, later)},
		"posted verify":  {progress.PhasePosted, true, progress.Success(), row(success, "0", "", 1)},
	} {
		t.Run(name, func(t *testing.T) {
			f := f.another(t)
			m, c := f.attempt(t, tt.phase, tt.verify)
			f.pass(time.Second)
			must(t, m.Finish(t.Context(), c, tt.outcome))
			w := tt.want
			if tt.verify {
				w.Deaths = 1
			}
			w.ID, w.Account, w.Video, w.Caption, w.Time = 1, "a", "v1.mp4", "post 1", f.now()
			same(t, w, f.row(t, 1))
		})
	}
}

func testRefused(t *testing.T, f *fixture) {
	t.Helper()
	none, posting, posted := progress.PhaseNone, progress.PhasePosting, progress.PhasePosted
	for name, tt := range map[string]struct {
		phase   progress.Phase
		verify  bool
		outcome progress.Outcome
	}{
		"nothing":         {none, false, progress.Outcome{}},
		"retry posting":   {posting, false, progress.Retry("x", time.Time{})},
		"retry posted":    {posted, false, progress.Retry("x", time.Time{})},
		"release posting": {posting, false, progress.Release()},
		"skip posting":    {posting, false, progress.Skip("x")},
		"skip verify":     {posting, true, progress.Skip("x")},
		"absent none":     {none, false, progress.Absent("x", time.Time{})},
		"unseen none":     {none, false, progress.Unseen("x", time.Time{})},
		"absent posted":   {posted, false, progress.Absent("x", time.Time{})},
		"absent seen":     {posted, true, progress.Absent("x", time.Time{})},
	} {
		t.Run(name, func(t *testing.T) {
			f := f.another(t)
			m, c := f.attempt(t, tt.phase, tt.verify)
			before := f.row(t, 1)
			want(t, m.Finish(t.Context(), c, tt.outcome), progress.ErrImpossible)
			same(t, before, f.row(t, 1))
		})
	}
}

func testFailAccount(t *testing.T, f *fixture) {
	t.Helper()
	f.seed(t, "a", "a", "b", "a")
	f.died(t, 1, progress.PhasePosting)
	_, err := f.Rescue(t.Context())
	must(t, err)
	m := f.join(t, "0")
	verify := claim(t, m, progress.Terms{})
	must(t, m.Finish(t.Context(), verify, progress.Absent("not there", f.now())))
	c := claim(t, m, progress.Terms{})
	must(t, m.Finish(t.Context(), c, progress.FailAccount("logged out")))
	rows, err := f.Snapshot(t.Context())
	must(t, err)
	for i, w := range []progress.Status{
		progress.StatusFail, progress.StatusSkip, progress.StatusPending, progress.StatusSkip,
	} {
		same(t, w, rows[i].Status)
	}
	same(t, "logged out", rows[1].Error)
	same(t, 0, rows[1].Attempts)
}

func testPhases(t *testing.T, f *fixture) {
	t.Helper()
	f.seed(t, "a")
	m := f.join(t, "0")
	c := claim(t, m, progress.Terms{})
	claimed := f.row(t, 1)
	f.pass(time.Minute)
	for _, p := range []progress.Phase{progress.PhasePosting, progress.PhasePosting, progress.PhasePosted} {
		must(t, m.SetPhase(t.Context(), c, p))
		claimed.Phase = p
		same(t, claimed, f.row(t, 1)) // its time too: the status did not change
	}
	want(t, m.SetPhase(t.Context(), c, progress.PhasePosting), progress.ErrImpossible)
	want(t, m.SetPhase(t.Context(), c, progress.PhaseNone), progress.ErrImpossible)
	same(t, claimed, f.row(t, 1))
	must(t, m.Finish(t.Context(), c, progress.Success()))
}

func testStale(t *testing.T, f *fixture) {
	t.Helper()
	f.seed(t, "a")
	m := f.join(t, "0")
	first := claim(t, m, progress.Terms{})
	must(t, m.Finish(t.Context(), first, progress.Retry("again", f.now())))
	second := claim(t, m, progress.Terms{}) // same worker, and the clock stood still
	want(t, m.SetPhase(t.Context(), first, progress.PhasePosting), progress.ErrLostClaim)
	want(t, m.Finish(t.Context(), first, progress.Success()), progress.ErrLostClaim)
	want(t, m.Finish(t.Context(), progress.Claim{}, progress.Success()), progress.ErrLostClaim)
	second.Job.ID = 99
	want(t, m.Finish(t.Context(), second, progress.Success()), progress.ErrLostClaim)
	same(t, progress.StatusClaimed, f.row(t, 1).Status)
}

func testFinishTwice(t *testing.T, f *fixture) {
	t.Helper()
	f.seed(t, "a", "b")
	m, other := f.join(t, "0"), f.join(t, "1")
	c := claim(t, m, progress.Terms{})
	again := progress.Retry("again", f.now())
	must(t, m.Finish(t.Context(), c, again))
	same(t, 1, claim(t, other, progress.Terms{}).Job.ID)
	must(t, m.Finish(t.Context(), c, again))
	same(t, "1", f.row(t, 1).WorkerID)
	same(t, 1, f.row(t, 1).Attempts)
	want(t, m.Finish(t.Context(), c, progress.Success()), progress.ErrLostClaim)
}
