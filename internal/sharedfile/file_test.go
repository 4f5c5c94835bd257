package sharedfile_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"postfleet/internal/fault"
	"postfleet/internal/sharedfile"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

type doc struct {
	N int `json:"n" yaml:"n"`
}

func open(t *testing.T, path string, rules sharedfile.Rules[doc]) *sharedfile.File[doc] {
	t.Helper()
	f := sharedfile.New(path, sharedfile.JSON(), rules)
	t.Cleanup(func() { _ = f.Close() })
	return f
}

func path(t *testing.T) string { t.Helper(); return filepath.Join(t.TempDir(), "doc.json") }

func add(d *doc) (bool, error) { d.N++; return true, nil }

// No change is lost, and no reader sees half a file, when many write at once.
func TestChangesAreKept(t *testing.T) {
	t.Parallel()
	const writers, changes = 8, 20
	at := path(t)
	var all sync.WaitGroup
	for range writers {
		f := open(t, at, sharedfile.Rules[doc]{})
		all.Go(func() {
			for range changes {
				if err := f.Change(t.Context(), add); err != nil {
					t.Error(err)
				}
				if _, err := f.Read(); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	if got, err := open(t, at, sharedfile.Rules[doc]{}).Read(); err != nil || got.N != writers*changes {
		t.Errorf("got %d, %v", got.N, err)
	}
}

func TestNoChange(t *testing.T) {
	t.Parallel()
	at := path(t)
	f := open(t, at, sharedfile.Rules[doc]{})
	unchanged := func(d *doc) (bool, error) { d.N = 9; return false, nil }
	refused := func(d *doc) (bool, error) { d.N = 9; return true, os.ErrInvalid }
	if err := f.Change(t.Context(), unchanged); err != nil {
		t.Error(err)
	}
	if err := f.Change(t.Context(), refused); !errors.Is(err, os.ErrInvalid) {
		t.Errorf("got %v", err)
	}
	if _, err := os.Stat(at); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a file was written: %v", err)
	}
}

func TestChangeWaitsNoLongerThanContext(t *testing.T) {
	t.Parallel()
	at := path(t)
	first, second := open(t, at, sharedfile.Rules[doc]{}), open(t, at, sharedfile.Rules[doc]{})
	err := first.Change(t.Context(), func(d *doc) (bool, error) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := second.Change(ctx, add); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
		return add(d)
	})
	if got, _ := second.Read(); err != nil || got.N != 1 {
		t.Errorf("got %d, %v", got.N, err)
	}
}

func TestDamaged(t *testing.T) {
	t.Parallel()
	at := path(t)
	if err := os.WriteFile(at, []byte(`{"n":`), 0o600); err != nil {
		t.Fatal(err)
	}
	strict := open(t, at, sharedfile.Rules[doc]{})
	if err := strict.Change(t.Context(), add); !errors.Is(err, sharedfile.ErrDamaged) || !fault.Is(err, fault.Ledger) {
		t.Errorf("got %v", err)
	}
	mended := 0
	mending := open(t, at, sharedfile.Rules[doc]{MendFunc: func(damage error) (doc, error) {
		mended++
		return doc{N: 40}, nil
	}})
	for range 2 { // what was mended is written, changed or not
		if err := mending.Change(t.Context(), func(*doc) (bool, error) { return false, nil }); err != nil {
			t.Error(err)
		}
	}
	if got, err := strict.Read(); err != nil || got.N != 40 || mended != 1 {
		t.Errorf("got %d, %v, mended %d times", got.N, err, mended)
	}
}
