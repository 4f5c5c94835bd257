package learned_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"postfleet/internal/learned"
	"postfleet/internal/logging"
)

func TestUnusedIsDropped(t *testing.T) {
	t.Parallel()
	file := path(t)
	synctest.Test(t, func(t *testing.T) {
		b, other := open(t, file, "w0"), open(t, file, "w1")
		learn(t, b, place(1), "old", "a")
		learn(t, b, place(1), "used", "b")
		trust(t, other, place(1), "used")
		<-time.After(40 * 24 * time.Hour)
		trust(t, other, place(1), "used") // counted, and so written: it is long ago
		<-time.After(30 * 24 * time.Hour)
		learn(t, b, place(2), "new", "c")
		var names []string
		for _, r := range records(t, file) {
			names = append(names, r.Name)
		}
		if got := strings.Join(names, " "); got != "new used" {
			t.Errorf("got %s", got)
		}
	})
}

// Success that changes nothing is not written at once, and not lost.
func TestSuccessesAreCounted(t *testing.T) {
	t.Parallel()
	file := path(t)
	synctest.Test(t, func(t *testing.T) {
		a, b := open(t, file, "w0"), learned.New(learned.Config{Path: file, Worker: "w1"}, logging.Discard())
		learn(t, a, place(1), "tab", "tab")
		trust(t, b, place(1), "tab")
		before, err := os.Stat(file)
		if err != nil {
			t.Fatal(err)
		}
		for range 5 {
			trust(t, b, place(1), "tab")
		}
		if after, err := os.Stat(file); err != nil || !os.SameFile(before, after) {
			t.Errorf("the file was written, %v", err)
		}
		if err := b.Close(); err != nil {
			t.Fatal(err)
		}
		if r := only(t, file, learned.StateTrusted); r.Successes != 7 {
			t.Errorf("got %d successes, want 7", r.Successes)
		}
		<-time.After(21 * time.Minute)
		trust(t, a, place(1), "tab")
		if r := only(t, file, learned.StateTrusted); r.Successes != 8 || time.Since(r.LastOK) > time.Second {
			t.Errorf("got %d successes, the last at %v", r.Successes, r.LastOK)
		}
	})
}

func TestFileIsBounded(t *testing.T) {
	t.Parallel()
	for name, limits := range map[string]learned.Limits{"records": {Records: 5}, "bytes": {Bytes: 8000}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := path(t)
			b := learned.New(learned.Config{Path: file, Worker: "w0", Limits: limits}, logging.Discard())
			defer b.Close() //nolint:errcheck // nothing is kept back
			for n := range 20 {
				learn(t, b, place(n), "tab", "tab")
			}
			all := records(t, file)
			info, err := os.Stat(file)
			if err != nil {
				t.Fatal(err)
			}
			if len(all) < 5 || len(all) > 10 || info.Size() > 8000 || all[0].Screen.Key != place(19).Screen.Key {
				t.Errorf("%d records, %d bytes, the last %s", len(all), info.Size(), all[0].Screen.Key)
			}
		})
	}
}

// TestStorm: where too much is wrong nothing more is learned, for that version.
func TestStorm(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		known, wrong int
		apart        time.Duration
		off          bool
	}{
		"two are few":          {0, 2, 0, false},
		"three of three":       {0, 3, 0, true},
		"three of fifteen":     {12, 3, 0, false},
		"three of fourteen":    {11, 3, 0, true},
		"three in three hours": {0, 3, 50 * time.Minute, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := path(t)
			synctest.Test(t, func(t *testing.T) { storm(t, file, c.known, c.wrong, c.apart, c.off) })
		})
	}
}

func storm(t *testing.T, file string, known, wrong int, apart time.Duration, off bool) {
	t.Helper()
	a, b := open(t, file, "w0"), open(t, file, "w1")
	for n := range known {
		learn(t, a, place(n), "tab", "tab")
	}
	for n := range wrong {
		learn(t, a, place(100+n), "tab", "tab")
		if err := b.Fail(t.Context(), use(t, b, place(100+n), "tab"), learned.ExpectFailed); err != nil {
			t.Fatal(err)
		}
		<-time.After(apart)
	}
	_, l, err := a.Await(t.Context(), place(200), wanted("tab"))
	if !off {
		if err != nil {
			t.Fatal(err)
		}
		if err := l.Release(t.Context()); err != nil {
			t.Error(err)
		}
		return
	}
	is(t, err, learned.ErrLearningOff)
	want := fmt.Sprintf("app %s: %d of %d records", version, wrong, known+wrong)
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v, want %q", err, want)
	}
	if known > 0 {
		use(t, b, place(0), "tab") // what is known is used
	}
	next := place(200)
	next.Version = "2.0"
	learn(t, a, next, "tab", "tab") // as is another version
	if ended, err := b.Resume(t.Context(), func(learned.Stop) bool { return true }); err != nil || len(ended) != 1 {
		t.Errorf("got %+v, %v", ended, err)
	}
	learn(t, a, place(201), "tab", "tab")
}

func TestDrop(t *testing.T) {
	t.Parallel()
	file := path(t)
	b := open(t, file, "w0")
	learn(t, b, place(1), "tab", "a")
	learn(t, b, place(1), "next", "b")
	got, err := b.Drop(t.Context(), func(r *learned.Record) bool { return r.Name == "tab" })
	if err != nil || len(got) != 1 || got[0].Name != "tab" {
		t.Errorf("got %+v, %v", got, err)
	}
	if r := only(t, file, learned.StateCandidate); r.Name != "next" {
		t.Errorf("left %+v", r)
	}
}
