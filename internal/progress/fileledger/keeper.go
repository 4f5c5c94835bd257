package fileledger

import (
	"context"
	"errors"
	"fmt"

	"postfleet/internal/progress"
)

// Requeue implements progress.Keeper.
func (l *Ledger) Requeue(ctx context.Context, ids []int, checked bool) error {
	return l.amend(ctx, ids, func(r *progress.Row) (progress.Row, error) { return r.Requeued(checked, l.now()) })
}

// Skip implements progress.Keeper.
func (l *Ledger) Skip(ctx context.Context, ids []int, reason string, checked bool) error {
	return l.amend(ctx, ids, func(r *progress.Row) (progress.Row, error) {
		return r.Skipped(reason, checked, l.now())
	})
}

// amend changes all the rows, or none.
func (l *Ledger) amend(ctx context.Context, ids []int, fn func(*progress.Row) (progress.Row, error)) error {
	return l.change(ctx, func(st *state) ([]progress.Row, error) {
		if !st.seeded {
			return nil, l.unseeded()
		}
		var rows []progress.Row
		var errs []error
		done := make(map[int]bool)
		for _, id := range ids {
			old := st.book.Row(id)
			if old == nil {
				errs = append(errs, fmt.Errorf("job %d: %w: there are %d jobs",
					id, progress.ErrImpossible, st.book.Len()))
				continue
			}
			next, err := fn(old)
			errs = append(errs, err)
			if err == nil && next != *old && !done[id] {
				rows = append(rows, next)
			}
			done[id] = true
		}
		return rows, errors.Join(errs...)
	})
}
