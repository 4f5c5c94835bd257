package fileledger_test

import (
	"bytes"
	"fmt"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"postfleet/internal/jobs"
	"postfleet/internal/progress"
	"postfleet/internal/progress/fileledger"
)

// behind is a directory whose progress.csv is some transitions behind the
// journal, as that of a large ledger is, and its rows.
func behind(t *testing.T) (string, []progress.Row) {
	t.Helper()
	dir := t.TempDir()
	l := open(t, dir)
	all := accountJobs(8, "ann", "bob", "cid", "dan")
	for i := range 32 {
		all = append(all, jobs.PostJob{ID: 9 + i, Account: fmt.Sprint("eve", i), Video: "v.mp4"})
	}
	if _, err := l.Seed(t.Context(), all, nil); err != nil {
		t.Fatal(err)
	}
	first, second, third := join(t, l, "0"), join(t, l, "1"), join(t, l, "2")
	finish(t, first, claim(t, first), progress.Success())
	shown := readFile(t, filepath.Join(dir, table))
	c := claim(t, second) // bob's
	if err := second.SetPhase(t.Context(), c, progress.PhasePosting); err != nil {
		t.Fatal(err)
	}
	claim(t, third) // cid's
	finish(t, first, claim(t, first), progress.Success())
	rows := snapshot(t, l)
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, table), shown)
	return dir, rows
}

// lineOf returns where the n-th last transition stands in a journal.
func lineOf(t *testing.T, data []byte, n int) (from, to int) {
	t.Helper()
	to = len(data)
	for n > 0 {
		from = bytes.LastIndexByte(data[:to-1], '\n') + 1
		if data[from] == 'r' {
			n--
		}
		if n > 0 {
			to = from
		}
	}
	return from, to
}

// TestSpoiltJournal: what a damaged line may have been about is verified, and
// all else is as it was.
func TestSpoiltJournal(t *testing.T) {
	t.Parallel()
	// The last transitions, from the end: success and claim of dan's 4, claim of
	// cid's 3, phase and claim of bob's 2. Everybody's next is possible.
	const few, possible = 9, 2 + 36
	for name, tt := range map[string]struct {
		line   int
		damage func(line []byte)
		// doubted are the rows of which something was lost, and atMost is how many
		// others may be verified without need.
		doubted []int
		atMost  int
	}{
		"text of the last":     {1, func(b []byte) { b[len(b)-4] ^= 1 }, []int{4}, few},
		"last, without digits": {1, func(b []byte) { copy(b, "r,?,?") }, []int{4}, possible},
		"id of the last":       {1, func(b []byte) { digit(b, '7') }, []int{4}, few},
		"one written over":     {2, func(b []byte) { b[len(b)-3] ^= 1 }, nil, few},
		"claim":                {3, func(b []byte) { b[len(b)-3] ^= 1 }, []int{3}, few},
		"claim, its id":        {3, func(b []byte) { digit(b, '8') }, []int{3}, few},
		"phase":                {4, func(b []byte) { b[len(b)-4] ^= 1 }, []int{2}, few},
		"phase, its id":        {4, func(b []byte) { digit(b, '1') }, []int{2}, few},
		"phase, zeroes":        {4, func(b []byte) { clear(b[:len(b)-1]) }, []int{2}, possible},
		"phase and a note":     {4, func(b []byte) { b[len(b)-1] = 0 }, []int{2}, possible},
		"the claim before it":  {5, func(b []byte) { b[len(b)-1] = 0 }, nil, possible},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir, want := behind(t)
			path := filepath.Join(dir, journal)
			data := readFile(t, path)
			from, to := lineOf(t, data, tt.line)
			tt.damage(data[from:to])
			write(t, path, data)
			l := open(t, dir)
			got := snapshot(t, l)
			verified(t, want, got, tt.doubted, tt.atMost)
			if err := l.Requeue(t.Context(), []int{got[7].ID}, true); err != nil { // anything that mends
				t.Fatal(err)
			}
			join(t, l, "9")
			if aside := kept(t, dir, "progress.csv.journal.damaged-"); len(aside) != 1 || !bytes.Equal(aside[0], data) {
				t.Errorf("got %d journals put aside, want the damaged one", len(aside))
			}
			if err := l.Close(); err != nil {
				t.Fatal(err)
			}
			sameAsTable(t, dir)
		})
	}
}

