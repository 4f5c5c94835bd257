package geelark

import (
	"context"
	"errors"
)

// order asks for the start until it is accepted. A refusal because somebody
// else uses the phone gives it back at once, so that nobody stops it; unless a
// request before was not answered: then the somebody may be ourselves.
func (p *Phone) order(ctx context.Context) error {
	tried, isUnsure := false, false
	err := p.pace.insist(ctx, isLasting, func(ctx context.Context) error {
		if tried {
			if done, err := p.startedMeanwhile(ctx, isUnsure); done || err != nil {
				return err
			}
		}
		tried = true
		_, err := p.api.Start(ctx, StartOptions{EnergySaving: p.cfg.EnergySaving}, p.id).One(p.id)
		isUnsure = isUnsure || (err != nil && !isRefused(err))
		return err
	})
	if errors.Is(err, ErrInUse) && !isUnsure {
		return errors.Join(err, p.giveBack(ctx))
	}
	return err
}

// startedMeanwhile looks before a start is asked for once more: up to a minute
// has passed. A phone that runs by now is ours where we may have started it, and
// otherwise somebody else's, whom a second start would not disturb but a stop.
func (p *Phone) startedMeanwhile(ctx context.Context, byUs bool) (bool, error) {
	got, err := p.api.Status(ctx, p.id).One(p.id)
	switch {
	case err != nil, !got.Status.Billable():
		return false, nil // the start itself tells what is wrong
	case byUs:
		return true, nil
	}
	return false, notOurs(got.Status)
}

func isRefused(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.Refused()
}

// giveBack takes a phone that we certainly have not started out of the book.
func (p *Phone) giveBack(ctx context.Context) error {
	writing, cancel := context.WithTimeout(context.WithoutCancel(ctx), bookTime)
	defer cancel()
	id := p.id
	p.id = ""
	return p.book.Stopped(writing, id)
}
