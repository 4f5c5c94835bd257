package fileledger_test

import (
	"testing"

	"postfleet/internal/progress"
	"postfleet/internal/progress/fileledger"
)

// TestVersion: it is another one after every change of a row, whoever made it,
// and the same as long as there is none.
func TestVersion(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	watcher, other := open(t, dir), open(t, dir)
	seen := map[fileledger.Version]string{}
	differs := func(after string) {
		t.Helper()
		v := version(t, watcher)
		if before, known := seen[v]; known {
			t.Errorf("after %s: got the version of %s", after, before)
		}
		seen[v] = after
		snapshot(t, watcher)
		if again := version(t, watcher); again != v {
			t.Errorf("after %s: got another version though nothing changed", after)
		}
	}
	differs("nothing")
	seed := func(n int) {
		t.Helper()
		if _, err := other.Seed(t.Context(), someJobs(n), nil); err != nil {
			t.Fatal(err)
		}
	}
	seed(2)
	differs("the seed")
	seed(3)
	differs("a longer seed")
	m := join(t, other, "1")
	c := claim(t, m)
	differs("a claim")
	if err := m.SetPhase(t.Context(), c, progress.PhasePosting); err != nil {
		t.Fatal(err)
	}
	differs("a phase")
	finish(t, m, c, progress.Success())
	differs("an end")
	if err := other.Skip(t.Context(), []int{2, 3}, "not wanted", false); err != nil {
		t.Fatal(err)
	}
	differs("a skip")
}

func version(t *testing.T, l *fileledger.Ledger) fileledger.Version {
	t.Helper()
	v, err := l.Version(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return v
}
