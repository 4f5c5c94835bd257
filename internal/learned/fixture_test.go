package learned_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"go.uber.org/goleak"

	"postfleet/internal/learned"
	"postfleet/internal/logging"
	"postfleet/internal/screen"
)

// The test binary is also the other processes of these tests.
func TestMain(m *testing.M) {
	if path := os.Getenv(envPath); path != "" {
		if err := work(path); err != nil {
			panic(err)
		}
		return
	}
	goleak.VerifyTestMain(m)
}

const version = "1.0"

func path(tb testing.TB) string { tb.Helper(); return filepath.Join(tb.TempDir(), learned.FileName) }

// open returns the book of one worker, who is not closed twice.
func open(tb testing.TB, path, worker string) *learned.Book {
	tb.Helper()
	b := learned.New(learned.Config{Path: path, Worker: worker, Run: "run-1"}, logging.Discard())
	tb.Cleanup(func() {
		if err := b.Close(); err != nil {
			tb.Error(err)
		}
	})
	return b
}

// place is a screen, each of its own.
func place(n int) learned.Place {
	p := screen.Print{Key: fmt.Sprintf("key-%04d", n)}
	for i := range 12 {
		p.Signs = append(p.Signs, fmt.Sprintf("t %d-%02d", n, i))
	}
	return learned.Place{App: "app", Version: version, Recipe: "reel", Screen: p}
}

func wanted(name string) learned.Wanted {
	return learned.Wanted{Name: name, Hash: learned.Hash("what " + name + " is")}
}

func ways(id string) []learned.Identity {
	return []learned.Identity{{ID: id, Class: "android.widget.Button"}, {Desc: "Create"}}
}

func finding(name, id string) learned.Finding {
	return learned.Finding{Wanted: wanted(name), Find: ways(id), Model: "model", Prompt: "3"}
}

// lease is the lease that must be had.
func lease(tb testing.TB, b *learned.Book, at learned.Place, w learned.Wanted) *learned.Lease {
	tb.Helper()
	u, l, err := b.Await(tb.Context(), at, w)
	if err != nil || l == nil || u.Found() {
		tb.Fatalf("await: got %+v, %v, %v, want the lease", u, l, err)
	}
	return l
}

// learn has a worker find out.
func learn(tb testing.TB, b *learned.Book, at learned.Place, name, id string) {
	tb.Helper()
	if err := lease(tb, b, at, wanted(name)).Confirm(tb.Context(), finding(name, id)); err != nil {
		tb.Fatal(err)
	}
}

// use is the record that must be found.
func use(tb testing.TB, b *learned.Book, at learned.Place, name string) learned.Use {
	tb.Helper()
	u, why, err := b.Lookup(tb.Context(), at, wanted(name))
	if err != nil || why != "" || !u.Found() {
		tb.Fatalf("lookup of %s: got %+v, %q, %v", name, u, why, err)
	}
	return u
}

// missing is the reason that must be given.
func missing(tb testing.TB, b *learned.Book, at learned.Place, w learned.Wanted, want learned.Reason) {
	tb.Helper()
	if u, why, err := b.Lookup(tb.Context(), at, w); err != nil || why != want || u.Found() {
		tb.Errorf("lookup of %q: got %+v, %q, %v, want %q", w.Name, u, why, err, want)
	}
}

// trust makes what one worker learned trusted by another's success.
func trust(tb testing.TB, b *learned.Book, at learned.Place, name string) {
	tb.Helper()
	if err := b.Succeed(tb.Context(), use(tb, b, at, name)); err != nil {
		tb.Fatal(err)
	}
}

func records(tb testing.TB, path string) []learned.Record {
	tb.Helper()
	all, _, err := learned.Records(path)
	if err != nil {
		tb.Fatal(err)
	}
	return all
}

// only is the one record there is.
func only(tb testing.TB, path string, state learned.State) learned.Record {
	tb.Helper()
	all := records(tb, path)
	if len(all) != 1 || all[0].State != state {
		tb.Fatalf("got %+v, want one, %s", all, state)
	}
	return all[0]
}

func is(tb testing.TB, err, want error) {
	tb.Helper()
	if !errors.Is(err, want) {
		tb.Errorf("got %v, want %v", err, want)
	}
}
