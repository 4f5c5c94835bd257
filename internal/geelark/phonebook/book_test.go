package phonebook_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"go.uber.org/goleak"

	"postfleet/internal/fault"
	"postfleet/internal/geelark"
	"postfleet/internal/geelark/phonebook"
)

var _ geelark.Book = (*phonebook.Book)(nil)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func path(t *testing.T) string { t.Helper(); return filepath.Join(t.TempDir(), phonebook.FileName) }

func open(t *testing.T, cfg phonebook.Config) *phonebook.Book {
	t.Helper()
	if cfg.Fleet == "" {
		cfg.Fleet = "f"
	}
	b, err := phonebook.Open(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() })
	return b
}

func entries(t *testing.T, path string) []phonebook.Entry {
	t.Helper()
	got, err := open(t, phonebook.Config{Path: path}).Entries()
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// Each step of a phone's life is there for whoever opens the book next.
func TestLife(t *testing.T) {
	t.Parallel()
	at := path(t)
	life := func() *phonebook.Book { return open(t, phonebook.Config{Path: at, Worker: 3}) }
	closed := os.ErrClosed.Error()
	want := phonebook.Entry{ID: "p1", Name: "shop", Fleet: "f", Worker: 3, State: phonebook.Intent}
	for _, step := range []struct {
		do        func(b *phonebook.Book) error
		state     phonebook.State
		lastError string
	}{
		{func(b *phonebook.Book) error { return b.Intend(t.Context(), "p1", "shop") }, phonebook.Intent, ""},
		{func(b *phonebook.Book) error { return b.Running(t.Context(), "p1") }, phonebook.Running, ""},
		{func(b *phonebook.Book) error { return b.Stopping(t.Context(), "p1", os.ErrClosed) }, "stopping", closed},
		{func(b *phonebook.Book) error { return b.Stopping(t.Context(), "p1", nil) }, phonebook.Stopping, ""},
		{func(b *phonebook.Book) error { return b.Intend(t.Context(), "p1", "shop") }, phonebook.Intent, ""},
	} {
		if err := step.do(life()); err != nil {
			t.Fatal(err)
		}
		want.State, want.LastError = step.state, step.lastError
		got := entries(t, at)
		if diff := cmp.Diff([]phonebook.Entry{want}, got, cmpopts.IgnoreFields(want, "StartedAt")); diff != "" {
			t.Error(diff)
		}
		if age := time.Since(got[0].StartedAt); age < 0 || age > time.Minute {
			t.Errorf("started at %s", got[0].StartedAt)
		}
	}
	for range 2 {
		if err := life().Stopped(t.Context(), "p1"); err != nil {
			t.Error(err)
		}
	}
	if got := entries(t, at); len(got) != 0 {
		t.Errorf("got %v", got)
	}
	for _, err := range []error{life().Running(t.Context(), "p1"), life().Stopping(t.Context(), "p1", nil)} {
		if !errors.Is(err, phonebook.ErrNotBooked) {
			t.Errorf("got %v", err)
		}
	}
}

// Whose phone may be taken over.
func TestIntendOfAnothersPhone(t *testing.T) {
	t.Parallel()
	alive := func(worker int) (bool, error) { return worker != 1, nil }
	for _, tt := range []struct {
		name string
		cfg  phonebook.Config
		want error
	}{
		{"my own, from before", phonebook.Config{Worker: 1, AliveFunc: alive}, nil},
		{"a dead worker's", phonebook.Config{Worker: 2, AliveFunc: alive}, nil},
		{"nobody knows", phonebook.Config{Worker: 2}, phonebook.ErrHeld},
		{
			"a living worker's",
			phonebook.Config{Worker: 2, AliveFunc: func(int) (bool, error) { return true, nil }},
			phonebook.ErrHeld,
		},
		{"another fleet's", phonebook.Config{Fleet: "g", Worker: 1, AliveFunc: alive}, phonebook.ErrHeld},
		{
			"cannot be asked",
			phonebook.Config{Worker: 2, AliveFunc: func(int) (bool, error) { return false, os.ErrPermission }},
			os.ErrPermission,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			tt.cfg.Path = path(t)
			first := open(t, phonebook.Config{Path: tt.cfg.Path, Worker: 1})
			if err := first.Intend(t.Context(), "p1", "a"); err != nil {
				t.Fatal(err)
			}
			if err := open(t, tt.cfg).Intend(t.Context(), "p1", "a"); !errors.Is(err, tt.want) {
				t.Errorf("got %v, want %v", err, tt.want)
			} else if errors.Is(err, phonebook.ErrHeld) && !fault.Is(err, fault.Device) {
				t.Errorf("got class %s", fault.Of(err))
			}
			want := 1
			if tt.want == nil {
				want = tt.cfg.Worker
			}
			if got := entries(t, tt.cfg.Path); len(got) != 1 || got[0].Worker != want {
				t.Errorf("got %v", got)
			}
		})
	}
}

