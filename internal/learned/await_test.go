package learned_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"postfleet/internal/learned"
)

// TestTwentyMeetOneScreen: one of them finds out, one tries, all get it.
func TestTwentyMeetOneScreen(t *testing.T) {
	t.Parallel()
	const workers = 20
	at, file := place(1), path(t)
	elements := []string{"tab", "next", "field"}
	var leases, tries, trying atomic.Int32
	var all sync.WaitGroup
	for n := range workers {
		b := open(t, file, fmt.Sprint("w", n))
		all.Go(func() {
			for _, name := range elements {
				u, l, err := b.Await(t.Context(), at, wanted(name))
				switch {
				case err != nil:
					t.Error(err)
				case l != nil:
					if leases.Add(1) == 1 {
						l.Seek(elements...)
					}
					err = l.Confirm(t.Context(), finding(name, name))
				case u.State == learned.StateCandidate:
					tries.Add(1)
					if trying.Add(1) > 1 {
						t.Error("two try one element")
					}
					trying.Add(-1)
					err = b.Succeed(t.Context(), u)
				default:
					err = b.Succeed(t.Context(), u)
				}
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	if leases.Load() != 3 || tries.Load() != 3 { // its own lease thrice
		t.Errorf("%d leases, %d candidates tried, want one of each an element", leases.Load(), tries.Load())
	}
	for _, r := range records(t, file) {
		if r.State != learned.StateTrusted {
			t.Errorf("%s is %s", r.Name, r.State)
		}
	}
}

// A lease is its holder's for as long as that renews it.
func TestLeaseIsRenewed(t *testing.T) {
	t.Parallel()
	file := path(t)
	synctest.Test(t, func(t *testing.T) {
		at := place(1)
		holder, other := open(t, file, "w0"), open(t, file, "w1")
		l := lease(t, holder, at, wanted("tab"))
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
		defer cancel()
		_, _, err := other.Await(ctx, at, wanted("tab"))
		is(t, err, context.DeadlineExceeded)
		if err := l.Confirm(t.Context(), finding("tab", "tab")); err != nil {
			t.Error(err)
		}
	})
}

// dead is the book of a worker that is no more: nobody renews what it had.
func dead(t *testing.T, file, worker string, at learned.Place) *learned.Lease {
	t.Helper()
	b := open(t, file, worker)
	l := lease(t, b, at, wanted("tab"))
	ctx, cancel := context.WithCancel(t.Context())
	var waits sync.WaitGroup
	waits.Go(func() { // as long as it waits itself, it renews nothing
		elsewhere := place(99)
		_, _, _ = b.Await(ctx, elsewhere, wanted("tab")) // ends with ctx
	})
	t.Cleanup(func() { cancel(); waits.Wait() })
	return l
}

func TestLeaseLapses(t *testing.T) {
	t.Parallel()
	file := path(t)
	synctest.Test(t, func(t *testing.T) {
		at := place(1)
		blocker := open(t, file, "w9")
		_ = lease(t, blocker, place(99), wanted("tab"))
		lost := dead(t, file, "w0", at)
		began := time.Now()
		l := lease(t, open(t, file, "w1"), at, wanted("tab"))
		if took := time.Since(began); took < 59*time.Second || took > 61*time.Second {
			t.Errorf("taken over after %v, want a minute", took)
		}
		is(t, lost.Confirm(t.Context(), finding("tab", "late")), learned.ErrLeaseLost)
		if err := l.Confirm(t.Context(), finding("tab", "tab")); err != nil {
			t.Error(err)
		}
	})
	if r := only(t, file, learned.StateCandidate); r.Find[0].ID != "tab" {
		t.Errorf("got %+v", r)
	}
}

// Who let its lease lapse, because it waited elsewhere for too long, gets
// another, and not the one that is of no use.
func TestOwnLeaseThatLapsed(t *testing.T) {
	t.Parallel()
	file := path(t)
	synctest.Test(t, func(t *testing.T) {
		at, elsewhere := place(1), place(2)
		a, b := open(t, file, "w0"), open(t, file, "w1")
		_ = lease(t, a, at, wanted("tab"))
		_ = lease(t, b, elsewhere, wanted("tab"))
		ctx, cancel := context.WithTimeout(t.Context(), 65*time.Second)
		defer cancel()
		_, _, err := a.Await(ctx, elsewhere, wanted("tab"))
		is(t, err, context.DeadlineExceeded)
		l := lease(t, a, at, wanted("tab"))
		missing(t, b, at, wanted("tab"), learned.BeingLearned)
		if err := l.Confirm(t.Context(), finding("tab", "tab")); err != nil {
			t.Error(err)
		}
	})
}

// A ticket lapses too: who tried a candidate may be dead.
func TestTicketLapses(t *testing.T) {
	t.Parallel()
	file := path(t)
	synctest.Test(t, func(t *testing.T) {
		at := place(1)
		learn(t, open(t, file, "w0"), at, "tab", "tab")
		use(t, open(t, file, "w1"), at, "tab")
		began := time.Now()
		u, _, err := open(t, file, "w2").Await(t.Context(), at, wanted("tab"))
		if took := time.Since(began); err != nil || !u.Found() || took < 59*time.Second || took > 61*time.Second {
			t.Errorf("got %+v, %v, after %v", u, err, took)
		}
	})
}

func TestReleaseLetsTheNextOneIn(t *testing.T) {
	t.Parallel()
	file := path(t)
	synctest.Test(t, func(t *testing.T) {
		at := place(1)
		a, b := open(t, file, "w0"), open(t, file, "w1")
		l := lease(t, a, at, wanted("tab"))
		l.Seek("tab", "next")
		if again := lease(t, a, at, wanted("next")); again != l {
			t.Error("not its own lease")
		}
		if err := l.Confirm(t.Context(), finding("tab", "tab")); err != nil {
			t.Fatal(err)
		}
		missing(t, b, at, wanted("next"), learned.BeingLearned)
		use(t, b, at, "tab")
		if err := l.Forgo(t.Context(), "next"); err != nil {
			t.Fatal(err)
		}
		missing(t, b, at, wanted("next"), learned.NoEntry)
		next := lease(t, b, at, wanted("next"))
		if err := errors.Join(next.Release(t.Context()), l.Release(t.Context())); err != nil {
			t.Error(err)
		}
	})
}

// Who is told to stop still lets go of what it has.
func TestEndedContext(t *testing.T) {
	t.Parallel()
	at, file := place(1), path(t)
	a, b := open(t, file, "w0"), open(t, file, "w1")
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if err := lease(t, a, at, wanted("tab")).Release(ended); err != nil {
		t.Fatal(err)
	}
	is(t, lease(t, a, at, wanted("tab")).Confirm(ended, finding("tab", "tab")), context.Canceled)
	missing(t, b, at, wanted("tab"), learned.NoEntry)
	learn(t, b, at, "tab", "tab")
	if err := a.Return(ended, use(t, a, at, "tab")); err != nil {
		t.Fatal(err)
	}
	use(t, open(t, file, "w2"), at, "tab")
}

// A worker that starts again does not wait for its former life.
func TestFormerLife(t *testing.T) {
	t.Parallel()
	file := path(t)
	synctest.Test(t, func(t *testing.T) {
		at, began := place(1), time.Now()
		_ = lease(t, open(t, file, "w0"), at, wanted("tab"))
		again := open(t, file, "w0")
		_ = lease(t, again, at, wanted("tab"))
		if took := time.Since(began); took > time.Second {
			t.Errorf("waited %v", took)
		}
	})
}

// What somebody changed with success meanwhile is not written over.
func TestReplacedMeanwhile(t *testing.T) {
	t.Parallel()
	at, file := place(1), path(t)
	a, b, c := open(t, file, "w0"), open(t, file, "w1"), open(t, file, "w2")
	learn(t, a, at, "tab", "tab")
	trust(t, b, at, "tab")
	w := wanted("tab")
	w.Not = []string{use(t, b, at, "tab").ID}
	l := lease(t, b, at, w)
	trust(t, c, at, "tab") // it works elsewhere
	is(t, l.Confirm(t.Context(), finding("tab", "other")), learned.ErrReplaced)
	// What is found again is what is known.
	l = lease(t, b, at, w)
	if err := l.Confirm(t.Context(), finding("tab", "tab")); err != nil {
		t.Error(err)
	}
	if r := only(t, file, learned.StateTrusted); r.ID != w.Not[0] {
		t.Errorf("got %+v", r)
	}
	l = lease(t, b, at, w)
	if err := l.Confirm(t.Context(), finding("tab", "other")); err != nil {
		t.Error(err)
	}
	only(t, file, learned.StateCandidate)
}
