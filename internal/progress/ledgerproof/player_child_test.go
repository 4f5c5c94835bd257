package ledgerproof

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"

	"postfleet/internal/progress"
)

// The roles of the processes whose histories are checked: the same random
// calls, on different ledgers.
const (
	rolePlayer    = "player"
	roleWrongLock = "player, wrong lock"
	roleRightLock = "player, right lock"
)

// openerOf returns the ledger that a role plays with, nil for no such role.
func openerOf(role string) func(dir string) (ledger, error) {
	switch role {
	case rolePlayer:
		return openLedger
	case roleWrongLock:
		return func(dir string) (ledger, error) { return newToy(dir, toyTable), nil }
	case roleRightLock:
		return func(dir string) (ledger, error) { return newToy(dir, toyLock), nil }
	}
	return nil
}

func playerChild(ctx context.Context) (bool, error) {
	told, ok, err := assigned()
	if !ok || err != nil {
		return ok, err
	}
	open := openerOf(told.Role)
	if open == nil {
		return true, fmt.Errorf("no role %q", told.Role)
	}
	l, err := open(told.Dir)
	if err != nil {
		return true, err
	}
	return true, errors.Join(play(ctx, l, told), l.Close())
}

// game is one life of a process that makes random calls.
type game struct {
	*player
	rand *rand.Rand
	rows int
	held progress.Claim // no token: none
	old  []progress.Claim
	// done is the last Finish that took effect in this life.
	done    progress.Claim
	outcome string
}

func play(ctx context.Context, l ledger, told assignment) error {
	p, err := joinAs(ctx, l, told)
	if err != nil {
		return err
	}
	last, err := keptBy(told).load()
	if err != nil {
		return err
	}
	g := &game{player: p, rand: rand.New(rand.NewPCG(told.Seed, 1)), rows: historyRows}
	if last.Token != "" {
		g.old = append(g.old, last)
	}
	for range told.Calls { // without a pause: what a call does alone takes microseconds
		if err := g.turn(ctx); err != nil {
			return err
		}
		if g.held.Token != "" {
			if err := keptBy(told).save(g.held); err != nil {
				return err
			}
		}
	}
	return g.leave() // perhaps with a claim, which can be rescued then
}

// turn makes one call, as good or bad as it may be.
func (g *game) turn(ctx context.Context) error {
	switch n := g.rand.IntN(100); {
	case n < 8:
		return g.rescue(ctx)
	case n < 14:
		return g.snapshot(ctx)
	case n < 20:
		return g.requeue(ctx)
	case n < 30 && len(g.old) > 0:
		return g.useOld(ctx)
	case n < 33 && g.done.Token != "":
		_, err := g.finishAs(ctx, call{Op: opFinish, Outcome: g.outcome, Repeat: true}, g.done)
		return err
	case g.held.Token == "":
		c, a, err := g.claim(ctx)
		if a.Answer == answerOK {
			g.held = c
		}
		return err
	case n < 65:
		phases := []progress.Phase{
			progress.PhaseNone, progress.PhasePosting, progress.PhasePosting, progress.PhasePosted,
		}
		_, err := g.setPhase(ctx, g.held, phases[g.rand.IntN(len(phases))])
		return err
	}
	return g.endOne(ctx)
}

func (g *game) endOne(ctx context.Context) error {
	o := g.anyOutcome()
	a, err := g.finish(ctx, g.held, o)
	if a.Answer != answerImpossible {
		g.old = append(g.old, g.held)
		if a.Answer == answerOK {
			g.done, g.outcome = g.held, o
		}
		g.held = progress.Claim{}
	}
	return err
}

// useOld uses a claim that was lost or has ended, for another thing than what
// ended it.
func (g *game) useOld(ctx context.Context) error {
	c := g.old[g.rand.IntN(len(g.old))]
	if g.rand.IntN(2) == 0 {
		_, err := g.setPhase(ctx, c, progress.PhasePosted)
		return err
	}
	o := g.anyOutcome()
	repeat := c.Token == g.done.Token && c.Job.ID == g.done.Job.ID && o == g.outcome
	_, err := g.finishAs(ctx, call{Op: opFinish, Outcome: o, Repeat: repeat}, c)
	return err
}

// anyOutcome is most often one that does not end the job for good.
func (g *game) anyOutcome() string {
	all := []string{
		outcomeRelease, outcomeRelease, outcomeRetry, outcomeRetry, outcomeAbsent, outcomeAbsent, outcomeAbsent,
		outcomeSuccess, outcomeFail, outcomeSkip, outcomeUnknown, outcomeFailAccount,
	}
	return all[g.rand.IntN(len(all))]
}

func (g *game) snapshot(ctx context.Context) error {
	_, err := g.do(call{Op: opSnapshot}, func() (answer, error) {
		rows, err := g.ledger.Snapshot(ctx)
		return answer{Rows: rows}, err
	})
	return err
}

func (g *game) requeue(ctx context.Context) error {
	c := call{Op: opRequeue, Job: 1 + g.rand.IntN(g.rows), Checked: g.rand.IntN(2) == 0}
	_, err := g.do(c, func() (answer, error) { return answer{}, g.ledger.Requeue(ctx, []int{c.Job}, c.Checked) })
	return err
}
