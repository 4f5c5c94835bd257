package fileledger_test

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"postfleet/internal/fault"
	"postfleet/internal/progress"
	"postfleet/internal/progress/disk/crashdisk"
	"postfleet/internal/progress/fileledger"
)

// specimen is a directory with a ledger that has been worked on.
type specimen struct {
	disk *crashdisk.Dir
	rows []progress.Row
	// late: progress.csv does not show the last transitions, of which the
	// journal alone knows.
	late bool
}

// mutation is what befalls one file of a ledger.
type mutation struct {
	file string
	how  uint8
	at   int
	n    int
	text []byte
}

// The mutations: what disks do, and then what editors do.
const (
	cutOff = iota
	flip
	overwrite
	copied
	insert
	takeOut
	mutations
)

// of returns data after the mutation.
func (m mutation) of(data []byte) []byte {
	at := min(m.at, len(data))
	end := min(at+m.n, len(data))
	data = bytes.Clone(data)
	switch m.how {
	case cutOff:
		return data[:at]
	case flip:
		if at < len(data) {
			data[at] ^= byte(max(m.n, 1))
		}
	case overwrite:
		copy(data[at:], m.text)
	case copied: // what belongs elsewhere in the file
		if from := len(m.text) * 7 % (len(data) + 1); from < len(data) {
			copy(data[at:end], bytes.Clone(data[from:]))
		}
	case insert:
		return slices.Insert(data, at, m.text...)
	case takeOut:
		return slices.Delete(data, at, end)
	}
	return data
}

// hides reports whether a mutation may leave no trace of the transitions that
// progress.csv does not show: the journal's end looks like a write that was cut
// short, which no call ever reported as done, or lines were taken out of it.
func (m mutation) hides(before, after []byte) bool {
	if m.file != journal {
		return false
	}
	same := 0
	for same < min(len(before), len(after)) && before[same] == after[same] {
		same++
	}
	return m.how >= insert || !bytes.Contains(after[same:], []byte{'\n'})
}

// FuzzRecovery mutates one file of a ledger. The ledger is refused, or it has
// all its rows, and none that was more than pending can be claimed as if
// nothing had happened.
//
// What no file tells any more is excepted, see hides; not for a table of up to
// a thousand rows, every transition of which progress.csv shows.
func FuzzRecovery(f *testing.F) {
	all := specimens(f)
	files := []string{table, journal, base}
	text := []byte("r,4,2,fail,\n\x00")
	for file := range files {
		for how := range mutations {
			for at := range 3 {
				f.Add(uint8(at), uint8(file), uint8(how), uint16(160+at*95), uint8(3+at*20), text)
			}
		}
	}
	locks := f.TempDir()
	f.Fuzz(func(t *testing.T, which, file, how uint8, at uint16, n uint8, text []byte) {
		s := all[int(which)%len(all)]
		m := mutation{file: files[int(file)%len(files)], how: how % mutations, at: int(at), n: int(n), text: text}
		d := s.disk.Crash(nil, 0)
		before, _ := contents(t, d, m.file)
		after := m.of(before)
		replace(t, d, m.file, after)
		recovered(t, s, d, locks, s.late && m.hides(before, after))
	})
}

// TestMutations is FuzzRecovery in many places of each file.
func TestMutations(t *testing.T) {
	t.Parallel()
	const stride = 97
	locks := t.TempDir()
	for which, s := range specimens(t) {
		for _, file := range []string{table, journal, base} {
			before, _ := contents(t, s.disk, file)
			for at := which; at < len(before); at += stride {
				for how := range uint8(mutations) {
					m := mutation{file: file, how: how, at: at, n: at % 97, text: []byte("r,9,3,fail,,")}
					after := m.of(before)
					d := s.disk.Crash(nil, 0)
					replace(t, d, file, after)
					if recovered(t, s, d, locks, s.late && m.hides(before, after)); t.Failed() {
						t.Fatalf("specimen %d after %+v", which, m)
					}
				}
			}
		}
	}
}

// recovered opens the ledger, works on it and opens it again.
func recovered(t *testing.T, s specimen, d *crashdisk.Dir, locks string, hidden bool) {
	t.Helper()
	var claimed int
	for _, id := range []string{"8", "9"} {
		l := fileledger.OpenOn(locks, d, fileledger.Options{})
		rows, err := l.Snapshot(t.Context())
		switch {
		case err == nil:
			safe(t, s.rows, rows, claimed, hidden)
			claimed = work(t, l, id)
		case !fault.Is(err, fault.Ledger):
			t.Errorf("got %v (class %v), want class ledger", err, fault.Of(err))
		}
		if err := l.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
		if err != nil {
			return
		}
	}
}

