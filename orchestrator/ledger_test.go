package orchestrator_test

import (
	"context"
	"slices"
	"strconv"
	"sync"
	"time"

	"postfleet/internal/jobs"
	"postfleet/internal/progress"
	"postfleet/workerimage"
)

var _ progress.Ledger = (*ledger)(nil)

// ledger is a tracker in memory. A worker is dead when alive says so; the real
// one asks the kernel.
type ledger struct {
	// fail, when not nil, is what Rescue and Snapshot return.
	fail error

	mu    sync.Mutex
	rows  []progress.Row
	alive map[string]bool
	// runs counts, by row, how often a worker began it.
	runs map[int]int
}

// newLedger has one pending row for each account.
func newLedger(accounts ...string) *ledger {
	l := &ledger{alive: map[string]bool{}, runs: map[int]int{}}
	for i, account := range accounts {
		l.rows = append(l.rows, progress.Row{ID: i + 1, Account: account, Status: progress.StatusPending})
	}
	return l
}

// numbered returns n accounts a0, a1, ….
func numbered(n int) []string {
	var names []string
	for i := range n {
		names = append(names, "a"+strconv.Itoa(i))
	}
	return names
}

// join and leave are a worker's life as its lock file tells it.
func (l *ledger) join(id int)  { l.set(id, true) }
func (l *ledger) leave(id int) { l.set(id, false) }

func (l *ledger) set(id int, alive bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.alive[strconv.Itoa(id)] = alive
}

// claim takes the first row for the device; left reports whether some may come.
func (l *ledger) claim(id int, d workerimage.Device) (row progress.Row, left bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i, r := range l.rows {
		if len(d.Accounts) > 0 && !slices.Contains(d.Accounts, r.Account) ||
			len(d.Accounts) == 0 && slices.Contains(d.ReservedAccounts, r.Account) {
			continue
		}
		switch r.Status {
		case progress.StatusPending:
			l.runs[r.ID]++
			l.change(i, progress.StatusClaimed, strconv.Itoa(id))
			return l.rows[i], true
		case progress.StatusClaimed, progress.StatusSuccess, progress.StatusFail, progress.StatusSkip:
		}
	}
	return progress.Row{}, false
}

func (l *ledger) change(i int, status progress.Status, worker string) {
	l.rows[i].Status, l.rows[i].WorkerID, l.rows[i].Time = status, worker, time.Now()
}

// finish gives the row its status, if the worker still has it.
func (l *ledger) finish(id, row int, status progress.Status) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.rows[row-1].WorkerID == strconv.Itoa(id) {
		l.change(row-1, status, "")
	}
}

func (l *ledger) Rescue(context.Context) ([]progress.Rescued, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.fail != nil {
		return nil, l.fail
	}
	var rescued []progress.Rescued
	for i, r := range l.rows {
		if r.Status == progress.StatusClaimed && !l.alive[r.WorkerID] {
			rescued = append(rescued, progress.Rescued{ID: r.ID, WorkerID: r.WorkerID, Phase: r.Phase})
			l.change(i, progress.StatusPending, "")
		}
	}
	return rescued, nil
}

func (l *ledger) Snapshot(context.Context) ([]progress.Row, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.rows), l.fail
}

// began returns how often each row was begun.
func (l *ledger) began() []int {
	l.mu.Lock()
	defer l.mu.Unlock()
	var counts []int
	for _, r := range l.rows {
		counts = append(counts, l.runs[r.ID])
	}
	return counts
}

func (l *ledger) Seed(context.Context, []jobs.PostJob, map[int]string) (progress.Seeded, error) {
	return progress.Seeded{}, nil
}
func (l *ledger) Join(context.Context, string) (progress.Member, error) { return nil, nil }
func (l *ledger) Close() error                                          { return nil }
