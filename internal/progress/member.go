package progress

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/gofrs/flock"

	"postfleet/internal/fault"
)

// member is a worker that holds its liveness lock.
type member struct {
	ledger *CSV
	id     string
	alive  *flock.Flock

	mu   sync.Mutex
	left bool
	// done is the last claim that was ended, and how: a repeated Finish is
	// recognised by it, because the row itself may be another's by then.
	done    Claim
	outcome Outcome
}

// Claim implements Member.
func (m *member) Claim(ctx context.Context, terms Terms) (Claim, error) {
	var c Claim
	err := m.change(ctx, func(rows []Row) (bool, error) {
		now := m.ledger.now()
		i, err := pick(rows, terms, now)
		if err != nil {
			return false, err
		}
		c = rows[i].claim(m.id, now)
		return true, nil
	})
	if err != nil {
		return Claim{}, err
	}
	return c, nil
}

// SetPhase implements Member.
func (m *member) SetPhase(ctx context.Context, c Claim, p Phase) error {
	return m.change(ctx, func(rows []Row) (bool, error) {
		row, err := held(rows, c)
		if err != nil {
			return false, err
		}
		if p.rank() < row.Phase.rank() {
			return false, fmt.Errorf("job %d: %w: phase %q after %q", row.ID, ErrImpossible, p, row.Phase)
		}
		changed := row.Phase != p
		row.Phase = p
		return changed, nil
	})
}

// Finish implements Member.
func (m *member) Finish(ctx context.Context, c Claim, o Outcome) error {
	if m.finished(c, o) {
		return nil
	}
	err := m.change(ctx, func(rows []Row) (bool, error) {
		row, err := held(rows, c)
		if err != nil {
			return false, err
		}
		now := m.ledger.now()
		if err := row.finish(c, o, now); err != nil {
			return false, err
		}
		if o.account {
			skipAccount(rows, row.Account, o.reason, now)
		}
		return true, nil
	})
	if err == nil {
		m.mu.Lock()
		m.done, m.outcome = c, o
		m.mu.Unlock()
	}
	return err
}

func (m *member) finished(c Claim, o Outcome) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return c.Token != "" && m.done.Token == c.Token && m.done.Job.ID == c.Job.ID && m.outcome == o
}

// held returns the row that c is the claim on.
func held(rows []Row, c Claim) (*Row, error) {
	if i := c.Job.ID - 1; i >= 0 && i < len(rows) && rows[i].holds(c) {
		return &rows[i], nil
	}
	return nil, fmt.Errorf("job %d: %w", c.Job.ID, ErrLostClaim)
}

// skipAccount skips the account's rows that nobody has begun. A row that waits
// for verification stays: it may have been posted.
func skipAccount(rows []Row, name, reason string, now time.Time) {
	for i := range rows {
		if r := &rows[i]; r.Account == name && r.Status == StatusPending && !r.verify() {
			r.Status, r.Error = StatusSkip, reason
			r.stamp(now)
		}
	}
}

// change is the ledger's change for a member that has not left, on a ledger
// that was seeded.
func (m *member) change(ctx context.Context, fn func(rows []Row) (bool, error)) error {
	m.mu.Lock()
	left := m.left
	m.mu.Unlock()
	if left {
		return fmt.Errorf("worker %s: %w", m.id, ErrClosed)
	}
	return m.ledger.change(ctx, func(rows []Row) (bool, error) {
		if rows == nil {
			return false, m.ledger.unseeded()
		}
		return fn(rows)
	})
}

// Leave implements Member.
func (m *member) Leave() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.left = true
	if err := m.alive.Unlock(); err != nil {
		return fault.Errorf(fault.Infra, "leave ledger: %w", err)
	}
	return nil
}