// Whoever stops a dead worker's phone keeps others from starting it meanwhile.
func TestTake(t *testing.T) {
	t.Parallel()
	at := path(t)
	dead, stopping := false, true
	alive := func(worker int) (bool, error) {
		if worker == phonebook.NoWorker {
			return stopping, nil
		}
		return !dead, nil
	}
	worker0 := open(t, phonebook.Config{Path: at, Worker: 0, AliveFunc: alive})
	worker1 := open(t, phonebook.Config{Path: at, Worker: 1, AliveFunc: alive})
	orchestrator := open(t, phonebook.Config{Path: at, Fleet: "renamed", Worker: phonebook.NoWorker, AliveFunc: alive})
	if err := orchestrator.Take(t.Context(), "p1"); !errors.Is(err, phonebook.ErrNotBooked) {
		t.Errorf("take what is not in the book: got %v", err)
	}
	if err := worker0.Intend(t.Context(), "p1", "a"); err != nil {
		t.Fatal(err)
	}
	if err := orchestrator.Take(t.Context(), "p1"); !errors.Is(err, phonebook.ErrHeld) {
		t.Errorf("take from the living: got %v", err)
	}
	dead = true
	if err := orchestrator.Take(t.Context(), "p1"); err != nil {
		t.Errorf("take from the dead: got %v", err)
	}
	if got := entries(t, at)[0]; got.Worker != phonebook.NoWorker || got.State != phonebook.Stopping {
		t.Errorf("got %+v", got)
	}
	if err := worker1.Intend(t.Context(), "p1", "a"); !errors.Is(err, phonebook.ErrHeld) {
		t.Errorf("start what is being stopped: got %v", err)
	}
	stopping = false // it died over it
	if err := worker1.Intend(t.Context(), "p1", "a"); err != nil {
		t.Errorf("start what nobody stops any more: got %v", err)
	}
}

// No entry is lost, and no phone has two holders, when all write at once.
func TestManyAtOnce(t *testing.T) {
	t.Parallel()
	const workers = 16
	at := path(t)
	var all sync.WaitGroup
	won := make(chan int, workers)
	for w := range workers {
		b := open(t, phonebook.Config{Path: at, Worker: w + 1})
		all.Go(func() {
			id := fmt.Sprintf("own%d", w)
			if err := errors.Join(b.Intend(t.Context(), id, id), b.Running(t.Context(), id)); err != nil {
				t.Error(err)
			}
			switch err := b.Intend(t.Context(), "shared", "shared"); {
			case err == nil:
				won <- w
			case !errors.Is(err, phonebook.ErrHeld):
				t.Error(err)
			}
		})
	}
	all.Wait()
	if got := entries(t, at); len(won) != 1 || len(got) != workers+1 {
		t.Errorf("%d have the phone, %d entries: %v", len(won), len(got), got)
	}
}

// A damaged book is refused by everything, says what to do, and stays.
func TestDamaged(t *testing.T) {
	t.Parallel()
	good := `{"id":"p1","name":"a","fleet":"f","worker":1,"started_at":"2026-01-01T00:00:00Z","state":"running"}`
	for name, text := range map[string]string{
		"empty":         "",
		"cut":           `{"version":1,"phones":[{"id":"p1"`,
		"null":          `null`,
		"no book":       `{}`,
		"later version": `{"version":2,"phones":[]}`,
		"unknown field": `{"version":1,"phones":[],"more":1}`,
		"unknown state": `{"version":1,"phones":[` + strings.Replace(good, "running", "off", 1) + `]}`,
		"no id":         `{"version":1,"phones":[` + strings.Replace(good, "p1", "", 1) + `]}`,
		"twice":         `{"version":1,"phones":[` + good + `,` + good + `]}`,
		"two books":     `{"version":1,"phones":[]}{"version":1,"phones":[]}`,
		"zeros":         string(make([]byte, 100)),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			at := path(t)
			b := open(t, phonebook.Config{Path: at, Worker: 1})
			if err := os.WriteFile(at, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			_, openErr := phonebook.Open(phonebook.Config{Path: at})
			_, bookedErr := b.Booked(t.Context(), "p1")
			for _, err := range []error{
				openErr, bookedErr, b.Intend(t.Context(), "p1", "a"), b.Stopped(t.Context(), "p1"),
			} {
				if !fault.Is(err, fault.Ledger) || !strings.Contains(err.Error(), at) ||
					!strings.Contains(err.Error(), "stop this fleet's phones") {
					t.Errorf("got %v", err)
				}
			}
			if after, err := os.ReadFile(at); err != nil || string(after) != text {
				t.Errorf("the file is %q by now, %v", after, err)
			}
		})
	}
}

// What a person may read in the file, and that it holds nothing else.
func TestFile(t *testing.T) {
	t.Parallel()
	at := path(t)
	if err := open(t, phonebook.Config{Path: at, Worker: 2}).Intend(t.Context(), "p1", "shop"); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(at)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`"id": "p1"`, `"name": "shop"`, `"fleet": "f"`, `"worker": 2`, `"started_at": "`, `"state": "intent"`,
	} {
		if !strings.Contains(string(text), want) {
			t.Errorf("no %s in %s", want, text)
		}
	}
}
