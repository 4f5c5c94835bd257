package progress_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"postfleet/internal/fault"
	"postfleet/internal/progress"
)

func readFile(t *testing.T, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// refused asks that every call refuses the ledger and leaves its bytes alone.
func refused(t *testing.T, dir string, words ...string) {
	t.Helper()
	path := filepath.Join(dir, "progress.csv")
	before, readErr := os.ReadFile(path)
	l := open(t, dir)
	for name, call := range map[string]func() error{
		"snapshot": func() error { _, err := l.Snapshot(t.Context()); return err },
		"seed":     func() error { _, err := l.Seed(t.Context(), someJobs(3), nil); return err },
		"join":     func() error { _, err := l.Join(t.Context(), "9"); return err },
		"rescue":   func() error { _, err := l.Rescue(t.Context()); return err },
	} {
		err := call()
		if !fault.Is(err, fault.Ledger) {
			t.Errorf("%s: got %v (class %v), want class ledger", name, err, fault.Of(err))
			continue
		}
		for _, w := range append(words, path) {
			if !strings.Contains(err.Error(), w) {
				t.Errorf("%s: got %q, want %q in it", name, err, w)
			}
		}
	}
	if after, err := os.ReadFile(path); (err == nil) != (readErr == nil) || !bytes.Equal(before, after) {
		t.Errorf("the file was changed: %q, %v", after, err)
	}
}

func copies(t *testing.T, dir string) []string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(dir, "progress.csv.damaged-*"))
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestDamagedFileIsRefused(t *testing.T) {
	t.Parallel()
	edit := func(old, replacement string) func([]byte) []byte {
		return func(b []byte) []byte { return bytes.Replace(b, []byte(old), []byte(replacement), 1) }
	}
	lines := func(b []byte) [][]byte { return bytes.SplitAfter(b, []byte("\n")) }
	for name, damage := range map[string]func([]byte) []byte{
		"empty":               func([]byte) []byte { return nil },
		"cut at a row":        func(b []byte) []byte { return bytes.Join(lines(b)[:3], nil) },
		"cut to the header":   func(b []byte) []byte { return lines(b)[0] },
		"cut in a row":        func(b []byte) []byte { return b[:len(b)-7] },
		"cut in quotes":       func(b []byte) []byte { return b[:bytes.LastIndexByte(b, '"')-2] },
		"last line end":       func(b []byte) []byte { return b[:len(b)-1] },
		"edited by hand":      edit("pending", "success"),
		"line ends converted": func(b []byte) []byte { return bytes.ReplaceAll(b, []byte("\n"), []byte("\r\n")) },
		"a byte order mark":   func(b []byte) []byte { return append([]byte("\ufeff"), b...) },
		"zeroes":              func(b []byte) []byte { return make([]byte, len(b)) },
		"no csv":              edit(",pending", "\"pending"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir, _ := seeded(t, 3)
			path := filepath.Join(dir, "progress.csv")
			bad := damage(readFile(t, path))
			if err := os.WriteFile(path, bad, 0o600); err != nil {
				t.Fatal(err)
			}
			refused(t, dir, "damaged", "journal says 3 rows", "progress.csv.damaged-", "remove")
			refused(t, dir)
			if kept := copies(t, dir); len(kept) != 1 || !bytes.Equal(readFile(t, kept[0]), bad) {
				t.Errorf("got copies %v, want one that holds the damaged bytes", kept)
			}
		})
	}
}

func TestDeletedFileIsRefused(t *testing.T) {
	t.Parallel()
	dir, l := seeded(t, 3)
	m, err := l.Join(t.Context(), "0")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := m.Claim(t.Context(), progress.Terms{}); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(dir, "progress.csv")); err != nil {
		t.Fatal(err)
	}
	if _, err := m.Claim(t.Context(), progress.Terms{}); !fault.Is(err, fault.Ledger) {
		t.Errorf("claim: got %v, want class ledger", err)
	}
	refused(t, dir, "is gone", "3 rows", "posted from the beginning")
}

func TestOldCopyIsRefused(t *testing.T) {
	t.Parallel()
	dir, l := seeded(t, 3)
	path := filepath.Join(dir, "progress.csv")
	old := readFile(t, path)
	m, err := l.Join(t.Context(), "0")
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if _, err := m.Claim(t.Context(), progress.Terms{}); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(path, old, 0o600); err != nil {
		t.Fatal(err)
	}
	refused(t, dir, "damaged")
}

func TestDamagedJournalIsRefused(t *testing.T) {
	t.Parallel()
	dir, _ := seeded(t, 3)
	path := filepath.Join(dir, "progress.csv.journal")
	data := readFile(t, path)
	data[3] ^= 1
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	refused(t, dir, "damaged journal")
}

// TestJournalTakenAway is the mend that the message names: a person vouches
// for the file.
func TestJournalTakenAway(t *testing.T) {
	t.Parallel()
	dir, _ := seeded(t, 3)
	table, journal := filepath.Join(dir, "progress.csv"), filepath.Join(dir, "progress.csv.journal")
	edited := bytes.Replace(readFile(t, table), []byte("pending"), []byte("success"), 1)
	if err := os.WriteFile(table, edited, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(journal); err != nil {
		t.Fatal(err)
	}
	l := open(t, dir)
	if rows := snapshot(t, l); rows[0].Status != progress.StatusSuccess {
		t.Fatalf("got %+v, want the edited row", rows[0])
	}
	m, err := l.Join(t.Context(), "0")
	if err != nil {
		t.Fatal(err)
	}
	if c, err := m.Claim(t.Context(), progress.Terms{}); err != nil || c.Job.ID != 2 {
		t.Fatalf("got job %d, %v, want 2", c.Job.ID, err)
	}
	if err := os.WriteFile(table, edited[:len(edited)-30], 0o600); err != nil {
		t.Fatal(err)
	}
	refused(t, dir)
	if err := os.Remove(journal); err != nil {
		t.Fatal(err)
	}
	refused(t, dir, "fields") // what nobody can read is not taken on trust either
}

// TestJournalStaysSmall also shows that beginning it anew loses nothing.
func TestJournalStaysSmall(t *testing.T) {
	t.Parallel()
	dir, l := seeded(t, 1)
	const limit = 400
	l.SetJournalMax(limit)
	m, err := l.Join(t.Context(), "0")
	if err != nil {
		t.Fatal(err)
	}
	for range 60 {
		c, err := m.Claim(t.Context(), progress.Terms{})
		if err != nil {
			t.Fatal(err)
		}
		if err := m.Finish(t.Context(), c, progress.Release()); err != nil {
			t.Fatal(err)
		}
		if got := len(readFile(t, filepath.Join(dir, "progress.csv.journal"))); got > limit+100 {
			t.Fatalf("the journal has %d bytes, want at most %d and a line", got, limit)
		}
	}
	snapshot(t, open(t, dir))
}

// TestModeIsKept: what an operator made readable stays so.
func TestModeIsKept(t *testing.T) {
	t.Parallel()
	dir, l := seeded(t, 1)
	path := filepath.Join(dir, "progress.csv")
	if err := os.Chmod(path, 0o664); err != nil {
		t.Fatal(err)
	}
	m, err := l.Join(t.Context(), "0")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := m.Claim(t.Context(), progress.Terms{}); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o664 {
		t.Errorf("got %v, %v, want mode 0664", info.Mode(), err)
	}
}
