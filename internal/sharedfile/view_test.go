package sharedfile_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"postfleet/internal/sharedfile"
)

// viewing returns the document through a look, and how often it was read.
func viewing(t *testing.T, at string) (look func() *doc, reads *int) {
	t.Helper()
	reads = new(int)
	f := open(t, at, sharedfile.Rules[doc]{CheckFunc: func(*doc) error { *reads++; return nil }})
	return func() *doc {
		t.Helper()
		got, err := f.View()
		if err != nil {
			t.Fatal(err)
		}
		return got
	}, reads
}

func TestViewReadsWhatChanged(t *testing.T) {
	t.Parallel()
	at := path(t)
	writer := open(t, at, sharedfile.Rules[doc]{})
	look, reads := viewing(t, at)
	if none := look(); none.N != 0 || look() != none {
		t.Errorf("without a file: %+v", none)
	}
	for n := 1; n <= 50; n++ { // the inodes of replaced files are used again
		if err := writer.Change(t.Context(), add); err != nil {
			t.Fatal(err)
		}
		if got := look(); got.N != n || look() != got || *reads != n {
			t.Fatalf("change %d: got %+v, read %d times", n, got, *reads)
		}
	}
	if err := os.WriteFile(at, []byte(`{"n":1000}`), 0o600); err != nil { // by hand, in place
		t.Fatal(err)
	}
	if got := look(); got.N != 1000 {
		t.Errorf("written in place: got %+v", got)
	}
	if err := os.Remove(at); err != nil {
		t.Fatal(err)
	}
	if got := look(); got.N != 0 {
		t.Errorf("removed: got %+v", got)
	}
}

func TestViewWhileWritten(t *testing.T) {
	t.Parallel()
	at := path(t)
	var all sync.WaitGroup
	for range 4 {
		f := open(t, at, sharedfile.Rules[doc]{})
		all.Go(func() {
			last := 0
			for range 30 {
				if err := f.Change(t.Context(), add); err != nil {
					t.Error(err)
				}
				got, err := f.View()
				if err != nil || got.N <= last {
					t.Errorf("got %+v, %v, after %d", got, err, last)
					return
				}
				last = got.N
			}
		})
	}
	all.Wait()
}

func TestAside(t *testing.T) {
	t.Parallel()
	at := path(t)
	if err := os.WriteFile(at, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	var told []string
	f := open(t, at, sharedfile.Rules[doc]{
		MendFunc:  func(error) (doc, error) { return doc{}, nil },
		AsideFunc: func(_ error, kept string) { told = append(told, kept) },
	})
	if got, err := f.View(); err != nil || got.N != 0 || told != nil {
		t.Errorf("a look: got %+v, %v, and moved %q", got, err, told)
	}
	for range 2 {
		if err := f.Change(t.Context(), add); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := f.View(); err != nil || got.N != 2 {
		t.Errorf("got %+v, %v", got, err)
	}
	if len(told) != 1 || !strings.HasPrefix(filepath.Base(told[0]), "doc.json.damaged-") {
		t.Fatalf("told of %q", told)
	}
	if got, err := os.ReadFile(told[0]); err != nil || string(got) != "{" {
		t.Errorf("kept %q, %v", got, err)
	}
}

// With a CloneFunc, a change starts from what was seen, if that is still so, and
// what was written is what is seen.
func TestChangeFromWhatWasSeen(t *testing.T) {
	t.Parallel()
	at := path(t)
	reads := 0
	f := open(t, at, sharedfile.Rules[doc]{
		CheckFunc: func(*doc) error { reads++; return nil },
		CloneFunc: func(d *doc) doc { return *d },
	})
	other := open(t, at, sharedfile.Rules[doc]{})
	change := func(by *sharedfile.File[doc], want int) {
		t.Helper()
		before, err := f.View()
		if err != nil {
			t.Fatal(err)
		}
		was := before.N
		if err := by.Change(t.Context(), add); err != nil {
			t.Fatal(err)
		}
		if got, err := f.View(); err != nil || got.N != want || before.N != was {
			t.Errorf("got %+v, %v, want %d; before that %d, now %d", got, err, want, was, before.N)
		}
	}
	for n := range 3 {
		change(f, 2*n+1)
		change(other, 2*n+2)
		change(f, 2*n+3)
		change(other, 2*n+4)
		if err := os.WriteFile(at, fmt.Appendf(nil, `{"n":%d}`, 2*n+2), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if reads != 8 { // the other's changes, and what was written by hand before another change
		t.Errorf("read %d times", reads)
	}
}

func BenchmarkView(b *testing.B) {
	f := sharedfile.New(filepath.Join(b.TempDir(), "doc"), sharedfile.YAML(), sharedfile.Rules[doc]{})
	defer f.Close() //nolint:errcheck // nothing is kept of it
	if err := f.Change(b.Context(), add); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := f.View(); err != nil {
			b.Fatal(err)
		}
	}
}
