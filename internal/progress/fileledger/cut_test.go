package fileledger_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"postfleet/internal/jobs"
	"postfleet/internal/progress"
	"postfleet/internal/progress/disk/crashdisk"
	"postfleet/internal/progress/fileledger"
	csv "postfleet/internal/progress/table"
)

// cuts is what the disk held at the power cuts of a test, counted.
type cuts struct {
	states, refused, doubted, resumed atomic.Int64
}

// cut is a ledger whose power is cut before every operation on its disk. What
// the cut leaves is opened as the next boot would, and has to be something that
// the calls so far allow: all that they acknowledged, and of the call under way
// each row as before or as after it.
type cut struct {
	*cuts
	t    *testing.T
	disk *crashdisk.Dir
	// here and next are where the locks are of those before and after the cut.
	here, next string
	// random is how many cuts at each operation keep a random part of what was
	// not flushed, beside one that keeps all and one that keeps nothing; at 0 it
	// is the one or the other.
	random int
	// resume is every how many cuts the next boot is cut as well.
	resume int64
	seed   uint64
	limit  int64
	clock  *clock
	// unordered: this disk is what a cut left that did not keep to an order.
	unordered bool
	// during is called once, before the next operation that it fits.
	during func(op crashdisk.Op) func()

	mu sync.Mutex
	// history has each row's states in order; the last one is acknowledged.
	history [][]progress.Row
	// acked are the jobs that the last acknowledged Seed left, all those that
	// the one under way adds too.
	acked, all []jobs.PostJob
	// edits are what was made of progress.csv by hand.
	edits [][]byte
	left  []remains
}

// remains is what one cut left, to be judged when the call under way is over.
type remains struct {
	label     string
	unordered bool
	rows      []progress.Row
	// since is the acknowledged state of each row.
	since []int
}

func newCut(t *testing.T, all *cuts, seed uint64) *cut {
	t.Helper()
	return &cut{
		cuts: all, t: t, disk: crashdisk.New(), here: t.TempDir(), next: t.TempDir(),
		random: 1, resume: 60, seed: seed, limit: 300, clock: &clock{},
	}
}

// open opens the ledger as one more process.
func (c *cut) open() *fileledger.Ledger {
	l := fileledger.OpenOn(c.here, c.disk, fileledger.Options{Now: c.clock.now})
	l.SetJournalLimit(c.limit)
	c.t.Cleanup(func() { _ = l.Close() })
	return l
}

// begin begins to cut.
func (c *cut) begin() { c.disk.Before(c.before) }

