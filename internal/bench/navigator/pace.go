package main

import (
	"context"
	"errors"
	"fmt"
)

// paceRun is how long posts take, one at a time, in seconds.
type paceRun struct {
	// original is by the recipe alone in the app that it is written for; cold, try
	// and warm are the first, the second and the third worker's in an update.
	original, cold, try, warm []float64
	calls                     []float64
	err                       error
}

// pace posts in several updates, one after the other, while nothing else runs.
func (l *lab) pace(ctx context.Context) (r paceRun) {
	for n := range l.cfg.paced {
		r.err = errors.Join(r.err, l.paceOf(ctx, n+1, &r))
	}
	return r
}

func (l *lab) paceOf(ctx context.Context, skin int, r *paceRun) (err error) {
	known, err := l.open(ctx, fmt.Sprintf("pace-%d-original", skin), 0)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, known.close()) }()
	changed, err := l.open(ctx, fmt.Sprintf("pace-%d", skin), skin)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, changed.close()) }()
	for i, run := range []struct {
		site *site
		mode mode
		into *[]float64
	}{
		{known, modeRecipe, &r.original},
		{changed, modeBoth, &r.cold},
		{changed, modeBoth, &r.try},
		{changed, modeBoth, &r.warm},
	} {
		// All of them have as many posts, or it would be another way.
		const likewise = 4
		got, err := run.site.post(ctx, 1+i*likewise, role{mode: run.mode})
		if err = errors.Join(err, got.err); err != nil {
			return fmt.Errorf("time a post in skin %d: %w", skin, err)
		}
		*run.into = append(*run.into, got.took.Seconds())
		if run.into == &r.cold {
			r.calls = append(r.calls, float64(got.calls))
		}
	}
	return nil
}
