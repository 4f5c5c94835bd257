package progress

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/gofrs/flock"

	"postfleet/internal/fault"
)

// Join implements Ledger.
func (l *CSV) Join(ctx context.Context, workerID string) (Member, error) {
	path, err := l.livenessPath(workerID)
	if err != nil {
		return nil, err
	}
	var alive *flock.Flock
	// Under the state lock, so that Rescue, which tries these locks, is never
	// taken for a living worker.
	err = l.locked(ctx, func() error {
		if alive, err = l.takeLiveness(path, workerID); err != nil {
			return err
		}
		if err := l.rescueOwn(workerID); err != nil {
			_ = alive.Unlock()
			return err
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("join as worker %s: %w", workerID, err)
	}
	m := &member{ledger: l, id: workerID, alive: alive}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.members = append(l.members, m)
	return m, nil
}

func (l *CSV) livenessPath(workerID string) (string, error) {
	if workerID == "" || strings.ContainsAny(workerID, "/\\\x00") {
		return "", fault.Errorf(fault.Input, "join: %q is no worker id", workerID)
	}
	return filepath.Join(l.disk.path(workersName), "worker-"+workerID+".lock"), nil
}

func (l *CSV) takeLiveness(path, workerID string) (*flock.Flock, error) {
	if err := l.makeWorkersDir(); err != nil {
		return nil, classify(fmt.Errorf("make %s: %w", filepath.Dir(path), err))
	}
	alive, err := tryLock(path)
	if errors.Is(err, ErrBusy) {
		return nil, fmt.Errorf("%w: %s", ErrAlive, workerID)
	}
	return alive, err
}

func (l *CSV) makeWorkersDir() error {
	path := l.disk.path(workersName)
	err := os.Mkdir(path, 0o755)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	dir, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(adopt(dir), dir.Close())
}

// rescueOwn frees what an earlier worker of this id held, whose lock is ours now.
func (l *CSV) rescueOwn(workerID string) error {
	if err := l.disk.sweep(); err != nil {
		return classify(err)
	}
	st, err := l.disk.load()
	if err != nil {
		return err
	}
	if st.print == absent() {
		return l.unseeded()
	}
	freed := freeRows(st.rows, l.now(), func(id string) bool { return id == workerID })
	if len(freed) == 0 {
		return nil
	}
	return l.disk.save(st, st.rows)
}

func (l *CSV) unseeded() error {
	return fault.Errorf(fault.Ledger, "%s is not there: seed it first", l.disk.path(tableName))
}
