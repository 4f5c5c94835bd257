package progresstest

import (
	"testing"
	"time"

	"postfleet/internal/progress"
)

func testOrder(t *testing.T, f *fixture) {
	t.Helper()
	f.seed(t, "a", "b", "c")
	m := f.join(t, "7")
	for id := 1; id <= 3; id++ {
		f.pass(time.Second)
		c := claim(t, m, progress.Terms{})
		same(t, progress.Claim{Job: posts("a", "b", "c")[id-1], Attempt: 1, Token: c.Token}, c)
		row := f.row(t, id)
		same(t, progress.StatusClaimed, row.Status)
		same(t, "7", row.WorkerID)
		same(t, f.now(), row.Time)
		same(t, 0, row.Attempts)
	}
}

func testAccountBusy(t *testing.T, f *fixture) {
	t.Helper()
	f.seed(t, "a", "a", "b")
	m, other := f.join(t, "0"), f.join(t, "1")
	first := claim(t, m, progress.Terms{})
	same(t, 3, claim(t, other, progress.Terms{}).Job.ID)
	_, err := other.Claim(t.Context(), progress.Terms{})
	want(t, err, progress.ErrNothingNow)
	must(t, m.Finish(t.Context(), first, progress.Success()))
	same(t, 2, claim(t, other, progress.Terms{}).Job.ID)
}

func testPinning(t *testing.T, f *fixture) {
	t.Helper()
	f.seed(t, "free", "mine", "theirs")
	m := f.join(t, "0")
	open := progress.Terms{Reserved: []string{"mine", "theirs"}}
	pinned := progress.Terms{Only: []string{"mine"}, Reserved: []string{"mine"}}
	same(t, 2, claim(t, m, pinned).Job.ID)
	same(t, 1, claim(t, m, open).Job.ID)
	_, err := m.Claim(t.Context(), progress.Terms{Reserved: []string{"free", "mine", "theirs"}})
	want(t, err, progress.ErrNothingLeft)
	_, err = m.Claim(t.Context(), progress.Terms{Only: []string{"nobody"}})
	want(t, err, progress.ErrNothingLeft)
}

func testNotBefore(t *testing.T, f *fixture) {
	t.Helper()
	f.seed(t, "a")
	m := f.join(t, "0")
	must(t, m.Finish(t.Context(), claim(t, m, progress.Terms{}), progress.Retry("busy", f.now().Add(time.Minute))))
	f.pass(time.Minute - 1)
	_, err := m.Claim(t.Context(), progress.Terms{})
	want(t, err, progress.ErrNothingNow)
	f.pass(1)
	same(t, 2, claim(t, m, progress.Terms{}).Attempt)
}

func testDailyCap(t *testing.T, f *fixture) {
	t.Helper()
	f.seed(t, "a", "a", "a", "b", "b")
	m := f.join(t, "0")
	terms := progress.Terms{DailyCap: 1}
	finish := func(id int, o progress.Outcome) {
		t.Helper()
		c := claim(t, m, terms)
		same(t, id, c.Job.ID)
		must(t, m.Finish(t.Context(), c, o))
	}
	finish(1, progress.Fail("a failed post is none"))
	finish(2, progress.Success())
	finish(4, progress.Unknown("perhaps posted counts as posted"))
	_, err := m.Claim(t.Context(), terms)
	want(t, err, progress.ErrNothingLeft)
	f.pass(12 * time.Hour)
	finish(3, progress.Success())
	finish(5, progress.Success())
}

func testDailyCapZone(t *testing.T, f *fixture) {
	t.Helper()
	f.seed(t, "a", "a")
	m := f.join(t, "0")
	zone := time.FixedZone("west", -13*3600) // there it is 23:00 of the day before
	terms := progress.Terms{DailyCap: 1, Location: zone}
	must(t, m.Finish(t.Context(), claim(t, m, terms), progress.Success()))
	_, err := m.Claim(t.Context(), terms)
	want(t, err, progress.ErrNothingLeft)
	f.pass(time.Hour)
	same(t, 2, claim(t, m, terms).Job.ID)
}

func testVerifyFirst(t *testing.T, f *fixture) {
	t.Helper()
	f.seed(t, "a", "a", "a", "b")
	m := f.join(t, "0")
	must(t, m.Finish(t.Context(), claim(t, m, progress.Terms{}), progress.Retry("later", f.now().Add(time.Hour))))
	f.died(t, 2, progress.PhasePosting)
	_, err := f.Rescue(t.Context())
	must(t, err)
	f.pass(time.Hour)
	// Row 1 comes first in the file, but a post of its own would push row 2's
	// down the profile before anyone has looked for it.
	c := claim(t, m, progress.Terms{DailyCap: 1})
	same(t, 2, c.Job.ID)
	same(t, true, c.Verify)
	same(t, progress.PhasePosting, c.Phase)
	same(t, 4, claim(t, m, progress.Terms{}).Job.ID)
	must(t, m.Finish(t.Context(), c, progress.Absent("not there", f.now())))
	same(t, progress.Claim{Job: posts("a")[0], Attempt: 2}, withoutToken(claim(t, m, progress.Terms{})))
}

func withoutToken(c progress.Claim) progress.Claim {
	c.Token = ""
	return c
}

func testNothingLeft(t *testing.T, f *fixture) {
	t.Helper()
	f.seed(t, "a")
	m, other := f.join(t, "0"), f.join(t, "1")
	c := claim(t, m, progress.Terms{})
	_, err := other.Claim(t.Context(), progress.Terms{})
	want(t, err, progress.ErrNothingNow) // it may come back
	must(t, m.Finish(t.Context(), c, progress.Success()))
	_, err = other.Claim(t.Context(), progress.Terms{})
	want(t, err, progress.ErrNothingLeft)
}