// work claims a job and ends it, and returns which.
func work(t *testing.T, l *fileledger.Ledger, id string) int {
	t.Helper()
	c, err := join(t, l, id).Claim(t.Context(), progress.Terms{})
	if errors.Is(err, progress.ErrNothingNow) || errors.Is(err, progress.ErrNothingLeft) {
		return 0
	}
	if err != nil {
		t.Fatalf("claim: %v", err)
	}
	return c.Job.ID
}

// safe asks that all rows are there, and none but those that were pending, and
// the one that was claimed since, can be run without a look at the profile.
func safe(t *testing.T, want, got []progress.Row, claimed int, hidden bool) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("got %d rows, want %d", len(got), len(want))
	}
	for i, r := range got {
		was := want[i]
		if r.Job().ID != was.ID || r.Account != was.Account || r.Video != was.Video || r.Caption != was.Caption {
			t.Errorf("got %+v, want %+v", r, was)
		}
		r.Deaths, was.Deaths = 0, 0
		pending := was.Status == progress.StatusPending && was.Phase == progress.PhaseNone
		runs := r.Status == progress.StatusPending || r.Status == progress.StatusClaimed
		if runs && r.Phase == progress.PhaseNone && r != was && !pending && r.ID != claimed && !hidden {
			t.Errorf("got\n%+v, which was\n%+v", r, was)
		}
	}
}

// replace gives a file other contents.
func replace(tb testing.TB, d *crashdisk.Dir, name string, data []byte) {
	tb.Helper()
	f, err := d.Create("new")
	if err != nil {
		tb.Fatal(err)
	}
	_, err = f.WriteAt(data, 0)
	if err := errors.Join(err, f.Sync(), d.Replace("new", name), d.Sync(), f.Close()); err != nil {
		tb.Fatal(err)
	}
}

// specimens are a ledger of a long journal, one of several journals, and one
// whose progress.csv is late.
func specimens(tb testing.TB) []specimen {
	tb.Helper()
	var all []specimen
	for _, s := range []struct {
		limit int64
		late  bool
	}{{1 << 20, false}, {300, false}, {1 << 20, true}} {
		d, locks := crashdisk.New(), tb.TempDir()
		at := time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)
		now := func() time.Time { at = at.Add(time.Second); return at }
		l := fileledger.OpenOn(locks, d, fileledger.Options{Now: now})
		l.SetJournalLimit(s.limit)
		shown := live(tb, l, d)
		rows, err := l.Snapshot(tb.Context())
		if err := errors.Join(err, l.Close()); err != nil {
			tb.Fatal(err)
		}
		if s.late {
			replace(tb, d, table, shown)
		}
		all = append(all, specimen{disk: d.Crash(rand.New(rand.NewPCG(1, 1)), 100), rows: rows, late: s.late})
	}
	return all
}

// live lets ten rows live through most of what there is, and returns what
// progress.csv was in the middle of it.
func live(tb testing.TB, l *fileledger.Ledger, d *crashdisk.Dir) (shown []byte) {
	tb.Helper()
	ctx := tb.Context()
	_, err := l.Seed(ctx, accountJobs(10, "ann", "bob", "cid", "dan"), map[int]string{10: "twice"})
	check := func(errs ...error) {
		tb.Helper()
		if err := errors.Join(errs...); err != nil {
			tb.Fatal(err)
		}
	}
	check(err)
	var held [6]progress.Claim
	var members [6]progress.Member
	for i := range 4 {
		members[i], err = l.Join(ctx, string(rune('0'+i)))
		check(err)
		held[i], err = members[i].Claim(ctx, progress.Terms{})
		check(err)
	}
	check(
		members[0].Finish(ctx, held[0], progress.Success()),
		members[1].SetPhase(ctx, held[1], progress.PhasePosting),
		members[1].Finish(ctx, held[1], progress.Unknown("who, \\ \n knows")),
		members[2].Finish(ctx, held[2], progress.Retry("busy", time.Time{})),
		members[3].SetPhase(ctx, held[3], progress.PhasePosting),
	)
	shown, _ = contents(tb, d, table)
	for i := range 3 {
		held[i], err = members[i].Claim(ctx, progress.Terms{})
		check(err)
	}
	check(
		members[0].SetPhase(ctx, held[0], progress.PhasePosting),
		members[0].Leave(),
		members[1].Finish(ctx, held[1], progress.Fail("no")),
	)
	_, err = l.Rescue(ctx)
	check(err, members[3].SetPhase(ctx, held[3], progress.PhasePosted))
	return shown
}
