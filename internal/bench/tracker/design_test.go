package main

import (
	"errors"
	"testing"
)

// TestDesigns: two workers get different rows, a row that was put back is given
// out again under another token, and the old claim on it is refused.
func TestDesigns(t *testing.T) {
	t.Parallel()
	for _, d := range append(designs(), sharedDesign()) {
		if !d.claims {
			continue
		}
		t.Run(d.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			if err := d.prepare(t.Context(), dir, makeJobs(3, d.accounts)); err != nil {
				t.Fatal(err)
			}
			one, two := opened(t, d, dir, "1"), opened(t, d, dir, "2")
			first, second := claimed(t, one), claimed(t, two)
			if first.job != 1 || second.job != 2 {
				t.Errorf("got jobs %d and %d, want 1 and 2", first.job, second.job)
			}
			if err := one.release(t.Context(), first); err != nil {
				t.Fatal(err)
			}
			again := claimed(t, two)
			if again.job != 1 || again.token == first.token {
				t.Errorf("got %+v after %+v", again, first)
			}
			if err := two.release(t.Context(), first); !errors.Is(err, errLost) {
				t.Errorf("the old claim: got %v, want %v", err, errLost)
			}
		})
	}
}

func opened(t *testing.T, d design, dir, worker string) store {
	t.Helper()
	s, err := d.open(t.Context(), dir, worker)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func claimed(t *testing.T, s store) held {
	t.Helper()
	h, err := s.claim(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func TestMakeJobs(t *testing.T) {
	t.Parallel()
	for accounts, want := range map[int]int{0: 100, sharedAccounts: sharedAccounts} {
		seen := map[string]bool{}
		for i, j := range makeJobs(100, accounts) {
			seen[j.Account] = true
			if j.ID != i+1 {
				t.Errorf("job %d has id %d", i+1, j.ID)
			}
		}
		if len(seen) != want {
			t.Errorf("got %d accounts, want %d", len(seen), want)
		}
	}
}
