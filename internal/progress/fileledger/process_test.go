package fileledger_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"postfleet/internal/fault"
	"postfleet/internal/progress"
	"postfleet/internal/progress/disk/crashdisk"
	"postfleet/internal/progress/fileledger"
	csv "postfleet/internal/progress/table"
)

// step is one call of a process, and may be repeated when it failed.
type step struct {
	name string
	call func(p *process) error
}

// process is one handle, with what it got from earlier steps.
type process struct {
	t      *testing.T
	disk   *crashdisk.Dir
	locks  string
	ledger *fileledger.Ledger
	member progress.Member
	claim  progress.Claim
}

// steps are a short life of a ledger, in which the journal is begun anew
// several times and progress.csv is edited once.
func steps() []step {
	all := accountJobs(7, "ann", "bob")
	finish := func(o progress.Outcome) func(*process) error {
		return func(p *process) error { return p.member.Finish(p.t.Context(), p.claim, o) }
	}
	claim := func(p *process) (err error) {
		p.claim, err = p.member.Claim(p.t.Context(), progress.Terms{})
		return err
	}
	join := func(id string) func(*process) error {
		return func(p *process) (err error) {
			p.member, err = p.ledger.Join(p.t.Context(), id)
			return err
		}
	}
	seed := func(n int) func(*process) error {
		return func(p *process) error {
			_, err := p.ledger.Seed(p.t.Context(), all[:n], nil)
			return err
		}
	}
	return []step{
		{"seed", seed(5)},
		{"join", join("0")},
		{"claim", claim},
		{"phase", func(p *process) error { return p.member.SetPhase(p.t.Context(), p.claim, progress.PhasePosting) }},
		{"success", finish(progress.Success())},
		{"claim bob", claim},
		{"edit", func(p *process) error {
			p.edit()
			return p.member.SetPhase(p.t.Context(), p.claim, progress.PhasePosting)
		}},
		{"unknown", finish(progress.Unknown("who knows"))},
		{"append", seed(7)},
		{"claim ann", claim},
		{"leave", func(p *process) error { return p.member.Leave() }},
		{"rescue", func(p *process) error { _, err := p.ledger.Rescue(p.t.Context()); return err }},
		{"join again", join("1")},
		{"claim again", claim},
		{"fail account", finish(progress.FailAccount("suspended"))},
		{"requeue", func(p *process) error { return p.ledger.Requeue(p.t.Context(), []int{2, 3, 5, 7}, true) }},
		{"skip", func(p *process) error { return p.ledger.Skip(p.t.Context(), []int{3, 5}, "not wanted", false) }},
	}
}

// edit changes progress.csv where it is, unless it is edited already.
func (p *process) edit() {
	data, _ := contents(p.t, p.disk, table)
	edited := strings.Replace(string(data), "success", "SUCCESS", 1)
	if edited == string(data) {
		return
	}
	f, err := p.disk.Open(table)
	if err == nil {
		_, err = f.WriteAt([]byte(edited), 0)
	}
	if err := errors.Join(err, f.Close()); err != nil {
		p.t.Fatal(err)
	}
}

func newProcess(t *testing.T) *process {
	t.Helper()
	p := &process{t: t, disk: crashdisk.New(), locks: t.TempDir()}
	p.ledger = p.another()
	return p
}

// another opens the ledger of p as one more process.
func (p *process) another() *fileledger.Ledger {
	l := fileledger.OpenOn(p.locks, p.disk, fileledger.Options{Now: func() time.Time { return time.Unix(1e9, 0) }})
	l.SetJournalLimit(300)
	p.t.Cleanup(func() { _ = l.Close() })
	return l
}

// timeless are rows without what a repeated call makes different.
func timeless(rows []progress.Row) []progress.Row {
	for i := range rows {
		rows[i].Time, rows[i].NotBefore = time.Time{}, time.Time{}
	}
	return rows
}

// flawless returns the rows after each step when nothing fails, and the
// operations on the disk.
func flawless(t *testing.T) ([][]progress.Row, []crashdisk.Op) {
	t.Helper()
	p := newProcess(t)
	var ops []crashdisk.Op
	p.disk.Before(func(op crashdisk.Op) error { ops = append(ops, op); return nil })
	states := [][]progress.Row{{}}
	for _, s := range steps() {
		if err := s.call(p); err != nil {
			t.Fatalf("%s: %v", s.name, err)
		}
		states = append(states, timeless(snapshot(t, p.ledger)))
	}
	if err := p.ledger.Close(); err != nil {
		t.Fatal(err)
	}
	return states, ops
}

// workFor claims something by way of l, and puts it back.
func (p *process) workFor(l *fileledger.Ledger) {
	p.t.Helper()
	m := join(p.t, l, "other")
	c, err := m.Claim(p.t.Context(), progress.Terms{})
	switch {
	case err != nil && fault.Of(err) != fault.Unclassified:
		p.t.Errorf("claim: %v", err)
	case err == nil && c.Verify:
		p.t.Errorf("job %d is to be verified", c.Job.ID)
	case err == nil:
		finish(p.t, m, c, progress.Release())
	}
}

// ended closes the ledger and asks that it is what it should be.
func (p *process) ended(want []progress.Row, tidy bool) {
	p.t.Helper()
	if err := p.ledger.Close(); err != nil {
		p.t.Errorf("close: %v", err)
	}
	if diff := cmp.Diff(want, timeless(snapshot(p.t, p.another()))); diff != "" {
		p.t.Errorf("in the end (-want +got):\n%s", diff)
	}
	data, _ := contents(p.t, p.disk, table)
	shown, err := csv.Decode(string(data))
	if err != nil {
		p.t.Fatalf("progress.csv: %v", err)
	}
	want = slices.Clone(want)
	for i := range want {
		want[i].Deaths = 0 // no column
	}
	if diff := cmp.Diff(want, timeless(shown)); diff != "" {
		p.t.Errorf("progress.csv (-want +got):\n%s", diff)
	}
	names, _ := p.disk.Names()
	stray := slices.DeleteFunc(names, func(name string) bool {
		return name == table || name == base || name == journal || strings.HasPrefix(name, table+".damaged-")
	})
	if tidy && len(stray) > 0 {
		p.t.Errorf("got %v left behind", stray)
	}
}

// change is what a call is to do.
type change struct{ before, after []progress.Row }

// allows asks that each row is as before or as after the call.
func (c change) allows(t *testing.T, name string, rows []progress.Row) {
	t.Helper()
	if len(rows) != len(c.before) && len(rows) != len(c.after) {
		t.Errorf("%s: got %d rows, want %d or %d", name, len(rows), len(c.before), len(c.after))
		return
	}
	for i, r := range rows {
		if r != c.after[i] && (i >= len(c.before) || r != c.before[i]) {
			t.Errorf("%s: row %d is\n%+v, want\n%+v", name, i+1, r, c.after[i])
		}
	}
}