// digit changes the last digit of a line's job.
func digit(line []byte, to byte) {
	fields := bytes.SplitN(line, []byte{','}, 4)
	fields[2][len(fields[2])-1] = to
}

// verified asks that got are the rows want, but for those that are doubted, of
// which none can be claimed as if nothing had happened, and at most so many
// others.
func verified(t *testing.T, want, got []progress.Row, doubted []int, atMost int) {
	t.Helper()
	if len(want) != len(got) {
		t.Fatalf("got %d rows, want %d", len(got), len(want))
	}
	others := 0
	for i, r := range got {
		switch {
		case slices.Contains(doubted, r.ID):
			if r.Phase == progress.PhaseNone {
				t.Errorf("row %d is not verified: %+v", r.ID, r)
			}
		case r == want[i]:
		case r == want[i].Doubted():
			others++
		default:
			t.Errorf("row %d (-want +got):\n%s", r.ID, cmp.Diff(want[i], r))
		}
	}
	if others > atMost {
		t.Errorf("%d rows are verified without need, want at most %d", others, atMost)
	}
}

// TestJournalCutShort: of what was cut off, progress.csv tells, or the memory
// of those who had read it.
func TestJournalCutShort(t *testing.T) {
	t.Parallel()
	for name, cut := range map[string]func(data []byte, at int) []byte{
		"at a line":   func(data []byte, at int) []byte { return data[:at] },
		"in a line":   func(data []byte, at int) []byte { return data[:at+9] },
		"to a header": func(data []byte, _ int) []byte { return data[:bytes.IndexByte(data, '\n')+1] },
		"zeroes":      func(data []byte, at int) []byte { clear(data[at:]); return data[:len(data)-1] },
	} {
		for who, used := range map[string]bool{"in use": true, "new": false} {
			t.Run(name+"/"+who, func(t *testing.T) {
				t.Parallel()
				dir, l := seeded(t, 5)
				m, n := join(t, l, "0"), join(t, l, "1")
				c := claim(t, m)
				if err := m.SetPhase(t.Context(), c, progress.PhasePosting); err != nil {
					t.Fatal(err)
				}
				finish(t, n, claim(t, n), progress.Success())
				rows := snapshot(t, l)
				path := filepath.Join(dir, journal)
				if used { // and progress.csv is of no help
					write(t, filepath.Join(dir, table), readFile(t, filepath.Join(dir, base)))
				}
				data := readFile(t, path)
				from, _ := lineOf(t, data, 3)
				write(t, path, cut(data, from))
				if !used {
					if err := l.Close(); err != nil {
						t.Fatal(err)
					}
					l = open(t, dir)
				}
				verified(t, rows, snapshot(t, l), []int{1, 2}, 0)
				if c := claim(t, join(t, l, "9")); !c.Verify {
					t.Errorf("got %+v, want a job to be verified", c)
				}
				if got := open(t, dir); snapshot(t, got)[1].Phase == progress.PhaseNone {
					t.Error("the verification does not last")
				}
			})
		}
	}
}

// TestSpoiltHeader: the journal's notes tell what progress.csv shows.
func TestSpoiltHeader(t *testing.T) {
	t.Parallel()
	for name, edit := range map[string]func(data []byte) []byte{
		"flipped": func(data []byte) []byte { data[4] ^= 1; return data },
		"removed": func(data []byte) []byte { return data[bytes.IndexByte(data, '\n')+1:] },
		"zeroes":  func(data []byte) []byte { clear(data[:30]); return data },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir, want := behind(t)
			path := filepath.Join(dir, journal)
			write(t, path, edit(readFile(t, path)))
			l := open(t, dir)
			if diff := cmp.Diff(want, snapshot(t, l)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			join(t, l, "9")
			if err := l.Close(); err != nil {
				t.Fatal(err)
			}
			sameAsTable(t, dir)
		})
	}
}

// TestForeignJournal: a line about a job that is not there is refused.
func TestForeignJournal(t *testing.T) {
	t.Parallel()
	dir, _ := worked(t)
	large := t.TempDir()
	l, err := fileledger.Open(large, fileledger.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := l.Seed(t.Context(), accountJobs(9, "ann"), nil); err != nil {
		t.Fatal(err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, journal), readFile(t, filepath.Join(large, journal)))
	refused(t, dir, "damaged", "journal says 9 rows")
}
