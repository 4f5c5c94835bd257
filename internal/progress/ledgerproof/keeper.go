package ledgerproof

import (
	"context"
	"fmt"
	"sync"

	"postfleet/internal/progress"
)

// keeper does what a person would: look at the rows on which too many workers
// have died, and put them back when they were not posted.
type keeper struct {
	ledger ledger
	posts  posts

	mu       sync.Mutex
	requeued []progress.Row // as they were before
}

// settle puts back rows that failed, and reports whether all rows are done
// with. A row that was posted, and of which the ledger cannot know, stays as it
// is: there is nothing that anybody has to do about it.
func (k *keeper) settle(ctx context.Context) (done bool, err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	rows, err := k.ledger.Snapshot(ctx)
	if err != nil {
		return false, err
	}
	done = true
	for _, row := range rows {
		if row.Status != progress.StatusFail {
			done = done && row.Status == progress.StatusSuccess
			continue
		}
		posted, err := k.posts.count(row.ID)
		switch {
		case err != nil:
			return false, err
		case row.Unknown() && posted > 0:
			continue
		}
		done = false
		if err := k.requeue(ctx, row); err != nil {
			return false, err
		}
	}
	return done, nil
}

func (k *keeper) requeue(ctx context.Context, row progress.Row) error {
	if err := k.ledger.Requeue(ctx, []int{row.ID}, row.Unknown()); err != nil {
		return fmt.Errorf("requeue job %d: %w", row.ID, err)
	}
	k.requeued = append(k.requeued, row)
	return nil
}

// stillHeld reports whether the claim holds its row after a rescue.
func (k *keeper) stillHeld(ctx context.Context, c progress.Claim) (bool, error) {
	if _, err := k.ledger.Rescue(ctx); err != nil {
		return false, err
	}
	rows, err := k.ledger.Snapshot(ctx)
	if err != nil {
		return false, err
	}
	row := rows[c.Job.ID-1]
	return row.HeldBy(c), nil
}
