package fileledger_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"postfleet/internal/jobs"
	"postfleet/internal/progress"
	"postfleet/internal/progress/disk/crashdisk"
	"postfleet/internal/progress/fileledger"
	"postfleet/internal/progress/filelock"
)

// powerCutSeeds is how many histories of cuts TestPowerCut plays; the
// environment variable of that name asks for more: make powercut.
const powerCutSeeds = "POWERCUT_SEEDS"

// TestPowerCut cuts the power before every operation on the disk, and in the
// middle of every write. Nothing that was acknowledged is lost, progress.csv is
// whole, and the ledger goes on, also when the power is cut once more.
func TestPowerCut(t *testing.T) {
	t.Parallel()
	seeds := 1
	if text := os.Getenv(powerCutSeeds); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil {
			t.Fatalf("%s: %v", powerCutSeeds, err)
		}
		seeds = n
	}
	for name, play := range map[string]func(c *cut){
		"lives":    playLives,
		"account":  playAccount,
		"appended": playAppended,
		"edited":   playEdited,
	} {
		for seed := range uint64(seeds) {
			t.Run(fmt.Sprintf("%s/seed=%d", name, seed), func(t *testing.T) {
				t.Parallel()
				all := &cuts{}
				c := newCut(t, all, seed)
				c.begin()
				play(c)
				c.disk.Before(nil)
				t.Logf("%d cuts, %d of them worked on; %d rows verified without need",
					all.states.Load(), all.resumed.Load(), all.doubted.Load())
			})
		}
	}
}

// accountJobs are n jobs of some accounts in turn.
func accountJobs(n int, accounts ...string) []jobs.PostJob {
	all := make([]jobs.PostJob, n)
	for i := range all {
		all[i] = jobs.PostJob{
			ID: i + 1, Account: accounts[i%len(accounts)], Video: fmt.Sprintf("v%d.mp4", i),
			Caption: "\"line\"\r\nline, \\n \u00e9\n",
		}
	}
	return all
}

// playLives is three workers through all that a row may live to see, with a
// journal that is begun anew every few transitions.
func playLives(c *cut) {
	a := worker{cut: c, ledger: c.open()}
	a.seed(accountJobs(6, "ann", "bob", "cid"), map[int]string{6: "twice"})
	b, d := worker{cut: c, ledger: c.open()}, worker{cut: c, ledger: c.open()}
	a.join("0")
	b.join("1")
	d.join("2")
	one, _ := a.claim()
	two, _ := b.claim()
	three, _ := d.claim()
	a.phase(one, progress.PhasePosting)
	b.finish(two, progress.Retry("a, \\ and\na line", c.clock.now()))
	a.phase(one, progress.PhasePosted)
	a.finish(one, progress.Success())
	d.phase(three, progress.PhasePosting)
	d.leave()
	b.claim()
	b.rescue()
	d.join("2")
	three, _ = d.claim()
	d.finish(three, progress.Absent("not there", time.Time{}))
	b.leave()
	b.join("1") // its own row is free again
	two, _ = b.claim()
	b.finish(two, progress.Unknown("who knows"))
	b.requeue(true, 2)
	four, _ := a.claim()
	a.finish(four, progress.FailAccount("logged out"))
	three, _ = d.claim()
	d.finish(three, progress.Release())
	d.skip(3)
	d.requeue(false, 3, 4)
	a.close()
	b.close()
	d.close()
}

// playAccount writes more at a time than a block: a cut keeps the one block,
// and the other not.
func playAccount(c *cut) {
	c.limit, c.random, c.resume = 1<<20, 5, 600
	a, b := worker{cut: c, ledger: c.open()}, worker{cut: c, ledger: c.open()}
	a.seed(accountJobs(60, "ann", "ann", "ann", "bob"), nil)
	a.join("0")
	b.join("1")
	one, _ := a.claim()
	four, _ := b.claim()
	b.phase(four, progress.PhasePosting)
	a.finish(one, progress.FailAccount(strings.Repeat("suspended, and all its posts with it; ", 3)))
	a.requeue(false, 1, 2, 3, 5, 6, 7, 9, 10, 11, 13, 14, 15, 17, 18, 19, 21, 22, 23, 25, 26, 27, 29, 30)
	b.finish(four, progress.Success())
	one, _ = a.claim()
	a.finish(one, progress.Success())
	a.close()
	b.close()
}

// playAppended adds rows while others work, who also work in the middle of it.
func playAppended(c *cut) {
	all := accountJobs(9, "ann", "bob")
	a, b := worker{cut: c, ledger: c.open()}, worker{cut: c, ledger: c.open()}
	a.seed(all[:3], nil)
	b.join("0")
	var one progress.Claim
	c.amidst(crashdisk.Sync, func() { one, _ = b.claim() })
	a.seed(all[:5], map[int]string{5: "twice"})
	c.amidst(crashdisk.WriteRest, func() { b.phase(one, progress.PhasePosting) })
	a.seed(all[:8], nil)
	b.finish(one, progress.Success())
	one, _ = b.claim()
	c.amidst(crashdisk.Replace, func() { b.finish(one, progress.Release()) })
	a.seed(all, nil)
	for range 6 {
		if one, ok := b.claim(); ok {
			b.finish(one, progress.Success())
		}
	}
	a.close()
	b.close()
}

