package ledgerproof

import (
	"math/rand/v2"
	"time"
)

// way is how a life is ended.
type way int

const (
	// byNature: it ends when its work is done.
	byNature way = iota
	// byTime: SIGKILL some time after it joined.
	byTime
	// byCall: SIGKILL when the parent reads that the n-th call of one kind began.
	byCall
	// byItself: SIGKILL in the middle of the n-th call of one kind.
	byItself
	// byPause: stopped at the n-th call of any kind, in the middle of whatever
	// it does, continued after a while, and killed after another.
	byPause
	// byZombie: stopped with a claim held while others rescue; then killed, or
	// continued, and killed when it has ended the claim.
	byZombie
)

// plan is how one life is to be ended. It is drawn from the run's seed, the
// worker and the number of its life, so it is the same in every run of a seed;
// what the processes have done by then is not.
type plan struct {
	way   way
	op    string        // byCall, byItself: which calls are counted
	nth   int           // byCall, byItself, byPause
	delay time.Duration // byItself: from the call; byPause: for how long
	after time.Duration // byTime, byPause, byZombie: after all the rest
	spare bool          // byZombie: continued
}

// callsToPause is in how many calls a worker is through with its first job.
const callsToPause = 10

func drawPlan(r *rand.Rand, cfg Config) plan {
	p := plan{after: upTo(r, cfg.JobTime*3/2), spare: r.IntN(2) == 0}
	switch n := r.IntN(16); {
	case n < 2:
		p.way = byTime
	case n < 5:
		p.way = byCall
		p.op, p.nth = drawCall(r)
	case n < 12:
		p.way, p.delay = byItself, upTo(r, cfg.CallTime)
		p.op, p.nth = drawCall(r)
	case n < 14:
		p.way, p.nth, p.delay = byPause, 1+r.IntN(callsToPause), upTo(r, cfg.JobTime)
	default:
		p.way = byZombie
	}
	return p
}

func drawCall(r *rand.Rand) (op string, nth int) {
	ops := []string{opJoin, opRescue, opClaim, opClaim, opPhase, opPhase, opPhase, opFinish, opFinish, opTap}
	op = ops[r.IntN(len(ops))]
	if op == opPhase {
		return op, 1 + r.IntN(2)
	}
	return op, 1 // there may be no other
}

func upTo(r *rand.Rand, d time.Duration) time.Duration {
	return time.Duration(r.Int64N(int64(d) + 1))
}

// source is the random source of a worker's life.
func source(seed uint64, worker, life int) *rand.Rand {
	//nolint:gosec // repeatable, not secret
	return rand.New(rand.NewPCG(seed, uint64(worker)<<32|uint64(life)))
}
