package main

import (
	"postfleet/internal/evidence"
	"postfleet/internal/progress/ledgerproof"
)

// target is a claim and where in the findings its value is.
type target struct {
	evidence.Target

	value func(ledgerproof.Findings) int
}

// targets are the proof's claims, each with the sentence it comes from: "SIGKILL
// at random points of 8 claiming processes, 300 kills: no job claimed twice at
// once, none lost, none completed under a stale token, the CSV readable at
// every instant by another program while it runs" (the issue that built the
// journaled ledger), or from the contract of internal/progress.
func targets(kills int) []target {
	none := func(name, source string, value func(ledgerproof.Findings) int) target {
		return target{evidence.Target{Name: name, Op: evidence.Exactly, Value: 0, Source: source}, value}
	}
	least := func(name, source string, n int, value func(ledgerproof.Findings) int) target {
		return target{evidence.Target{Name: name, Op: evidence.AtLeast, Value: float64(n), Source: source}, value}
	}
	// some is little beside what is usual, so that no run fails by chance.
	some := kills / 50
	const (
		points    = "at random points"
		alive     = "a claimed row is free only if its worker's own flock can be taken"
		readable  = "the CSV readable at every instant by another program while it runs"
		never     = "publish … ordered so that it never goes back in time"
		exclusive = "no other row of the same account is claimed"
	)
	return []target{
		{
			evidence.Target{Name: "kills", Op: evidence.Exactly, Value: float64(kills), Source: "300 kills"},
			func(f ledgerproof.Findings) int { return f.Kills },
		},
		none("jobs claimed twice at once", "no job claimed twice at once",
			func(f ledgerproof.Findings) int { return f.ClaimedTwice }),
		none("accounts claimed twice at once", exclusive,
			func(f ledgerproof.Findings) int { return f.AccountsTwice }),
		none("jobs claimed after their success", "publishes every row once",
			func(f ledgerproof.Findings) int { return f.ClaimedAfter }),
		none("jobs lost", "none lost", func(f ledgerproof.Findings) int { return f.Lost }),
		none("stale completions", "none completed under a stale token",
			func(f ledgerproof.Findings) int { return f.StaleCompletions }),
		none("jobs posted twice", "without ever posting twice",
			func(f ledgerproof.Findings) int { return f.PostedTwice }),
		none("claims lost by living workers", alive, func(f ledgerproof.Findings) int { return f.RobbedLiving }),
		none("claims lost by stopped workers", alive, func(f ledgerproof.Findings) int { return f.RobbedZombies }),
		none("rows with deaths miscounted", "three deaths on one job → fail",
			func(f ledgerproof.Findings) int { return f.Miscounted }),
		none("unreadable reads", readable, func(f ledgerproof.Findings) int { return f.Unreadable }),
		none("rows going back", never, func(f ledgerproof.Findings) int { return f.WentBack }),
		none("rows different in the end", "and always when idle and at exit",
			func(f ledgerproof.Findings) int { return f.Different }),
		least("reads by the other program", readable, kills, func(f ledgerproof.Findings) int { return f.Reads }),
		least("uses of an old claim", points, kills/2, func(f ledgerproof.Findings) int { return f.StaleTries }),
		least("workers stopped with a claim held", points, some, func(f ledgerproof.Findings) int { return f.Zombies }),
		least("kills in a claim", points, some, killedIn("claim")),
		least("kills in a change of phase", points, some, killedIn("phase")),
		least("kills in the end of a claim", points, some, killedIn("finish")),
	}
}

func killedIn(call string) func(ledgerproof.Findings) int {
	return func(f ledgerproof.Findings) int { return f.KilledIn[call] }
}

func checks(report *evidence.Report, cfg config, f ledgerproof.Findings) {
	for _, t := range targets(cfg.proof.Kills) {
		report.Check(t.Target, float64(t.value(f)))
	}
}

// cannot leaves every check as one that could not be made.
func cannot(report *evidence.Report, cfg config, why error) {
	for _, t := range targets(cfg.proof.Kills) {
		report.CannotCheck(t.Target, why.Error())
	}
}
