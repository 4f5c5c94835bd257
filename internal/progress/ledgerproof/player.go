package ledgerproof

import (
	"context"
	"fmt"
	"os"
	"time"

	"postfleet/internal/progress"
)

// player is a member of a ledger that records what it calls and is answered.
type player struct {
	ledger ledger
	member progress.Member
	record record
	die    *selfKill // nil: not at all
}

// joinAs joins the ledger as the worker that the process is told to be.
func joinAs(ctx context.Context, l ledger, told assignment) (*player, error) {
	p := &player{ledger: l, record: record{to: os.Stdout}, die: told.Die}
	_, err := p.do(call{Op: opJoin}, func() (answer, error) {
		var err error
		p.member, err = l.Join(ctx, told.Worker)
		return answer{}, err
	})
	if err != nil {
		return nil, err
	}
	if p.member == nil {
		return nil, fmt.Errorf("worker %s cannot join", told.Worker)
	}
	return p, nil
}

// do records the call and the answer of fn. Answers that a sound ledger gives
// are no error.
func (p *player) do(c call, fn func() (answer, error)) (answer, error) {
	if err := p.record.call(c); err != nil {
		return answer{}, err
	}
	p.die.count(c)
	a, err := fn()
	a.Answer = answerTo(err)
	if err := p.record.answer(a); err != nil {
		return answer{}, err
	}
	if !expected(a.Answer) {
		return a, fmt.Errorf("%s: %w", c.Op, err)
	}
	return a, nil
}

// claim returns a claim, whose token is empty when the ledger gave none.
func (p *player) claim(ctx context.Context) (progress.Claim, answer, error) {
	var got progress.Claim
	a, err := p.do(call{Op: opClaim}, func() (answer, error) {
		var err error
		got, err = p.member.Claim(ctx, progress.Terms{})
		return answer{
			Job: got.Job.ID, Attempt: got.Attempt, Verify: got.Verify, Phase: got.Phase, Token: got.Token,
		}, err
	})
	return got, a, err
}

func (p *player) setPhase(ctx context.Context, c progress.Claim, to progress.Phase) (answer, error) {
	return p.do(call{Op: opPhase, Job: c.Job.ID, Token: c.Token, Phase: to}, func() (answer, error) {
		return answer{}, p.member.SetPhase(ctx, c, to)
	})
}

func (p *player) finish(ctx context.Context, c progress.Claim, o string) (answer, error) {
	return p.finishAs(ctx, call{Op: opFinish, Outcome: o}, c)
}

func (p *player) finishAs(ctx context.Context, as call, c progress.Claim) (answer, error) {
	as.Job, as.Token = c.Job.ID, c.Token
	return p.do(as, func() (answer, error) {
		return answer{}, p.member.Finish(ctx, c, outcomeOf(as.Outcome))
	})
}

func (p *player) rescue(ctx context.Context) error {
	_, err := p.do(call{Op: opRescue}, func() (answer, error) {
		freed, err := p.ledger.Rescue(ctx)
		return answer{Freed: freed}, err
	})
	return err
}

func (p *player) leave() error {
	_, err := p.do(call{Op: opLeave}, func() (answer, error) { return answer{}, p.member.Leave() })
	return err
}

// The outcomes by the names under which they are recorded.
const (
	outcomeSuccess     = "success"
	outcomeFail        = "fail"
	outcomeFailAccount = "fail account"
	outcomeSkip        = "skip"
	outcomeRetry       = "retry"
	outcomeRelease     = "release"
	outcomeUnknown     = "unknown"
	outcomeAbsent      = "absent"
)

func outcomeOf(name string) progress.Outcome {
	switch name {
	case outcomeSuccess:
		return progress.Success()
	case outcomeFail:
		return progress.Fail("failed")
	case outcomeFailAccount:
		return progress.FailAccount("account failed")
	case outcomeSkip:
		return progress.Skip("skipped")
	case outcomeRetry:
		return progress.Retry("again", time.Time{})
	case outcomeRelease:
		return progress.Release()
	case outcomeUnknown:
		return progress.Unknown("nobody knows")
	case outcomeAbsent:
		return progress.Absent("not there", time.Time{})
	}
	return progress.Outcome{}
}
