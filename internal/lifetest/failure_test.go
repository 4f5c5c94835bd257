package lifetest

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"postfleet/internal/fault"
	"postfleet/internal/phonesim/app"
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
		now := p.App.State().Account
		return errors.Join(p.App.SetAccount("shop_a"), p.App.Inject(f, 1), p.App.SetAccount(now))
	}
}

// strikes is trouble that strikes a number of times, or until it is cleared when
// the count is negative.
func strikes(f app.Fault, count int) func(p *phone) error {
	return func(p *phone) error { return p.App.Inject(f, count) }
}

// covered shows a dialog over whatever the app shows, for what the sample app
// itself never shows there. It ends with the app: of one that runs, at the next
// launch; else at the one after.
func covered(title string) func(p *phone) error {
	return func(p *phone) error {
		runs := p.App.Running()
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