func (c *cut) before(op crashdisk.Op) error {
	c.mu.Lock()
	var run func()
	if c.during != nil {
		if run = c.during(op); run != nil {
			c.during = nil
		}
	}
	c.mu.Unlock()
	if run != nil {
		run()
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.cutAt(op, 100*(op.N%2), false)
	if c.random == 0 {
		return nil
	}
	c.cutAt(op, 100-100*(op.N%2), false)
	for i := range c.random {
		c.cutAt(op, 30+50*i/c.random, true)
	}
	return nil
}

// cutAt looks at what a cut before op leaves, with that percentage of what was
// not flushed.
func (c *cut) cutAt(op crashdisk.Op, percent int, unordered bool) {
	n := c.states.Add(1)
	rng := rand.New(rand.NewPCG(c.seed, uint64(n)))
	after := c.disk.Crash(rng, percent)
	label := fmt.Sprintf("seed %d, cut %d before operation %d (%s %s) with %d %%",
		c.seed, n, op.N, op.Kind, op.Name, percent)
	unordered = unordered || c.unordered
	c.inspect(label, after)
	l := fileledger.OpenOn(c.next, after, fileledger.Options{Now: c.clock.now})
	rows, err := l.Snapshot(c.t.Context())
	if err != nil {
		c.refused.Add(1)
		c.t.Errorf("%s: refused: %v", label, err)
	}
	if err := l.Close(); err != nil {
		c.t.Errorf("%s: close: %v", label, err)
	}
	if err != nil || !c.whole(label, rows) {
		return
	}
	c.copies(label, after, unordered, false)
	r := remains{label: label, unordered: unordered, rows: rows}
	for _, states := range c.history {
		r.since = append(r.since, len(states)-1)
	}
	c.left = append(c.left, r)
	if c.resume > 0 && (n+int64(c.seed))%c.resume == 0 && len(rows) > 0 {
		c.goOn(label, after, rows, unordered)
	}
}

// inspect reads progress.csv as any other program would.
func (c *cut) inspect(label string, d *crashdisk.Dir) {
	data, ok := contents(c.t, d, table)
	if !ok {
		if len(c.acked) > 0 {
			c.t.Errorf("%s: there is no progress.csv", label)
		}
		return
	}
	rows, err := csv.Decode(string(data))
	if err != nil {
		c.t.Errorf("%s: progress.csv cannot be read: %v", label, err)
		return
	}
	if !slices.ContainsFunc(c.edits, func(e []byte) bool { return bytes.Equal(e, data) }) {
		c.whole(label+": progress.csv", rows)
	}
}

// whole asks that rows are those of the seeded jobs, every byte of them.
func (c *cut) whole(label string, rows []progress.Row) bool {
	if len(rows) < len(c.acked) || len(rows) > len(c.all) {
		c.t.Errorf("%s: %d rows, want %d to %d", label, len(rows), len(c.acked), len(c.all))
		return false
	}
	for i := range rows {
		if job := rows[i].Job(); job.ID != c.all[i].ID || job.Account != c.all[i].Account ||
			job.Video != c.all[i].Video || job.Caption != c.all[i].Caption {
			c.t.Errorf("%s: row %d is of %+v, want %+v", label, i+1, job, c.all[i])
			return false
		}
	}
	return true
}

// copies asks that nothing was put aside but edits; all of them, if over.
func (c *cut) copies(label string, d *crashdisk.Dir, unordered, over bool) {
	names, err := d.Names()
	if err != nil {
		c.t.Error(err)
	}
	found := make([]int, len(c.edits))
	for _, name := range names {
		switch data, _ := contents(c.t, d, name); {
		case strings.HasPrefix(name, journal+".damaged-") && unordered:
		case strings.HasPrefix(name, table+".edited-"):
			i := slices.IndexFunc(c.edits, func(e []byte) bool { return bytes.Equal(e, data) })
			if i < 0 {
				c.t.Errorf("%s: %s is no edit: %q", label, name, data)
				continue
			}
			found[i]++
		case strings.Contains(name, ".damaged-"):
			c.t.Errorf("%s: %s was put aside: %q", label, name, data)
		}
	}
	for i, n := range found {
		if shown, _ := contents(c.t, d, table); n > 1 || over && n == 0 && !bytes.Equal(shown, c.edits[i]) {
			c.t.Errorf("%s: edit %d was put aside %d times", label, i+1, n)
		}
	}
}

// settle takes what a call that has ended made of the rows, and judges what
// the cuts during it left.
func (c *cut) settle(rows []progress.Row) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for i := range rows {
		if i == len(c.history) {
			c.history = append(c.history, nil)
		}
		if states := c.history[i]; len(states) == 0 || states[len(states)-1] != rows[i] {
			c.history[i] = append(states, rows[i])
		}
	}
	for _, r := range c.left {
		c.judge(r)
	}
	c.left = nil
}

// judge asks that no row is behind what was acknowledged of it.
func (c *cut) judge(r remains) {
	for i, row := range r.rows {
		from := 0
		if i < len(r.since) {
			from = r.since[i]
		}
		allowed := c.history[i][from:]
		switch {
		case slices.Contains(allowed, row):
		case !slices.ContainsFunc(allowed, func(s progress.Row) bool { return s.Doubted() == row }):
			c.t.Errorf("%s: row %d is\n%+v, want one of\n%+v", r.label, i+1, row, allowed)
		case !r.unordered:
			c.t.Errorf("%s: row %d waits for a verification that it does not need", r.label, i+1)
		default:
			c.doubted.Add(1)
		}
	}
}

// goOn works on what a cut left, and cuts the power again meanwhile.
func (c *cut) goOn(label string, d *crashdisk.Dir, rows []progress.Row, unordered bool) {
	c.resumed.Add(1)
	next := &cut{
		cuts: c.cuts, t: c.t, disk: d, here: c.next, seed: c.seed,
		limit: c.limit, clock: c.clock, unordered: unordered, edits: c.edits,
		acked: c.all[:len(rows)], all: c.all,
	}
	next.next = filepath.Join(next.here, "again")
	if err := os.MkdirAll(next.next, 0o700); err != nil {
		c.t.Error(err)
	}
	next.settle(rows)
	next.begin()
	l := next.open()
	w := worker{cut: next, ledger: l}
	w.rescue()
	w.join("after")
	if job, ok := w.claim(); ok {
		w.phase(job, progress.PhasePosting)
		w.finish(job, progress.Success())
	}
	if err := l.Close(); err != nil {
		c.t.Errorf("%s: %v", label, err)
	}
	d.Before(nil)
	next.copies(label+", then worked on", d, unordered, true)
}
