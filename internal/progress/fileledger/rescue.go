package fileledger

import (
	"context"
	"time"

	"postfleet/internal/progress"
	"postfleet/internal/progress/filelock"
)

// Rescue implements progress.Ledger.
func (l *Ledger) Rescue(ctx context.Context) ([]progress.Rescued, error) {
	var rescued []progress.Rescued
	err := l.change(ctx, func(st *state) ([]progress.Row, error) {
		dead, err := l.deadWorkers(st)
		if err != nil {
			return nil, err
		}
		var rows []progress.Row
		rows, rescued = freed(st, l.now(), func(id string) bool { return dead[id] })
		return rows, nil
	})
	if err != nil {
		return nil, err
	}
	return rescued, nil
}

// deadWorkers asks the kernel, once for each worker that holds a row: it frees
// the worker's lock with the process, whatever ended it.
func (l *Ledger) deadWorkers(st *state) (map[string]bool, error) {
	dead := make(map[string]bool)
	for r := range st.book.Claimed() {
		if _, asked := dead[r.WorkerID]; asked {
			continue
		}
		path, err := l.livenessPath(r.WorkerID)
		if err != nil {
			return nil, err
		}
		if dead[r.WorkerID], err = filelock.Free(path); err != nil {
			return nil, err
		}
	}
	return dead, nil
}

// freed returns the claimed rows of dead workers as they are to be.
func freed(st *state, now time.Time, dead func(workerID string) bool) ([]progress.Row, []progress.Rescued) {
	var rows []progress.Row
	var rescued []progress.Rescued
	for r := range st.book.Claimed() {
		if dead(r.WorkerID) {
			row, what := r.Freed(now)
			rows, rescued = append(rows, row), append(rescued, what)
		}
	}
	return rows, rescued
}
