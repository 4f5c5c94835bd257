package progress

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"time"
)

// Rescue implements Ledger.
func (l *CSV) Rescue(ctx context.Context) ([]Rescued, error) {
	var freed []Rescued
	err := l.change(ctx, func(rows []Row) (bool, error) {
		dead, err := l.deadWorkers(rows)
		if err != nil {
			return false, err
		}
		freed = freeRows(rows, l.now(), func(id string) bool { return dead[id] })
		return len(freed) > 0, nil
	})
	if err != nil {
		return nil, err
	}
	return freed, nil
}

// deadWorkers asks the kernel, once for each worker that holds a row.
func (l *CSV) deadWorkers(rows []Row) (map[string]bool, error) {
	dead := make(map[string]bool)
	for _, r := range rows {
		if _, asked := dead[r.WorkerID]; asked || r.Status != StatusClaimed {
			continue
		}
		isDead, err := l.dead(r.WorkerID)
		if err != nil {
			return nil, err
		}
		dead[r.WorkerID] = isDead
	}
	return dead, nil
}

// dead reports whether the worker's liveness lock is free. The kernel frees it
// with the process, whatever ended it.
func (l *CSV) dead(workerID string) (bool, error) {
	path, err := l.livenessPath(workerID)
	if err != nil {
		return false, err
	}
	probe, err := tryOpen(path, os.O_RDONLY)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return true, nil
	case errors.Is(err, ErrBusy):
		return false, nil
	case err != nil:
		return false, err
	}
	return true, probe.Unlock()
}

// freeRows puts back the claimed rows of dead workers.
func freeRows(rows []Row, now time.Time, dead func(workerID string) bool) []Rescued {
	var freed []Rescued
	for i := range rows {
		if r := &rows[i]; r.Status == StatusClaimed && dead(r.WorkerID) {
			freed = append(freed, r.free(now))
		}
	}
	return freed
}
