package ledgerproof

import (
	"fmt"

	"postfleet/internal/progress"
)

// Findings are what a kill proof found.
type Findings struct {
	Seconds float64
	// Lives is how many processes there were, Kills how many of them ended by
	// SIGKILL; KilledIn counts those by the operation that was under way, "" for
	// between two. Zombies were stopped with a claim held.
	Lives, Kills, Zombies int
	KilledIn              map[string]int
	// Claims were answered with a job. Rescues are the rows that dead workers
	// held. StaleTries used a claim that was no longer one.
	Claims, Rescues, StaleTries int
	// Requeues were done by a person, so to speak, to rows on which too many
	// workers had died; Posted are such rows that had been posted, and stay.
	Requeues, Posted int
	// Reads are those of the other program.
	Reads int

	// Against the ledger; all are to be 0.

	// ClaimedTwice are jobs that were claimed while another claim held them,
	// AccountsTwice the same for accounts, ClaimedAfter jobs claimed after they
	// had ended.
	ClaimedTwice, AccountsTwice, ClaimedAfter int
	// Lost are jobs that did not end as a success with a post.
	Lost int
	// PostedTwice are jobs with more than one post.
	PostedTwice int
	// StaleCompletions are ended claims that were no longer, or never, one.
	StaleCompletions int
	// RobbedLiving are answers to living workers that their claim was lost;
	// RobbedZombies are stopped workers whose row was taken.
	RobbedLiving, RobbedZombies int
	// Miscounted are rows on which the ledger counted other deaths than there
	// were.
	Miscounted int
	// Unreadable are readings by the other program that failed, WentBack rows
	// that it saw as they had been before. Different are rows of which it saw
	// something else in the end than the ledger said.
	Unreadable, WentBack, Different int

	// Problems tell of each of these.
	Problems []string
}

// facts are what a kill proof is judged by.
type facts struct {
	lives []life
	// rows are those of the end, requeued the rows that were put back, as they
	// were before.
	rows, requeued []progress.Row
	posts          map[int]int
	reads          reads
}

func (f *Findings) problem(count *int, format string, args ...any) {
	*count++
	f.Problems = append(f.Problems, fmt.Sprintf(format, args...))
}

// judge holds the facts against what a ledger promises.
func judge(all facts) Findings {
	f := Findings{KilledIn: make(map[string]int), Requeues: len(all.requeued)}
	holds := f.judgeLives(all)
	f.judgeHolds(holds)
	f.judgeRows(all)
	f.judgeDeaths(all)
	f.judgeReads(all)
	return f
}

// judgePart judges a run that did not come to its end.
func judgePart(lives []life) Findings {
	f := Findings{KilledIn: make(map[string]int)}
	f.judgeHolds(f.judgeLives(facts{lives: lives}))
	return f
}

func (f *Findings) judgeLives(all facts) []hold {
	var holds []hold
	for _, l := range all.lives {
		f.Lives++
		if l.Killed {
			f.Kills++
			f.KilledIn[l.underWay().Op]++
		}
		if l.Zombie {
			f.Zombies++
		}
		if l.ZombieLost {
			f.problem(&f.RobbedZombies, "worker %s, life %d, was stopped and lost its claim", l.Worker, l.Number)
		}
		holds = append(holds, f.holdsOf(l, all.rows)...)
	}
	f.Claims = len(holds)
	return holds
}

func (f *Findings) judgeRows(all facts) {
	for _, row := range all.rows {
		posts := all.posts[row.ID]
		if posts > 1 {
			f.problem(&f.PostedTwice, "job %d was posted %d times", row.ID, posts)
		}
		switch {
		case row.Status == progress.StatusSuccess && posts > 0:
		case row.Unknown() && posts > 0 && row.Deaths >= progress.MaxDeaths:
			f.Posted++
		default:
			f.problem(&f.Lost, "job %d was lost: %s, phase %q, error %q, %d deaths, %d posts",
				row.ID, row.Status, row.Phase, row.Error, row.Deaths, posts)
		}
	}
	if len(all.rows) != len(all.posts) {
		f.problem(&f.Lost, "the ledger has %d rows at the end, not %d", len(all.rows), len(all.posts))
	}
}

func (f *Findings) judgeReads(all facts) {
	f.Reads, f.Unreadable, f.WentBack = all.reads.Reads, all.reads.Unreadable, all.reads.Back
	f.Problems = append(f.Problems, all.reads.Problems...)
	if len(all.reads.Rows) != len(all.rows) {
		f.problem(&f.Different, "progress.csv has %d rows at the end, not %d", len(all.reads.Rows), len(all.rows))
		return
	}
	for i, row := range all.rows {
		seen := all.reads.Rows[i]
		if seen.Status != string(row.Status) || seen.Timestamp != progress.FormatTime(row.Time) {
			f.problem(&f.Different, "progress.csv has job %d as %s at %s, not %s at %s at the end",
				row.ID, seen.Status, seen.Timestamp, row.Status, progress.FormatTime(row.Time))
		}
	}
}
