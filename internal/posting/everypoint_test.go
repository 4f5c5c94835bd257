package posting_test

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"postfleet/internal/fault"
	"postfleet/internal/phonesim/app"
	"postfleet/internal/posting"
)

// everyPoint runs an undisturbed attempt to list its device calls, and then
// one attempt for each of them, in its own bubble of fake time.
func everyPoint(t *testing.T, do func(b *bench, n int)) {
	t.Helper()
	var calls []string
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, "hello")
		if err := b.run(t.Context()); err != nil {
			t.Fatal(err)
		}
		calls = b.Calls()
	})
	if len(calls) < 40 {
		t.Fatalf("an attempt makes %d calls: the test proves nothing", len(calls))
	}
	tapped := 0
	for i, call := range calls {
		if i > 0 && call == "source" && calls[i-1] == "source" {
			continue // one more look at the same screen is the same point
		}
		n := i + 1
		t.Run(fmt.Sprintf("call %d %s", n, call), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := newBench(t, "hello")
				do(b, n)
				if got := len(b.captions("shop_a")); got > 1 {
					t.Errorf("posts: got %d", got)
				}
				if b.tapped() {
					tapped++
				}
			})
		})
	}
	if tapped == 0 || tapped == len(calls) {
		t.Errorf("the share tap was reached in %d of %d: the test proves nothing", tapped, len(calls))
	}
}

// proved checks that the error of an attempt agrees with what is on the profile.
func proved(b *bench, err error) {
	b.t.Helper()
	posts := len(b.captions("shop_a"))
	switch {
	case err == nil && posts == 1:
	case errors.Is(err, posting.ErrAbsent) && posts == 0 && b.tapped():
		if errors.Is(err, context.Canceled) || fault.Of(err) != fault.Infra {
			b.t.Errorf("got %v (%s), want class infra and no context's error in the chain", err, fault.Of(err))
		}
	default:
		b.t.Errorf("got %v with %d posts", err, posts)
	}
}

func TestRunCancelledAtEachPoint(t *testing.T) {
	t.Parallel()
	errDrain := errors.New("second signal")
	everyPoint(t, func(b *bench, n int) {
		ctx, cancel := context.WithCancelCause(b.t.Context())
		defer cancel(nil)
		b.troubleFunc = func(_ context.Context, now int, _ string) error {
			if now == n {
				cancel(errDrain)
			}
			return nil
		}
		err := b.run(ctx)
		if b.tapped() {
			proved(b, err)
			return
		}
		if !errors.Is(err, context.Canceled) || !errors.Is(err, errDrain) || fault.Of(err) != fault.Unclassified {
			b.t.Errorf("got %v (%s), want the context's error without a class", err, fault.Of(err))
		}
		if len(b.captions("shop_a")) > 0 {
			b.t.Error("posted without phase posting")
		}
	})
}

func TestRunLinkLostAtEachPoint(t *testing.T) {
	t.Parallel()
	everyPoint(t, func(b *bench, n int) {
		b.troubleFunc = brokenAt(n, false, fault.Errorf(fault.Infra, "link lost"))
		err := b.run(b.t.Context())
		if b.tapped() {
			proved(b, err)
			return
		}
		if posts := len(b.captions("shop_a")); fault.Of(err) != fault.Infra || posts > 0 {
			b.t.Errorf("got %v (%s), %d posts, want class infra and none", err, fault.Of(err), posts)
		}
	})
}

// TestRunFrozenAtEachPoint: a phone that never answers again costs a bounded
// time, and after the share tap nobody claims to know.
func TestRunFrozenAtEachPoint(t *testing.T) {
	t.Parallel()
	const bound = posting.DefaultVerifyTimeout + 4*posting.DefaultCleanupTimeout + 3*time.Minute
	everyPoint(t, func(b *bench, n int) {
		b.troubleFunc = frozenFrom(n)
		start := time.Now()
		err := b.run(b.t.Context())
		if took := time.Since(start); took > bound {
			b.t.Errorf("it took %s, want at most %s", took, bound)
		}
		switch c := fault.Of(err); {
		case err == nil && len(b.captions("shop_a")) == 1: // frozen at the very end
		case b.tapped() && c == fault.OutcomeUnknown && errors.Is(err, posting.ErrUnseen) &&
			!errors.Is(err, context.DeadlineExceeded):
		case !b.tapped() && (c == fault.Device || c == fault.Infra):
		default:
			b.t.Errorf("tapped %t: got %v (%s)", b.tapped(), err, c)
		}
	})
}

