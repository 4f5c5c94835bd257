package fileledger_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"postfleet/internal/jobs"
	"postfleet/internal/progress"
	"postfleet/internal/progress/fileledger"
)

func TestMain(m *testing.M) {
	inMemory()
	goleak.VerifyTestMain(m)
}

// inMemory puts the tests' directories where a flush costs nothing. That the
// disk keeps what was flushed is the kernel's business; when it is asked to is
// ours, and TestPowerCut's.
func inMemory() {
	const shm = "/dev/shm"
	if info, err := os.Stat(shm); err == nil && info.IsDir() {
		if err := os.Setenv("TMPDIR", shm); err != nil {
			panic(err)
		}
	}
}

func open(tb testing.TB, dir string) *fileledger.Ledger {
	tb.Helper()
	l, err := fileledger.Open(dir, fileledger.Options{})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = l.Close() })
	return l
}

func someJobs(n int) []jobs.PostJob {
	all := make([]jobs.PostJob, n)
	for i := range all {
		account := string(rune('a'+i%26)) + strings.Repeat("x", i/26%40)
		all[i] = jobs.PostJob{ID: i + 1, Account: account, Video: "v.mp4", Caption: "line\r\nline"}
	}
	return all
}

func seeded(t *testing.T, n int) (string, *fileledger.Ledger) {
	t.Helper()
	dir := t.TempDir()
	l := open(t, dir)
	if _, err := l.Seed(t.Context(), someJobs(n), nil); err != nil {
		t.Fatal(err)
	}
	return dir, l
}

func snapshot(t *testing.T, l progress.Ledger) []progress.Row {
	t.Helper()
	rows, err := l.Snapshot(t.Context())
	if err != nil {
		t.Fatalf("snapshot: %v", err)
	}
	return rows
}

func join(t *testing.T, l progress.Ledger, id string) progress.Member {
	t.Helper()
	m, err := l.Join(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func claim(t *testing.T, m progress.Member) progress.Claim {
	t.Helper()
	c, err := m.Claim(t.Context(), progress.Terms{})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func finish(t *testing.T, m progress.Member, c progress.Claim, o progress.Outcome) {
	t.Helper()
	if err := m.Finish(t.Context(), c, o); err != nil {
		t.Fatal(err)
	}
}

func readFile(t *testing.T, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func write(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

func remove(t *testing.T, dir string, names ...string) {
	t.Helper()
	for _, name := range names {
		if err := os.Remove(filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
}
