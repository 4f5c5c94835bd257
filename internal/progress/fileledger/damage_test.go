package fileledger_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"postfleet/internal/fault"
	"postfleet/internal/progress"
	"postfleet/internal/progress/fileledger"
)

const (
	table   = "progress.csv"
	base    = "progress.csv.prev"
	journal = "progress.csv.journal"
)

// worked is a directory in which some rows have changed, and its rows.
func worked(t *testing.T) (string, []progress.Row) {
	t.Helper()
	dir, l := seeded(t, 4)
	m := join(t, l, "0")
	first := claim(t, m)
	finish(t, m, first, progress.Success())
	claim(t, m)
	rows := snapshot(t, l)
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	return dir, rows
}

// refused asks that every call refuses the ledger and leaves its bytes alone.
func refused(t *testing.T, dir string, words ...string) {
	t.Helper()
	path := filepath.Join(dir, table)
	before, readErr := os.ReadFile(path)
	l := open(t, dir)
	for name, call := range map[string]func() error{
		"snapshot": func() error { _, err := l.Snapshot(t.Context()); return err },
		"seed":     func() error { _, err := l.Seed(t.Context(), someJobs(4), nil); return err },
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

// kept returns what the directory has put aside under names that begin so.
func kept(t *testing.T, dir, prefix string) [][]byte {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(dir, prefix+"*"))
	if err != nil {
		t.Fatal(err)
	}
	var all [][]byte
	for _, p := range paths {
		all = append(all, readFile(t, p))
	}
	return all
}

func damages() map[string]func([]byte) []byte {
	edit := func(old, replacement string) func([]byte) []byte {
		return func(b []byte) []byte { return bytes.Replace(b, []byte(old), []byte(replacement), 1) }
	}
	lines := func(b []byte) [][]byte { return bytes.SplitAfter(b, []byte("\n")) }
	return map[string]func([]byte) []byte{
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
	}
}

// TestSpoiltTableIsRebuilt: progress.csv is made again from the base and the
// journal, and what was there is put aside.
func TestSpoiltTableIsRebuilt(t *testing.T) {
	t.Parallel()
	for name, damage := range damages() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir, rows := worked(t)
			good := readFile(t, filepath.Join(dir, table))
			bad := damage(bytes.Clone(good))
			write(t, filepath.Join(dir, table), bad)
			l := open(t, dir)
			if diff := cmp.Diff(rows, snapshot(t, l)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			m := join(t, l, "1")
			if c := claim(t, m); c.Job.ID != 3 && c.Job.ID != 2 {
				t.Errorf("got job %d", c.Job.ID)
			}
			aside := append(kept(t, dir, "progress.csv.damaged-"), kept(t, dir, "progress.csv.edited-")...)
			if len(aside) != 1 || !bytes.Equal(aside[0], bad) {
				t.Errorf("got %q put aside, want what was there", aside)
			}
			if err := l.Close(); err != nil {
				t.Fatal(err)
			}
			sameAsTable(t, dir)
		})
	}
}

// TestEditsArePutAside: an edit while the fleet runs changes nothing and is
// not lost.
func TestEditsArePutAside(t *testing.T) {
	t.Parallel()
	dir, l := seeded(t, 4)
	m := join(t, l, "0")
	c := claim(t, m)
	edited := bytes.Replace(readFile(t, filepath.Join(dir, table)), []byte("pending"), []byte("skip"), 1)
	write(t, filepath.Join(dir, table), edited)
	finish(t, m, c, progress.Success())
	if got := kept(t, dir, "progress.csv.edited-"); len(got) != 1 || !bytes.Equal(got[0], edited) {
		t.Errorf("got %q put aside, want the edit", got)
	}
	for _, r := range snapshot(t, open(t, dir)) {
		if r.Status == progress.StatusSkip {
			t.Errorf("the edit was taken: %+v", r)
		}
	}
	sameAsTable(t, dir)
}

