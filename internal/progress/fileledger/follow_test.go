package fileledger_test

import (
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"postfleet/internal/progress"
	"postfleet/internal/progress/disk"
	"postfleet/internal/progress/disk/crashdisk"
	"postfleet/internal/progress/fileledger"
)

// spy counts how often each file was opened.
type spy struct {
	disk.Dir

	mu     sync.Mutex
	opened map[string]int
}

func (s *spy) Open(name string) (disk.File, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.opened[name]++
	return s.Dir.Open(name)
}

// since returns what was opened since it was asked last.
func (s *spy) since() map[string]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	was := s.opened
	s.opened = make(map[string]int)
	return was
}

// TestFollow: what others do is read from where the last reading ended, and a
// journal that was begun anew without its base.
func TestFollow(t *testing.T) {
	t.Parallel()
	locks, d := t.TempDir(), crashdisk.New()
	view := &spy{Dir: d, opened: make(map[string]int)}
	ours := fileledger.OpenOn(locks, d, fileledger.Options{})
	theirs := fileledger.OpenOn(locks, view, fileledger.Options{})
	t.Cleanup(func() { _, _ = ours.Close(), theirs.Close() })
	ours.SetJournalLimit(1 << 20)
	all := accountJobs(6, "ann", "bob")
	if _, err := ours.Seed(t.Context(), all[:4], nil); err != nil {
		t.Fatal(err)
	}
	m := join(t, ours, "0")
	sees := func(opened map[string]int) {
		t.Helper()
		if diff := cmp.Diff(snapshot(t, ours), snapshot(t, theirs)); diff != "" {
			t.Errorf("others see (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff(opened, view.since()); diff != "" {
			t.Errorf("opened (-want +got):\n%s", diff)
		}
	}
	sees(map[string]int{journal: 1, table: 1, base: 1})
	c := claim(t, m)
	sees(map[string]int{})
	if err := m.SetPhase(t.Context(), c, progress.PhasePosting); err != nil {
		t.Fatal(err)
	}
	finish(t, m, c, progress.Success())
	sees(map[string]int{})

	ours.SetJournalLimit(1)
	beginAnew(t, d, m)
	sees(map[string]int{journal: 1})
	beginAnew(t, d, m)
	beginAnew(t, d, m) // which is one too many to follow
	if diff := cmp.Diff(snapshot(t, ours), snapshot(t, theirs)); diff != "" {
		t.Errorf("others see (-want +got):\n%s", diff)
	}
	view.since()

	if _, err := ours.Seed(t.Context(), all, nil); err != nil {
		t.Fatal(err)
	}
	sees(map[string]int{journal: 2, table: 1, base: 1})
	claim(t, m)
	sees(map[string]int{})
}

// TestTornTail: what a dead writer left of a line is gone over by the next
// writer, be that in use or new, and its line shorter or longer.
func TestTornTail(t *testing.T) {
	t.Parallel()
	for name, tail := range map[string]string{
		"short":      "r,9",
		"long":       "r,9,3,success," + string(make([]byte, 300)),
		"no number":  "r",
		"zeroes":     string(make([]byte, 5000)),
		"whole line": "r,9,3,claimed,x,2026-01-02T15:04:05Z,,0,,,0,00000000",
	} {
		for who, reopened := range map[string]bool{"in use": false, "new": true} {
			t.Run(name+"/"+who, func(t *testing.T) {
				t.Parallel()
				dir, l := seeded(t, 5)
				m := join(t, l, "0")
				finish(t, m, claim(t, m), progress.Success())
				grow(t, filepath.Join(dir, journal), tail)
				if reopened {
					if err := l.Close(); err != nil {
						t.Fatal(err)
					}
					l = open(t, dir)
					m = join(t, l, "1")
				}
				for range 3 {
					claim(t, m)
				}
				if diff := cmp.Diff(snapshot(t, l), snapshot(t, open(t, dir))); diff != "" {
					t.Errorf("(-ours +read anew):\n%s", diff)
				}
				if err := l.Close(); err != nil {
					t.Fatal(err)
				}
				sameAsTable(t, dir)
				if got := kept(t, dir, "progress.csv."+"*damaged-"); len(got) > 0 {
					t.Errorf("%q was put aside", got)
				}
			})
		}
	}
}

// beginAnew works until the journal is begun anew.
func beginAnew(t *testing.T, d disk.Dir, m progress.Member) {
	t.Helper()
	was, err := d.ID(journal)
	for is := was; is == was && err == nil; is, err = d.ID(journal) {
		finish(t, m, claim(t, m), progress.Release())
	}
	if err != nil {
		t.Fatal(err)
	}
}

func grow(t *testing.T, path, text string) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	if _, err := f.WriteString(text); err != nil {
		t.Fatal(err)
	}
}
