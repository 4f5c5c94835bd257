package fileledger

import (
	"context"
	"fmt"
	"sync"
	"time"

	"postfleet/internal/progress"
	"postfleet/internal/progress/disk"
	"postfleet/internal/progress/filelock"
	"postfleet/internal/progress/guard"
)

// member is a worker that holds its liveness lock.
type member struct {
	ledger *Ledger
	id     string
	alive  *filelock.Held

	mu   sync.Mutex
	left bool
	// done is the last claim that was ended, and how: a repeated Finish is
	// recognised by it, because the row itself may be another's by then.
	done    progress.Claim
	outcome progress.Outcome
}

// Claim implements progress.Member. It claims nothing when the disk is nearly
// full, so that what was claimed can be brought to its end.
func (m *member) Claim(ctx context.Context, terms progress.Terms) (progress.Claim, error) {
	var c progress.Claim
	err := m.change(ctx, func(st *state) ([]progress.Row, error) {
		if err := m.ledger.roomToClaim(); err != nil {
			return nil, err
		}
		now := m.ledger.now()
		id, err := st.book.Pick(terms, now)
		if err != nil {
			return nil, err
		}
		var row progress.Row
		row, c = st.book.Row(id).Claimed(m.id, now)
		return []progress.Row{row}, nil
	})
	if err != nil {
		return progress.Claim{}, err
	}
	return c, nil
}

// roomToClaim asks for the free space now and then: between two questions the
// ledger itself writes far less than is to be left. The lock is held.
func (l *Ledger) roomToClaim() error {
	const often = 100 * time.Millisecond
	if time.Since(l.roomSeen) < often {
		return nil
	}
	free, err := l.dir.Free()
	if err != nil {
		return disk.Classify(fmt.Errorf("ask for the free space of %s: %w", l.path, err))
	}
	if err := guard.EnoughToClaim(l.path, free); err != nil {
		return err
	}
	l.roomSeen = time.Now()
	return nil
}

// SetPhase implements progress.Member.
func (m *member) SetPhase(ctx context.Context, c progress.Claim, p progress.Phase) error {
	return m.change(ctx, func(st *state) ([]progress.Row, error) {
		row, err := held(st, c)
		if err != nil {
			return nil, err
		}
		next, err := row.InPhase(p)
		if err != nil || row.Phase == p {
			return nil, err
		}
		return []progress.Row{next}, nil
	})
}

// Finish implements progress.Member.
func (m *member) Finish(ctx context.Context, c progress.Claim, o progress.Outcome) error {
	if m.finished(c, o) {
		return nil
	}
	err := m.change(ctx, func(st *state) ([]progress.Row, error) {
		row, err := held(st, c)
		if err != nil {
			return nil, err
		}
		now := m.ledger.now()
		next, err := row.Finished(c, o, now)
		if err != nil {
			return nil, err
		}
		// The claim's own row comes last: should the write be cut short, the
		// claim still stands, and the call may be repeated.
		var rows []progress.Row
		if o.EndsAccount() {
			for other := range st.book.Pending(row.Account) {
				if skipped, err := other.Skipped(o.Reason(), false, now); err == nil {
					rows = append(rows, skipped)
				}
			}
		}
		return append(rows, next), nil
	})
	if err == nil {
		m.mu.Lock()
		m.done, m.outcome = c, o
		m.mu.Unlock()
	}
	return err
}

func (m *member) finished(c progress.Claim, o progress.Outcome) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return c.Token != "" && m.done.Token == c.Token && m.done.Job.ID == c.Job.ID && m.outcome == o
}

// held returns the row that c is the claim on.
func held(st *state, c progress.Claim) (*progress.Row, error) {
	if row := st.book.Row(c.Job.ID); row != nil && row.HeldBy(c) {
		return row, nil
	}
	return nil, fmt.Errorf("job %d: %w", c.Job.ID, progress.ErrLostClaim)
}

// change is the ledger's change for a member that has not left, on a ledger
// that was seeded.
func (m *member) change(ctx context.Context, fn func(st *state) ([]progress.Row, error)) error {
	m.mu.Lock()
	left := m.left
	m.mu.Unlock()
	if left {
		return fmt.Errorf("worker %s: %w", m.id, progress.ErrClosed)
	}
	return m.ledger.change(ctx, func(st *state) ([]progress.Row, error) {
		if !st.seeded {
			return nil, m.ledger.unseeded()
		}
		return fn(st)
	})
}

// Leave implements progress.Member.
func (m *member) Leave() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.left = true
	if err := m.alive.Release(); err != nil {
		return fmt.Errorf("leave ledger: %w", err)
	}
	return nil
}
