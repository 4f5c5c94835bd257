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
	"testing/synctest"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"postfleet/internal/fault"
	"postfleet/internal/jobs"
	"postfleet/internal/phonesim/app"
	"postfleet/internal/progress"
	"postfleet/internal/progress/fileledger"
)

// place is where a failure screen appears.
type place int

const (
	// early: before the composer is open, or on the way to the share button.
	early place = iota
	// shared: after the share tap.
	shared
	// looked: when a worker looks what came of the attempt of a dead one.
	looked
)

func (p place) String() string { return [...]string{"early", "shared", "looked"}[p] }

// failure is one row of the table.
type failure struct {
	// screen is the recipe's id of the failure, or what it is when no failure
	// screen tells.
	screen string
	at     place
	// how often it appears, where that matters.
	how string
	// trap is trouble that lies in wait, from before the worker begins.
	trap func(p *phone) error
	// strike is trouble that comes at once: at shared, right after the share tap,
	// else before the worker begins.
	strike func(p *phone) error
	// over is the event of job 1 that ends the trouble; "" for trouble that
	// strikes a number of times, or for ever.
	over string
	// passes: a later look at the same profile proved something.
	passes bool
	// alone: there is job 1 and no other.
	alone bool
	// account, when set, is job 1's.
	account string
	// noVideo: job 1's is not there.
	noVideo bool

	// results are what results.csv says, "job status class" each, in its order.
	results []string
	// ledger is what the ledger says in the end, "status" or "status reason" for
	// each job; a reason is what is in the row's error.
	ledger []string
	// screens are the attempts of job 1 that leave screen.png, source.xml and
	// appium-tail.log behind, by number; a "look" is of a claim that only looks,
	// and beside the attempt that may have posted.
	screens []string
	// ends is the class of what ends the worker.
	ends fault.Class
}

func (f failure) String() string { return strings.Trim(f.screen+"/"+f.at.String()+"/"+f.how, "/") }

// struck is trouble with shop_a, whose jobs 1 and 2 are, and not with shop_b.
func struck(f app.Fault) func(p *phone) error {
	return func(p *phone) error {
		now := p.State().Account
		return errors.Join(p.SetAccount("shop_a"), p.Inject(f, 1), p.SetAccount(now))
	}
}

// strikes is trouble that strikes a number of times, or until it is cleared when
// the count is negative.
func strikes(f app.Fault, count int) func(p *phone) error {
	return func(p *phone) error { return p.Inject(f, count) }
}

// covered shows a dialog over whatever the app shows, for what the sample app
// itself never shows there. It ends with the app: of one that runs, at the next
// launch; else at the one after.
func covered(title string) func(p *phone) error {
	return func(p *phone) error {
		runs := p.Running()
		p.change(func(p *phone) {
			if !runs {
				p.coverLaunches = 1
			}
			p.cover = fmt.Sprintf(`<hierarchy><node package="%s" class="android.widget.TextView" `+
				`resource-id="%s:id/dialog_title" text="%s" enabled="true" bounds="[80,900][1000,1070]"/></hierarchy>`,
				app.Package, app.Package, title)
		})
		return nil
	}
}

// landed is trouble that comes when the post is published.
func landed(strike func(p *phone) error) func(p *phone) error {
	return func(p *phone) error {
		<-time.After(2 * uploadTime)
		return strike(p)
	}
}

// refused is a phone that needs a person.
func refused(p *phone) error {
	const forEver = 1 << 30
	p.change(func(p *phone) { p.away, p.connectErr = forEver, fault.Errorf(fault.Human, "connect: unauthorized") })
	return nil
}

// missing is a phone without the app.
func missing(p *phone) error {
	p.change(func(p *phone) { p.launchErr = fault.Errorf(fault.Human, "the app is not installed") })
	return nil
}

// empty is a phone whose gallery shows no uploads.
func empty(p *phone) error {
	p.change(func(p *phone) { p.blind = true })
	return nil
}

// TestFailures is the table of docs/errors.md: what each failure screen means
// for the job, its account and the worker, by where it appears.
func TestFailures(t *testing.T) {
	t.Parallel()
	for _, f := range slices.Concat(accountFailures(), contentFailures(), infraFailures(), otherFailures()) {
		t.Run(f.String(), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) { newScene(t, f).play() })
		})
	}
}

// TestFailuresAreAllOfThem: the table has every failure screen of the recipe,
// and docs/errors.md has them and every class.
func TestFailuresAreAllOfThem(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../docs/errors.md")
	if err != nil {
		t.Fatal(err)
	}
	words := failureScreens(t)
	all := slices.Concat(accountFailures(), contentFailures(), infraFailures())
	for _, id := range words {
		if !slices.ContainsFunc(all, func(f failure) bool { return f.screen == id }) {
			t.Errorf("failure %s of the recipe is not in the table", id)
		}
	}
	for c := fault.Infra; c < fault.Ledger; c++ {
		if c != fault.Human { // it has no row in results.csv
			words = append(words, c.String())
		}
	}
	for _, word := range words {
		if !strings.Contains(string(text), "`"+word+"`") {
			t.Errorf("docs/errors.md does not speak of %s", word)
		}
	}
}

func failureScreens(t *testing.T) []string {
	t.Helper()
	written, err := loadRecipe()
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, f := range written.Failures() {
		ids = append(ids, f.ID)
	}
	return ids
}

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
			s.phone.ClearAll()
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
