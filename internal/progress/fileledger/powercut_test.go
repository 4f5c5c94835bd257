package fileledger_test

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"postfleet/internal/jobs"
	"postfleet/internal/progress"
	"postfleet/internal/progress/disk/crashdisk"
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
		"archived": playArchived,
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
	c.limit, c.random, c.resume = 1<<20, 5, 250
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

// playArchived puts a ledger away and begins another: a cut leaves all of the
// first, or nothing.
func playArchived(c *cut) {
	a := worker{cut: c, ledger: c.open()}
	a.seed(accountJobs(2, "ann", "bob"), map[int]string{2: "twice"})
	a.join("0")
	one, _ := a.claim()
	a.finish(one, progress.Success())
	a.archive()
	a.seed(accountJobs(3, "cid"), nil)
	a.join("1")
	one, _ = a.claim()
	a.finish(one, progress.Success())
	a.close()
}