// playEdited has a person save progress.csv over and over.
func playEdited(c *cut) {
	a, b := worker{cut: c, ledger: c.open()}, worker{cut: c, ledger: c.open()}
	a.seed(accountJobs(4, "ann", "bob"), nil)
	a.join("0")
	b.join("1")
	for range 2 {
		one, _ := a.claim()
		c.edit("pending", "skip")
		two, _ := b.claim()
		a.finish(one, progress.Success())
		c.edit("ann", "amy")
		b.finish(two, progress.Fail("no"))
	}
	a.close()
	b.close()
}

// worker is a process of the ledger, as a cut sees it.
type worker struct {
	*cut

	ledger *fileledger.Ledger
	member progress.Member
}

// did has what a call made of the rows judged.
func (w *worker) did(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
	rows, err := w.ledger.Snapshot(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	w.settle(rows)
}

func (w *worker) seed(all []jobs.PostJob, skip map[int]string) {
	w.t.Helper()
	w.mu.Lock()
	w.all = all
	w.mu.Unlock()
	got, err := w.ledger.Seed(w.t.Context(), all, skip)
	if err == nil && got.Total != len(all) {
		w.t.Errorf("seeded %d rows, want %d", got.Total, len(all))
	}
	w.did(err)
	w.mu.Lock()
	w.acked = all
	w.mu.Unlock()
}

func (w *worker) join(id string) {
	w.t.Helper()
	m, err := w.ledger.Join(w.t.Context(), id)
	w.member = m
	w.did(err)
}

// claim reports whether there was something to claim.
func (w *worker) claim() (progress.Claim, bool) {
	w.t.Helper()
	c, err := w.member.Claim(w.t.Context(), progress.Terms{})
	if errors.Is(err, progress.ErrNothingNow) || errors.Is(err, progress.ErrNothingLeft) {
		return c, false
	}
	w.did(err)
	return c, true
}

func (w *worker) phase(c progress.Claim, p progress.Phase) {
	w.t.Helper()
	if c.Phase != progress.PhasePosted {
		w.did(w.member.SetPhase(w.t.Context(), c, p))
	}
}

func (w *worker) finish(c progress.Claim, o progress.Outcome) {
	w.t.Helper()
	w.did(w.member.Finish(w.t.Context(), c, o))
}

func (w *worker) rescue() {
	w.t.Helper()
	_, err := w.ledger.Rescue(w.t.Context())
	w.did(err)
}

func (w *worker) requeue(checked bool, ids ...int) {
	w.t.Helper()
	w.did(w.ledger.Requeue(w.t.Context(), ids, checked))
}

func (w *worker) skip(ids ...int) {
	w.t.Helper()
	w.did(w.ledger.Skip(w.t.Context(), ids, "not wanted", false))
}

func (w *worker) leave() {
	w.t.Helper()
	if err := w.member.Leave(); err != nil {
		w.t.Fatal(err)
	}
}

func (w *worker) close() {
	w.t.Helper()
	if err := w.ledger.Close(); err != nil {
		w.t.Fatal(err)
	}
}

// amidst has do called once, before an operation of that kind.
func (c *cut) amidst(kind crashdisk.Kind, do func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.during = func(op crashdisk.Op) func() {
		if op.Kind == kind {
			return do
		}
		return nil
	}
}

// edit saves progress.csv as a careful editor does.
func (c *cut) edit(old, replacement string) {
	c.t.Helper()
	release, err := filelock.New(filepath.Join(c.here, table+".publock")).Acquire(c.t.Context())
	if err != nil {
		c.t.Fatal(err)
	}
	defer release() // an edit in the instant of a publication is lost
	c.disk.Before(nil)
	defer c.begin()
	was, _ := contents(c.t, c.disk, table)
	data := bytes.Replace(was, []byte(old), []byte(replacement), 1)
	if bytes.Equal(was, data) {
		c.t.Fatalf("nothing to edit: no %s in %s", old, was)
	}
	f, err := c.disk.Create("~progress.csv")
	if err == nil {
		_, err = f.WriteAt(data, 0)
	}
	if err := errors.Join(err, f.Sync(), c.disk.Replace("~progress.csv", table), c.disk.Sync(), f.Close()); err != nil {
		c.t.Fatal(err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if n := len(c.edits); n > 0 && bytes.Equal(c.edits[n-1], was) {
		c.edits = c.edits[:n-1] // which was not published since
	}
	c.edits = append(c.edits, data)
}
