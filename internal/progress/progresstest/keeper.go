package progresstest

import (
	"testing"
	"time"

	"postfleet/internal/progress"
)

// testDeaths: a job that kills its workers is not run for ever, and what may
// have been posted is never simply a failure.
func testDeaths(t *testing.T, f *fixture) {
	t.Helper()
	for phase, w := range map[progress.Phase]string{
		progress.PhaseNone:    "3 workers died while they held this job",
		progress.PhasePosting: "outcome unknown: 3 workers died while they held this job",
	} {
		t.Run("phase "+string(phase), func(t *testing.T) {
			f := f.another(t)
			f.seed(t, "a", "b")
			for n := 1; n <= progress.MaxDeaths; n++ {
				f.died(t, 1, phase)
				freed, err := f.handle(t).Rescue(t.Context()) // counted across processes
				must(t, err)
				same(t, 1, len(freed))
				row := f.row(t, 1)
				same(t, freed[0].Status, row.Status)
				same(t, n, row.Deaths)
				same(t, 0, row.Attempts)
			}
			row := f.row(t, 1)
			same(t, progress.StatusFail, row.Status)
			same(t, w, row.Error)
			same(t, phase != progress.PhaseNone, row.Unknown())
			same(t, 2, claim(t, f.join(t, "0"), progress.Terms{}).Job.ID)
		})
	}
}

// ended makes job 1 what its worker makes of it with o.
func (f *fixture) ended(t *testing.T, phase progress.Phase, o progress.Outcome) {
	t.Helper()
	f.seed(t, "a", "b", "a")
	m := f.join(t, "0")
	c := claim(t, m, progress.Terms{})
	must(t, m.SetPhase(t.Context(), c, phase))
	must(t, m.Finish(t.Context(), c, o))
	must(t, m.Leave())
}

func testRequeue(t *testing.T, f *fixture) {
	t.Helper()
	for name, tt := range map[string]struct {
		outcome progress.Outcome
		phase   progress.Phase
		checked bool
		attempt int
	}{
		"fail":    {progress.Fail("no"), progress.PhaseNone, false, 2},
		"skip":    {progress.Skip("no video"), progress.PhaseNone, false, 1},
		"unknown": {progress.Unknown("?"), progress.PhasePosting, true, 2},
	} {
		t.Run(name, func(t *testing.T) {
			f := f.another(t)
			f.ended(t, tt.phase, tt.outcome)
			f.pass(time.Second)
			must(t, f.Requeue(t.Context(), []int{1, 2}, tt.checked)) // job 2 is pending anyway
			row := f.row(t, 1)
			same(t, progress.Row{
				ID: 1, Account: "a", Video: "v1.mp4", Caption: "post 1",
				Status: progress.StatusPending, Time: f.now(), Attempts: tt.attempt - 1,
			}, row)
			c := claim(t, f.join(t, "0"), progress.Terms{})
			same(t, progress.Claim{Job: row.Job(), Attempt: tt.attempt}, withoutToken(c))
		})
	}
}

func testRequeueRefuses(t *testing.T, f *fixture) {
	t.Helper()
	for name, prepare := range map[string]func(t *testing.T, f *fixture){
		"success": func(t *testing.T, f *fixture) {
			t.Helper()
			f.ended(t, progress.PhasePosting, progress.Success())
		},
		"unknown and not checked": func(t *testing.T, f *fixture) {
			t.Helper()
			f.ended(t, progress.PhasePosting, progress.Unknown("?"))
		},
		"claimed": func(t *testing.T, f *fixture) {
			t.Helper()
			f.seed(t, "a", "b", "a")
			claim(t, f.join(t, "0"), progress.Terms{})
		},
		"waits for verification": func(t *testing.T, f *fixture) {
			t.Helper()
			f.seed(t, "a", "b", "a")
			f.died(t, 1, progress.PhasePosting)
			_, err := f.Rescue(t.Context())
			must(t, err)
		},
	} {
		t.Run(name, func(t *testing.T) {
			f := f.another(t)
			prepare(t, f)
			m := f.join(t, "9")
			must(t, m.Finish(t.Context(), claim(t, m, progress.Terms{Only: []string{"b"}}), progress.Fail("no")))
			before, err := f.Snapshot(t.Context())
			must(t, err)
			want(t, f.Requeue(t.Context(), []int{2, 1}, false), progress.ErrImpossible)
			want(t, f.Requeue(t.Context(), []int{2, 99}, false), progress.ErrImpossible)
			after, err := f.Snapshot(t.Context())
			must(t, err)
			same(t, before, after) // not even job 2, which could be requeued
		})
	}
}

func testSkip(t *testing.T, f *fixture) {
	t.Helper()
	f.ended(t, progress.PhaseNone, progress.Fail("no"))
	must(t, f.Skip(t.Context(), []int{1, 3}, "not needed", false))
	for _, id := range []int{1, 3} {
		row := f.row(t, id)
		same(t, progress.StatusSkip, row.Status)
		same(t, "not needed", row.Error)
	}
	claim(t, f.join(t, "0"), progress.Terms{})
	want(t, f.Skip(t.Context(), []int{2}, "too late", false), progress.ErrImpossible)
	same(t, progress.StatusClaimed, f.row(t, 2).Status)
}

// testSkipChecked: what may have been posted is skipped by one who has looked.
func testSkipChecked(t *testing.T, f *fixture) {
	t.Helper()
	f.ended(t, progress.PhasePosting, progress.Unknown("?"))
	want(t, f.Skip(t.Context(), []int{3, 1}, "it is there", false), progress.ErrImpossible)
	same(t, progress.StatusPending, f.row(t, 3).Status)
	must(t, f.Skip(t.Context(), []int{1}, "it is there", true))
	row := f.row(t, 1)
	same(t, progress.StatusSkip, row.Status)
	same(t, "it is there", row.Error)
	same(t, progress.PhaseNone, row.Phase)
}

func testArchive(t *testing.T, f *fixture) {
	t.Helper()
	f.ended(t, progress.PhasePosting, progress.Success())
	must(t, f.Skip(t.Context(), []int{2, 3}, "not needed", false))
	place, err := f.Archive(t.Context())
	must(t, err)
	if place == "" {
		t.Error("got no place, want to know where it is")
	}
	rows, err := f.Snapshot(t.Context())
	must(t, err)
	same(t, 0, len(rows))
	f.seed(t, "z")
	same(t, "z", claim(t, f.join(t, "0"), progress.Terms{}).Job.Account)
}

func testArchiveRefuses(t *testing.T, f *fixture) {
	t.Helper()
	f.ended(t, progress.PhasePosting, progress.Unknown("?"))
	for _, finish := range []func(){
		func() { must(t, f.Skip(t.Context(), []int{2}, "not needed", false)) },
		func() { must(t, f.Skip(t.Context(), []int{3}, "not needed", false)) },
		func() { must(t, f.Requeue(t.Context(), []int{1}, true)) },
	} {
		before, err := f.Snapshot(t.Context())
		must(t, err)
		_, err = f.Archive(t.Context())
		want(t, err, progress.ErrUnfinished)
		after, err := f.Snapshot(t.Context())
		must(t, err)
		same(t, before, after)
		finish()
	}
	claim(t, f.join(t, "0"), progress.Terms{})
	_, err := f.Archive(t.Context())
	want(t, err, progress.ErrUnfinished)
}
