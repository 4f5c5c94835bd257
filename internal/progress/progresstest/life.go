package progresstest

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"testing"

	"postfleet/internal/fault"
	"postfleet/internal/progress"
)

func testJoin(t *testing.T, f *fixture) {
	t.Helper()
	f.seed(t, "a")
	m := f.join(t, "0")
	_, err := f.Join(t.Context(), "0")
	want(t, err, progress.ErrAlive)
	_, err = f.handle(t).Join(t.Context(), "0")
	want(t, err, progress.ErrAlive)
	f.join(t, "1")
	must(t, m.Leave())
	must(t, m.Leave())
	_, err = m.Claim(t.Context(), progress.Terms{})
	want(t, err, progress.ErrClosed)
	f.join(t, "0")
	for _, id := range []string{"", "a/b"} {
		if _, err := f.Join(t.Context(), id); !fault.Is(err, fault.Input) {
			t.Errorf("id %q: got %v, want class input", id, err)
		}
	}
}

func testJoinRescues(t *testing.T, f *fixture) {
	t.Helper()
	f.seed(t, "a", "b")
	other := claim(t, f.join(t, "1"), progress.Terms{})
	m := f.join(t, "0")
	lost := claim(t, m, progress.Terms{})
	must(t, m.Leave())
	m = f.join(t, "0")
	same(t, progress.StatusPending, f.row(t, lost.Job.ID).Status)
	same(t, progress.StatusClaimed, f.row(t, other.Job.ID).Status)
	same(t, lost.Job.ID, claim(t, m, progress.Terms{}).Job.ID)
	want(t, m.Finish(t.Context(), lost, progress.Success()), progress.ErrLostClaim)
}

func testRescue(t *testing.T, f *fixture) {
	t.Helper()
	for phase, verify := range map[progress.Phase]bool{
		progress.PhaseNone: false, progress.PhasePosting: true, progress.PhasePosted: true,
	} {
		t.Run("phase "+string(phase), func(t *testing.T) {
			f := f.another(t)
			f.seed(t, "a")
			f.died(t, 1, phase)
			same(t, progress.StatusClaimed, f.row(t, 1).Status)
			freed, err := f.Rescue(t.Context())
			must(t, err)
			same(t, []progress.Rescued{{ID: 1, WorkerID: "dies", Phase: phase, Status: progress.StatusPending}}, freed)
			row := f.row(t, 1)
			same(t, progress.StatusPending, row.Status)
			same(t, "", row.WorkerID)
			same(t, phase, row.Phase)
			same(t, 0, row.Attempts)
			c := claim(t, f.join(t, "0"), progress.Terms{})
			same(t, verify, c.Verify)
			same(t, phase, c.Phase)
			same(t, 1, c.Attempt)
		})
	}
}

func testRescueSparesTheLiving(t *testing.T, f *fixture) {
	t.Helper()
	f.seed(t, "a")
	m := f.join(t, "0")
	c := claim(t, m, progress.Terms{})
	freed, err := f.handle(t).Rescue(t.Context())
	must(t, err)
	same(t, 0, len(freed))
	must(t, m.Finish(t.Context(), c, progress.Success()))
}

// testUnseeded: a ledger that is not there is never "no jobs, all done".
func testUnseeded(t *testing.T, f *fixture) {
	t.Helper()
	rows, err := f.Snapshot(t.Context())
	must(t, err)
	same(t, 0, len(rows))
	freed, err := f.Rescue(t.Context())
	must(t, err)
	same(t, 0, len(freed))
	if _, err := f.Join(t.Context(), "0"); !fault.Is(err, fault.Ledger) {
		t.Errorf("got %v, want class ledger", err)
	}
}

func testClosed(t *testing.T, f *fixture) {
	t.Helper()
	f.seed(t, "a")
	l := f.handle(t)
	m, err := l.Join(t.Context(), "0")
	must(t, err)
	_, err = m.Claim(t.Context(), progress.Terms{})
	must(t, err)
	must(t, l.Close())
	must(t, l.Close())
	_, err = l.Snapshot(t.Context())
	want(t, err, progress.ErrClosed)
	_, err = l.Join(t.Context(), "1")
	want(t, err, progress.ErrClosed)
	same(t, progress.StatusClaimed, f.row(t, 1).Status) // the claim outlives it
	f.join(t, "0")                                      // the liveness lock does not
}

func testCancelled(t *testing.T, f *fixture) {
	t.Helper()
	f.seed(t, "a")
	m := f.join(t, "0")
	_, err := m.Claim(cancelled(t), progress.Terms{})
	want(t, err, context.Canceled)
	same(t, progress.StatusPending, f.row(t, 1).Status)
}

func testContention(t *testing.T, f *fixture) {
	t.Helper()
	const rows, workers = 40, 4
	var accounts []string
	for i := range rows {
		accounts = append(accounts, strconv.Itoa(i))
	}
	f.seed(t, accounts...)
	var mu sync.Mutex
	got := make(map[int]int)
	var wg sync.WaitGroup
	for n := range workers {
		m, err := f.handle(t).Join(t.Context(), strconv.Itoa(n))
		must(t, err)
		wg.Go(func() {
			for {
				c, err := m.Claim(t.Context(), progress.Terms{})
				switch {
				case errors.Is(err, progress.ErrNothingLeft), errors.Is(err, progress.ErrNothingNow):
					return
				case err != nil:
					t.Error(err)
					return
				}
				mu.Lock()
				got[c.Job.ID]++
				mu.Unlock()
				if err := m.Finish(t.Context(), c, progress.Success()); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	for id := 1; id <= rows; id++ {
		same(t, 1, got[id])
		same(t, progress.StatusSuccess, f.row(t, id).Status)
	}
}
