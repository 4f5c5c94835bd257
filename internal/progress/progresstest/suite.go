// Package progresstest is the conformance suite of progress.Ledger: whatever
// keeps the ledger, it behaves like this. It belongs to tests only.
package progresstest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"postfleet/internal/jobs"
	"postfleet/internal/progress"
)

// Store is a ledger with all its sides.
type Store interface {
	progress.Ledger
	progress.Keeper
}

// Open opens one more handle on a store, as another process would. now is the
// handle's clock. The suite closes the handle.
type Open func(now func() time.Time) (Store, error)

// Run runs the suite. newStore makes an empty store for each test.
func Run(t *testing.T, newStore func(t *testing.T) Open) {
	t.Helper()
	for name, test := range map[string]func(*testing.T, *fixture){
		"seed":                          testSeed,
		"seed again adds":               testSeedAdds,
		"seed refuses changes":          testSeedRefuses,
		"seed keeps bytes":              testSeedKeepsBytes,
		"claims in file order":          testOrder,
		"one claim an account":          testAccountBusy,
		"pinning":                       testPinning,
		"not before":                    testNotBefore,
		"daily cap":                     testDailyCap,
		"daily cap in time zone":        testDailyCapZone,
		"verification comes first":      testVerifyFirst,
		"nothing left":                  testNothingLeft,
		"outcomes":                      testOutcomes,
		"refused outcomes":              testRefused,
		"fail account":                  testFailAccount,
		"phases go forward":             testPhases,
		"stale claims are refused":      testStale,
		"finish may be repeated":        testFinishTwice,
		"join":                          testJoin,
		"join rescues its own":          testJoinRescues,
		"rescue":                        testRescue,
		"the third death ends the row":  testDeaths,
		"requeue":                       testRequeue,
		"requeue refuses":               testRequeueRefuses,
		"skip by a person":              testSkip,
		"skip by one who has looked":    testSkipChecked,
		"archive":                       testArchive,
		"archive refuses":               testArchiveRefuses,
		"living workers keep rows":      testRescueSparesTheLiving,
		"unseeded":                      testUnseeded,
		"closed":                        testClosed,
		"a cancelled wait":              testCancelled,
		"many goroutines, no row twice": testContention,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, newFixture(t, newStore))
		})
	}
}

// fixture is one store, a handle on it, and a clock that stands still.
type fixture struct {
	Store
	open     Open
	newStore func(t *testing.T) Open

	mu   sync.Mutex
	time time.Time
}

func newFixture(t *testing.T, newStore func(t *testing.T) Open) *fixture {
	t.Helper()
	f := &fixture{newStore: newStore, open: newStore(t), time: time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)}
	f.Store = f.handle(t)
	return f
}

// another is a fresh store, for the cases of one test.
func (f *fixture) another(t *testing.T) *fixture {
	t.Helper()
	return newFixture(t, f.newStore)
}

func (f *fixture) now() time.Time {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.time
}

func (f *fixture) pass(d time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.time = f.time.Add(d)
}

// handle is one more handle on the store.
func (f *fixture) handle(t *testing.T) Store {
	t.Helper()
	l, err := f.open(f.now)
	must(t, err)
	t.Cleanup(func() {
		if err := l.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return l
}

// seed adds one job for each account.
func (f *fixture) seed(t *testing.T, accounts ...string) {
	t.Helper()
	_, err := f.Seed(t.Context(), posts(accounts...), nil)
	must(t, err)
}

func (f *fixture) join(t *testing.T, id string) progress.Member {
	t.Helper()
	m, err := f.Join(t.Context(), id)
	must(t, err)
	return m
}

func (f *fixture) row(t *testing.T, id int) progress.Row {
	t.Helper()
	rows, err := f.Snapshot(t.Context())
	must(t, err)
	if id < 1 || id > len(rows) {
		t.Fatalf("there is no row %d of %d", id, len(rows))
	}
	return rows[id-1]
}

// died leaves job id with a dead worker at the given phase.
func (f *fixture) died(t *testing.T, id int, phase progress.Phase) {
	t.Helper()
	m := f.join(t, "dies")
	c := claim(t, m, progress.Terms{})
	if c.Job.ID != id {
		t.Fatalf("got job %d, want %d", c.Job.ID, id)
	}
	must(t, m.SetPhase(t.Context(), c, phase))
	must(t, m.Leave())
}

func posts(accounts ...string) []jobs.PostJob {
	all := make([]jobs.PostJob, len(accounts))
	for i, a := range accounts {
		id := i + 1
		all[i] = jobs.PostJob{
			ID: id, Account: a, Video: fmt.Sprintf("v%d.mp4", id), Caption: fmt.Sprintf("post %d", id),
		}
	}
	return all
}

func claim(t *testing.T, m progress.Member, terms progress.Terms) progress.Claim {
	t.Helper()
	c, err := m.Claim(t.Context(), terms)
	must(t, err)
	return c
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func want(t *testing.T, err, target error) {
	t.Helper()
	if !errors.Is(err, target) {
		t.Fatalf("got error %v, want %v", err, target)
	}
}

func same[T any](t *testing.T, want, got T) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("(-want +got):\n%s", diff)
	}
}

// cancelled is a context that has ended.
func cancelled(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	return ctx
}
