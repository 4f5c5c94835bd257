package fileledger

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"postfleet/internal/fault"
	"postfleet/internal/progress"
	"postfleet/internal/progress/disk"
	"postfleet/internal/progress/filelock"
)

// Join implements progress.Ledger.
func (l *Ledger) Join(ctx context.Context, workerID string) (progress.Member, error) {
	path, err := l.livenessPath(workerID)
	if err != nil {
		return nil, err
	}
	m := &member{ledger: l, id: workerID}
	// Under the state lock, so that Rescue, which tries these locks, is never
	// taken for a living worker.
	err = l.change(ctx, func(st *state) ([]progress.Row, error) {
		if !st.seeded {
			return nil, l.unseeded()
		}
		m.alive, err = l.takeLiveness(path, workerID)
		if err != nil {
			return nil, err
		}
		rows, _ := freed(st, l.now(), func(id string) bool { return id == workerID })
		return rows, nil
	})
	if err != nil {
		if m.alive != nil {
			err = errors.Join(err, m.alive.Release())
		}
		return nil, fmt.Errorf("join as worker %s: %w", workerID, err)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.members = append(l.members, m)
	return m, nil
}

func (l *Ledger) livenessPath(workerID string) (string, error) {
	if workerID == "" || strings.ContainsAny(workerID, "/\\\x00") {
		return "", fault.Errorf(fault.Input, "join: %q is no worker id", workerID)
	}
	return filepath.Join(l.name(workersName), "worker-"+workerID+".lock"), nil
}

func (l *Ledger) takeLiveness(path, workerID string) (*filelock.Held, error) {
	if err := disk.MakeDir(filepath.Dir(path)); err != nil {
		return nil, disk.Classify(fmt.Errorf("make %s: %w", filepath.Dir(path), err))
	}
	alive, err := filelock.Hold(path)
	if errors.Is(err, progress.ErrBusy) {
		return nil, fmt.Errorf("%w: %s", progress.ErrAlive, workerID)
	}
	return alive, err
}
