package main

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"postfleet/internal/progress"
	"postfleet/internal/progress/fileledger"
	"postfleet/workerimage"
)

// eightJobs come to one row in each state that a row can be in.
const eightJobs = `account_name,video_path,caption
shop_a,a.mp4,one
shop_b,a.mp4,two
shop_c,a.mp4,"three
lines, ""quoted"""
shop_d,a.mp4,four
shop_e,a.mp4,five
shop_f,a.mp4,six
shop_a,b.mp4,seven
shop_g,a.mp4,eight
`

// What became of eightJobs, by id.
const (
	succeeded = 1 + iota
	failedJob
	unknownJob  // fail, outcome unknown
	verifiedJob // pending, waits for verification
	skippedJob
	pendingJob
	pendingToo
	claimedJob // until the test ends
)

// newJobsWorld has eightJobs.
func newJobsWorld(t *testing.T) *world {
	t.Helper()
	w := newWorld(t, eightJobs)
	w.write("data/media/b.mp4", "video b")
	w.must("seed")
	ledger, err := fileledger.Open(w.path("data"), fileledger.Options{})
	if err != nil {
		t.Fatal(err)
	}
	p := &player{t: t, ledger: ledger}
	t.Cleanup(func() { // the ledger's members leave with it
		if err := ledger.Close(); err != nil {
			t.Error(err)
		}
	})
	p.finish("shop_a", progress.PhasePosted, progress.Success())
	p.finish("shop_b", progress.PhaseNone, progress.Fail("no such screen\nat all"))
	p.finish("shop_c", progress.PhasePosting, progress.Unknown("the link was lost"))
	p.die("shop_d")
	p.finish("shop_e", progress.PhaseNone, progress.Skip("logged out"))
	p.claim(p.join("7"), "shop_g")
	return w
}

// player does what workers do.
type player struct {
	t      *testing.T
	ledger *fileledger.Ledger
}

func (p *player) must(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
}

func (p *player) join(id string) progress.Member {
	p.t.Helper()
	member, err := p.ledger.Join(p.t.Context(), id)
	p.must(err)
	return member
}

func (p *player) claim(member progress.Member, account string) progress.Claim {
	p.t.Helper()
	claim, err := member.Claim(p.t.Context(), progress.Terms{Only: []string{account}, Location: time.UTC})
	p.must(err)
	return claim
}

func (p *player) finish(account string, phase progress.Phase, o progress.Outcome) {
	p.t.Helper()
	member := p.join("1")
	claim := p.claim(member, account)
	p.must(member.SetPhase(p.t.Context(), claim, phase))
	p.must(member.Finish(p.t.Context(), claim, o))
	p.must(member.Leave())
}

// die leaves the account's job while it is being posted.
func (p *player) die(account string) {
	p.t.Helper()
	member := p.join("2")
	p.must(member.SetPhase(p.t.Context(), p.claim(member, account), progress.PhasePosting))
	p.must(member.Leave())
	_, err := p.ledger.Rescue(p.t.Context())
	p.must(err)
}

// statuses returns the status of each row, in words.
func (w *world) statuses() string {
	w.t.Helper()
	var all []string
	for _, row := range w.rows() {
		status := string(row.Status)
		if doubtful(&row) {
			status += "?"
		}
		all = append(all, status)
	}
	return strings.Join(all, " ")
}

// asSeeded are the statuses of a newJobsWorld.
const asSeeded = "success fail fail? pending? skip pending pending claimed"

func TestJobsWorld(t *testing.T) {
	t.Parallel()
	w := newJobsWorld(t)
	if got := w.statuses(); got != asSeeded {
		t.Fatalf("got %q, want %q", got, asSeeded)
	}
}

// What a command is told wrongly is told by name, and it changes nothing.
func TestJobsUsage(t *testing.T) {
	t.Parallel()
	w := newJobsWorld(t)
	before := w.tree()
	for _, tt := range []struct {
		args string
		want []string
	}{
		{"jobs list --status done", []string{`--status "done"`, "pending, claimed, success, fail, skip, unknown"}},
		{"jobs list --id 3,x", []string{`job "x"`, "3, 5-9"}},
		{"jobs list --id 7-20", []string{"no job 9-20", "the jobs 1-8"}},
		{"jobs list --account shop_A", []string{`no job of account "shop_A"`}},
		{"jobs show", []string{"accepts 1 arg"}},
		{"jobs show 9", []string{"no job 9"}},
		{"jobs show 1-2", []string{"name one job"}},
		{"jobs requeue", []string{"say which jobs", "--account"}},
		{"jobs requeue 0", []string{`job "0"`}},
		{"jobs requeue --status pending", []string{`--status "pending"`, "fail, skip, unknown"}},
		{"jobs requeue --account nobody", []string{`no job of account "nobody"`}},
		{"jobs skip 6", []string{"--reason"}},
		{"jobs skip --reason x", []string{"say which jobs"}},
		{"jobs skip --status skip --reason x", []string{`--status "skip"`, "pending, fail"}},
		{"jobs export --format xml", []string{`--format "xml"`, "csv or json"}},
		{"jobs archive now", []string{`unknown command "now"`}},
		{"seed --allow-duplicates", []string{"--append"}},
		{"seed --append nowhere.csv", []string{"nowhere.csv", "no such file"}},
	} {
		w.app.started = false
		if code := w.run(strings.Fields(tt.args)...); code != workerimage.ExitUsage {
			t.Errorf("%s: got exit code %d, want %d", tt.args, code, workerimage.ExitUsage)
		}
		w.mustHold(tt.args, w.err.String(), tt.want...)
		if got := w.out.String(); got != "" {
			t.Errorf("%s: got output %q, want none", tt.args, got)
		}
	}
	mustBeSame(t, before, w.tree())
}

func TestJobsWithoutALedger(t *testing.T) {
	t.Parallel()
	w := newWorld(t, twoJobs)
	w.must("jobs", "list")
	w.mustHold("message", w.err.String(), "no jobs", "orchestrator seed")
	w.must("jobs", "list", "--json")
	if got := w.out.String(); got != "[]\n" {
		t.Errorf("got %q, want an empty array", got)
	}
	for _, args := range [][]string{
		{"show", "1"}, {"requeue", "1"}, {"requeue", "--status", "fail"}, {"skip", "1", "--reason", "x"}, {"archive"},
	} {
		if code := w.run(append([]string{"jobs"}, args...)...); code != workerimage.ExitUsage {
			t.Errorf("%v: got exit code %d, want %d", args, code, workerimage.ExitUsage)
		}
		w.mustHold(fmt.Sprint(args), w.err.String(), "no jobs in the ledger", "orchestrator seed")
	}
}

func TestParseSpan(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]idSpan{"1": {1, 1}, "5-9": {5, 9}, "7-7": {7, 7}} {
		if got, err := parseSpan(in); err != nil || got != want {
			t.Errorf("%q: got %v, %v; want %v", in, got, err, want)
		}
	}
	for _, in := range []string{"", "0", "-1", "1-", "-", "2-1", "x", "1-2-3", " 1", "1.0", "99999999999999999999"} {
		if got, err := parseSpan(in); err == nil {
			t.Errorf("%q: got %v, want an error", in, got)
		}
	}
}

func TestIDList(t *testing.T) {
	t.Parallel()
	var rows []*progress.Row
	for _, id := range []int{1, 3, 4, 5, 8, 9} {
		rows = append(rows, &progress.Row{ID: id})
	}
	if got, want := idList(rows), "1,3-5,8-9"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

var errTest = errors.New("broken")