// TestVerifyAfterDeathAtEachPoint: the worker dies, another verifies on the
// same phone, and is always right. From phase posting on it always knows.
func TestVerifyAfterDeathAtEachPoint(t *testing.T) {
	t.Parallel()
	everyPoint(t, func(b *bench, n int) {
		_ = b.Service.Add(app.Post{Account: "shop_a", Caption: "hello"}) // an older one of the same words
		b.troubleFunc = brokenAt(n, true, errors.New("the worker is dead"))
		_ = b.run(b.t.Context()) // what a dead worker thinks is nobody's concern
		b.troubleFunc = nil
		if b.tapped() {
			verdict, err := b.verify(b.t.Context())
			want := posting.VerdictAbsent
			if len(b.captions("shop_a")) == 2 {
				want = posting.VerdictPosted
			}
			if verdict != want || err != nil {
				b.t.Errorf("got %s, %v, want %s", verdict, err, want)
			}
		}
		all := b.Service.All()
		b.Service.Set(all[:len(all)-1]...)
	})
}

// TestPostThenDie: the post lands, the link drops before the confirmation.
func TestPostThenDie(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var down atomic.Bool
		p := newPhone(t, app.Config{PostThenDieFunc: func(app.Post) { down.Store(true) }})
		b := newBenchOn(t, p, "hello")
		if err := b.App.Inject(app.FaultPostThenDie, 1); err != nil {
			t.Fatal(err)
		}
		connects := 0
		b.troubleFunc = func(_ context.Context, _ int, call string) error {
			if down.Load() && call == "connect" {
				connects++
				down.Store(connects < 3) // the link takes its time to come back
			}
			if down.Load() {
				return fault.Errorf(fault.Infra, "link lost")
			}
			return nil
		}
		if err := b.run(t.Context()); err != nil {
			t.Fatal(err)
		}
		if connects < 3 || len(b.captions("shop_a")) != 1 {
			t.Errorf("connects %d, posts %d: want 3 and 1", connects, len(b.captions("shop_a")))
		}
	})
}

// TestRunDeadline: the attempt's own deadline is no cancellation, but ours.
func TestRunDeadline(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, "hello")
		b.troubleFunc = frozenFrom(10)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		err := b.run(ctx)
		if !errors.Is(err, context.DeadlineExceeded) || fault.Of(err) != fault.Infra {
			t.Errorf("got %v (%s), want the deadline with class infra", err, fault.Of(err))
		}
	})
}

// TestConfirmedButNotListed: the app's word alone is no proof, and its absence
// from the profile then none of the contrary.
func TestConfirmedButNotListed(t *testing.T) {
	t.Parallel()
	for name, late := range map[string]time.Duration{"in time": time.Minute, "never": time.Hour} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				b := newBench(t, "hello")
				b.Service.HideFor(late)
				err := b.run(t.Context())
				if late == time.Minute && err != nil {
					t.Errorf("got %v, want it to be waited for", err)
				}
				if late == time.Minute {
					return
				}
				if fault.Of(err) != fault.OutcomeUnknown || errors.Is(err, posting.ErrAbsent) ||
					errors.Is(err, posting.ErrUnseen) {
					t.Errorf("got %v (%s), want outcome unknown", err, fault.Of(err))
				}
				if verdict, err := b.verify(t.Context()); verdict != posting.VerdictUnknown {
					t.Errorf("a look later on: got %s, %v: the app's word was forgotten", verdict, err)
				}
			})
		})
	}
}
