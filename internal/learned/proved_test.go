package learned_test

import (
	"fmt"
	"os"
	"regexp"
	"testing"
	"testing/synctest"
	"time"

	"postfleet/internal/learned"
)

// before is a file with a trusted record from before the workers of a test began.
func before(t *testing.T) (file string, at learned.Place) {
	t.Helper()
	file, at = path(t), place(1)
	learn(t, open(t, file, "old-0"), at, "tab", "tab")
	trust(t, open(t, file, "old-1"), at, "tab")
	<-time.After(time.Hour)
	return file, at
}

// TestTrustIsTriedAgain: what was trusted before is tried by one worker for all,
// whoever learned it, and a wrong record is out when that one fails.
func TestTrustIsTriedAgain(t *testing.T) {
	t.Parallel()
	for _, first := range []string{"w0", "old-0", "old-1"} {
		t.Run(first, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				file, at := before(t)
				a := open(t, file, first)
				u := use(t, a, at, "tab")
				for n := range 3 {
					missing(t, open(t, file, fmt.Sprint("w1", n)), at, wanted("tab"), learned.BeingLearned)
				}
				if err := a.Fail(t.Context(), u, learned.ExpectFailed); err != nil {
					t.Fatal(err)
				}
				missing(t, open(t, file, "w2"), at, wanted("tab"), learned.Quarantined)
				if r := only(t, file, learned.StateQuarantined); r.Failures != 1 || r.Reason != learned.ExpectFailed {
					t.Errorf("got %+v", r)
				}
			})
		})
	}
}

// TestTrustIsBackSoon: one success is enough for all who are there.
func TestTrustIsBackSoon(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		file, at := before(t)
		a, b, c := open(t, file, "w0"), open(t, file, "w1"), open(t, file, "w2")
		u := use(t, a, at, "tab")
		missing(t, b, at, wanted("tab"), learned.BeingLearned)
		if err := a.Return(t.Context(), u); err != nil { // nothing came of it
			t.Fatal(err)
		}
		u = use(t, b, at, "tab")
		missing(t, a, at, wanted("tab"), learned.BeingLearned)
		<-time.After(time.Second)
		if err := b.Succeed(t.Context(), u); err != nil {
			t.Fatal(err)
		}
		use(t, a, at, "tab")
		use(t, c, at, "tab")
		if r := only(t, file, learned.StateTrusted); r.Canary != nil {
			t.Errorf("the ticket is still there: %+v", r)
		}
		// And two failures in a row, as ever, take it out then.
		if err := a.Fail(t.Context(), u, learned.ExpectFailed); err != nil {
			t.Fatal(err)
		}
		use(t, c, at, "tab")
	})
}

// TestTrustOfTheFuture: what is said to work later on has not worked yet.
func TestTrustOfTheFuture(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		file, at := before(t)
		a, b := open(t, file, "w0"), open(t, file, "w1")
		ahead(t, file)
		use(t, a, at, "tab")
		missing(t, b, at, wanted("tab"), learned.BeingLearned)
	})
}

// ahead makes the record's last success one of tomorrow.
func ahead(t *testing.T, file string) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	tomorrow := time.Now().Add(24 * time.Hour).UTC().Format(time.RFC3339)
	text = regexp.MustCompile(`last_ok: .*`).ReplaceAll(text, []byte("last_ok: "+tomorrow))
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
}