func TestLostTableIsRebuilt(t *testing.T) {
	t.Parallel()
	dir, rows := worked(t)
	remove(t, dir, table)
	l := open(t, dir)
	if diff := cmp.Diff(rows, snapshot(t, l)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	claim(t, join(t, l, "1"))
	sameAsTable(t, dir)
}

func TestLostBaseIsMadeAgain(t *testing.T) {
	t.Parallel()
	dir, _ := worked(t)
	remove(t, dir, base)
	claim(t, join(t, open(t, dir), "1"))
	remove(t, dir, table)
	if got := len(snapshot(t, open(t, dir))); got != 4 {
		t.Errorf("got %d rows, want 4", got)
	}
}

// TestRefused: without a file that the journal knows there is nothing to go by.
func TestRefused(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		spoil func(t *testing.T, dir string)
		words []string
	}{
		"table cut, base removed": {func(t *testing.T, dir string) {
			t.Helper()
			remove(t, dir, base)
			write(t, filepath.Join(dir, table), []byte("job_id\n"))
		}, []string{"damaged", "journal says 4 rows", "progress.csv.damaged-", "remove"}},
		"table removed, base cut": {func(t *testing.T, dir string) {
			t.Helper()
			remove(t, dir, table)
			write(t, filepath.Join(dir, base), []byte("job_id\n"))
		}, []string{"is gone", "posted from the beginning"}},
		"table and journal removed": {func(t *testing.T, dir string) {
			t.Helper()
			remove(t, dir, table, journal)
		}, []string{"is gone", "posted from the beginning"}},
		"table cut, journal removed": {func(t *testing.T, dir string) {
			t.Helper()
			remove(t, dir, journal)
			data := readFile(t, filepath.Join(dir, table))
			write(t, filepath.Join(dir, table), data[:len(data)-30])
		}, []string{"damaged"}},
		"journal emptied": {func(t *testing.T, dir string) {
			t.Helper()
			write(t, filepath.Join(dir, journal), nil)
		}, []string{"damaged"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir, _ := worked(t)
			tt.spoil(t, dir)
			refused(t, dir, tt.words...)
			refused(t, dir)
			if got := kept(t, dir, "progress.csv.damaged-"); len(got) > 1 {
				t.Errorf("%d copies were made, want one", len(got))
			}
		})
	}
}

// TestJournalTakenAway is the mend that the message names: a person vouches
// for the file.
func TestJournalTakenAway(t *testing.T) {
	t.Parallel()
	dir, _ := worked(t)
	edited := bytes.Replace(readFile(t, filepath.Join(dir, table)), []byte("pending"), []byte("skip"), 1)
	write(t, filepath.Join(dir, table), edited)
	remove(t, dir, journal)
	l := open(t, dir)
	if rows := snapshot(t, l); rows[2].Status != progress.StatusSkip {
		t.Fatalf("got %+v, want the edited row", rows[2])
	}
	m := join(t, l, "0") // whose claim on job 2 is rescued
	if c := claim(t, m); c.Job.ID != 2 {
		t.Fatalf("got job %d, want 2", c.Job.ID)
	}
	if len(kept(t, dir, "progress.csv.edited-")) > 0 {
		t.Error("what a person vouched for was put aside")
	}
	sameAsTable(t, dir)
}

// TestJournalRemovedInUse: progress.csv may be behind it.
func TestJournalRemovedInUse(t *testing.T) {
	t.Parallel()
	dir, l := seeded(t, 4)
	m := join(t, l, "0")
	claim(t, m)
	remove(t, dir, journal)
	if _, err := m.Claim(t.Context(), progress.Terms{}); !fault.Is(err, fault.Ledger) ||
		!strings.Contains(err.Error(), "while it was in use") {
		t.Errorf("got %v, want class ledger", err)
	}
}

// sameAsTable asks that progress.csv shows what the ledger says.
func sameAsTable(t *testing.T, dir string) {
	t.Helper()
	shown := readFile(t, filepath.Join(dir, table))
	l := open(t, dir)
	rows := snapshot(t, l)
	copyOf := t.TempDir()
	write(t, filepath.Join(copyOf, table), shown)
	alone, err := fileledger.Open(copyOf, fileledger.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = alone.Close() }()
	got := snapshot(t, alone)
	for i := range rows {
		rows[i].Deaths = 0 // no column
	}
	if diff := cmp.Diff(rows, got); diff != "" {
		t.Errorf("progress.csv is not the ledger (-want +got):\n%s", diff)
	}
}
