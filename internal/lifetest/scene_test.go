package lifetest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"postfleet/internal/fault"
	"postfleet/internal/jobs"
	"postfleet/internal/progress"
	"postfleet/internal/progress/fileledger"
)

// scene is one row of the table as it is played.
type scene struct {
	failure
	t     *testing.T
	phone *phone
	dir   string
}

func newScene(t *testing.T, f failure) *scene {
	t.Helper()
	s := &scene{failure: f, t: t, phone: newPhone(t), dir: t.TempDir()}
	all := []jobs.PostJob{
		{ID: 1, Account: "shop_a", Video: "1.mp4", Caption: "one"},
		{ID: 2, Account: "shop_a", Video: "2.mp4", Caption: "two"},
		{ID: 3, Account: "shop_b", Video: "3.mp4", Caption: "three"},
	}
	if f.alone {
		all = all[:1]
	}
	all[0].Account = cmp.Or(f.account, all[0].Account)
	s.must(begin(t.Context(), s.dir, all))
	if f.noVideo {
		s.must(os.Remove(filepath.Join(s.dir, "media", all[0].Video)))
	}
	return s
}

func (s *scene) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// play lets a worker live, and judges what came of it.
func (s *scene) play() {
	s.t.Helper()
	if s.at == looked {
		s.leaveBehind()
	}
	if s.trap != nil {
		s.must(s.trap(s.phone))
	}
	if s.at != shared && s.strike != nil {
		s.must(s.strike(s.phone))
	}
	var once bool
	s.phone.onEvent = func(e event) {
		switch {
		case e.Job != 1:
		case e.What == evTap && s.at == shared && s.strike != nil && !once:
			once = true
			s.must(s.strike(s.phone))
		case e.What == s.over && s.over != "":
			s.phone.App.ClearAll()
			s.phone.change(func(p *phone) { p.blind = false })
		}
	}
	l := &life{Dir: s.dir, Worker: "0", phone: inHand(s.phone)}
	err := l.live(s.t.Context())
	if fault.Is(err, fault.Device) { // five spoiled attempts in a row: its slot makes it anew
		err = l.live(s.t.Context())
	}
	if fault.Of(err) != s.ends {
		s.t.Errorf("the worker ended with %v (%s), want class %s", err, fault.Of(err), s.ends)
	}
	s.judge()
}

// leaveBehind makes job 1 one whose worker died before its share tap, having
// recorded phase posting.
func (s *scene) leaveBehind() {
	s.t.Helper()
	ledger, err := fileledger.Open(s.dir, fileledger.Options{})
	s.must(err)
	m, err := ledger.Join(s.t.Context(), "dead")
	s.must(err)
	c, err := m.Claim(s.t.Context(), progress.Terms{})
	s.must(err)
	s.must(os.MkdirAll(filepath.Join(s.dir, "artifacts", "job-1", "attempt-1"), 0o755))
	s.must(m.SetPhase(s.t.Context(), c, progress.PhasePosting))
	s.must(m.Leave())
	_, err = ledger.Rescue(s.t.Context())
	s.must(errors.Join(err, ledger.Close()))
}

func (s *scene) judge() {
	s.t.Helper()
	all, err := rows(context.WithoutCancel(s.t.Context()), s.dir)
	s.must(err)
	if len(all) != len(s.ledger) {
		s.t.Fatalf("got %d rows, want %d", len(all), len(s.ledger))
	}
	for i, row := range all {
		status, reason, _ := strings.Cut(s.ledger[i], " ")
		if string(row.Status) != status || !strings.Contains(row.Error, reason) {
			s.t.Errorf("job %d: got %s %q, want %s", row.ID, row.Status, row.Error, s.ledger[i])
		}
		if problem := disagreement(row, s.phone); problem != "" {
			s.t.Error(problem)
		}
	}
	results := s.told()
	var told []string
	for _, r := range results {
		told = append(told, strings.TrimSpace(fmt.Sprint(r.JobID, " ", r.Status, " ", r.ErrorClass)))
	}
	if diff := gocmp.Diff(s.results, told); diff != "" {
		s.t.Errorf("results.csv (-want +got):\n%s", diff)
	}
	s.judgeScreen(results)
	if diff := gocmp.Diff(s.screens, s.kept()); diff != "" {
		s.t.Errorf("attempts with artifacts (-want +got):\n%s", diff)
	}
	if problem := tapsTooMany(s.phone.told()); problem != "" {
		s.t.Error(problem)
	}
	s.judgeWaits()
}

// judgeScreen asks that the first attempt met the failure screen, unless it has
// nothing to say of it: it was a success, or went on to prove something else.
func (s *scene) judgeScreen(results []jobs.Result) {
	s.t.Helper()
	if !slices.Contains(failureScreens(s.t), s.screen) || s.passes {
		return
	}
	if got := results[0].Error; !strings.Contains(got, "(screen "+s.screen+")") {
		s.t.Errorf("the first attempt: got %q, want screen %s", got, s.screen)
	}
}

// told is what results.csv says, in its order.
func (s *scene) told() []jobs.Result {
	s.t.Helper()
	var all []jobs.Result
	for id := range s.ledger {
		results, err := jobs.ReadResults(filepath.Join(s.dir, "results.csv"), id+1)
		s.must(err)
		all = append(all, results...)
	}
	slices.SortStableFunc(all, func(a, b jobs.Result) int { return a.Time.Compare(b.Time) })
	return all
}

// kept are the attempts of job 1, and the looks, of which all artifacts were kept.
func (s *scene) kept() (kept []string) {
	const most = 9
	for n := 1; n <= most; n++ {
		dir := filepath.Join(s.dir, "artifacts", "job-1", fmt.Sprint("attempt-", n))
		for _, of := range []struct{ name, prefix string }{{fmt.Sprint(n), ""}, {fmt.Sprint(n, " look"), "look-"}} {
			if whole(dir, of.prefix) {
				kept = append(kept, of.name)
			}
		}
	}
	return kept
}

// whole reports whether all three files are there, and something is in them.
func whole(dir, prefix string) bool {
	for _, name := range []string{"screen.png", "source.xml", "appium-tail.log"} {
		if info, err := os.Stat(filepath.Join(dir, prefix+name)); err != nil || info.Size() == 0 {
			return false
		}
	}
	return true
}

// judgeWaits asks that a job that is put back after an attempt waits its time.
func (s *scene) judgeWaits() {
	s.t.Helper()
	back := map[int]time.Time{}
	for _, e := range s.phone.told() {
		if before, ok := back[e.Job]; ok && e.At.Sub(before) < retryDelay {
			s.t.Errorf("job %d was claimed again after %s", e.Job, e.At.Sub(before))
		}
		delete(back, e.Job)
		if e.What == string(progress.StatusPending) {
			back[e.Job] = e.At
		}
	}
}
