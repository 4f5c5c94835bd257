package ledgerproof

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sys/unix"

	"postfleet/internal/jobs"
	"postfleet/internal/progress"
)

// The file that a toy locks, and that is all there is to it.
const (
	toyTable = "progress.csv"      // wrong: it is replaced by renaming, and with it what is locked
	toyLock  = "progress.csv.lock" // right: it is never replaced
)

// toy is a ledger as one would write it at first: lock, read all, change,
// rename, unlock. With the wrong lock it is what the harness has to find
// illegal; with the right one it shows that nothing else about it is wrong.
type toy struct{ dir, locked string }

var (
	_ ledger          = toy{}
	_ progress.Member = (*toyMember)(nil)
)

func newToy(dir, locked string) toy { return toy{dir: dir, locked: locked} }

func (t toy) path(name string) string { return filepath.Join(t.dir, name) }

// lock is a flock on the file that the path leads to now.
func lock(path string, how int) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	for {
		err := unix.Flock(int(f.Fd()), how)
		if err == nil {
			return f, nil
		}
		if !errors.Is(err, unix.EINTR) {
			return nil, errors.Join(err, f.Close())
		}
	}
}

// change runs fn on the rows under the lock and writes them when it succeeds.
func (t toy) change(fn func(rows []progress.Row) ([]progress.Row, error)) error {
	f, err := lock(t.path(t.locked), unix.LOCK_EX)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }() // unlocks
	var rows []progress.Row
	data, err := os.ReadFile(t.path(toyTable))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if len(data) > 0 {
		if err := json.Unmarshal(data, &rows); err != nil {
			return err
		}
	}
	if rows, err = fn(rows); err != nil || rows == nil {
		return err
	}
	if data, err = json.Marshal(rows); err != nil {
		return err
	}
	next, err := os.CreateTemp(t.dir, "next-*")
	if err != nil {
		return err
	}
	if _, err := next.Write(data); err != nil {
		return errors.Join(err, next.Close())
	}
	return errors.Join(next.Close(), os.Rename(next.Name(), t.path(toyTable)))
}

func (t toy) alive(worker string) string { return t.path("worker-" + worker + ".lock") }

func (t toy) dead(worker string) bool {
	f, err := lock(t.alive(worker), unix.LOCK_EX|unix.LOCK_NB)
	if err != nil {
		return false
	}
	return f.Close() == nil
}

func (t toy) Seed(_ context.Context, all []jobs.PostJob, _ map[int]string) (progress.Seeded, error) {
	return progress.Seeded{}, t.change(func([]progress.Row) ([]progress.Row, error) {
		var rows []progress.Row
		for _, j := range all {
			rows = append(rows, progress.Row{
				ID: j.ID, Account: j.Account, Video: j.Video, Caption: j.Caption, Status: progress.StatusPending,
			})
		}
		return rows, nil
	})
}

func (t toy) Join(_ context.Context, worker string) (progress.Member, error) {
	m := &toyMember{toy: t, worker: worker}
	return m, t.change(func(rows []progress.Row) ([]progress.Row, error) {
		var err error
		if m.alive, err = lock(t.alive(worker), unix.LOCK_EX|unix.LOCK_NB); err != nil {
			return nil, err
		}
		rows, _ = freed(rows, func(id string) bool { return id == worker })
		return rows, nil
	})
}

func (t toy) Rescue(context.Context) ([]progress.Rescued, error) {
	var what []progress.Rescued
	err := t.change(func(rows []progress.Row) ([]progress.Row, error) {
		rows, what = freed(rows, t.dead)
		return rows, nil
	})
	return what, err
}

func freed(rows []progress.Row, dead func(string) bool) ([]progress.Row, []progress.Rescued) {
	var all []progress.Rescued
	for i := range rows {
		if r := &rows[i]; r.Status == progress.StatusClaimed && dead(r.WorkerID) {
			next, what := r.Freed(time.Now())
			rows[i], all = next, append(all, what)
		}
	}
	return rows, all
}

func (t toy) Snapshot(context.Context) (all []progress.Row, err error) {
	return all, t.change(func(rows []progress.Row) ([]progress.Row, error) {
		all = rows
		return nil, nil
	})
}

func (t toy) Requeue(_ context.Context, ids []int, checked bool) error {
	return t.change(func(rows []progress.Row) ([]progress.Row, error) {
		for _, id := range ids {
			next, err := rows[id-1].Requeued(checked, time.Now())
			if err != nil {
				return nil, err
			}
			rows[id-1] = next
		}
		return rows, nil
	})
}

func (toy) Close() error { return nil }

type toyMember struct {
	toy    toy
	worker string
	alive  *os.File
	done   string
}

func (m *toyMember) Claim(context.Context, progress.Terms) (progress.Claim, error) {
	var c progress.Claim
	return c, m.toy.change(func(rows []progress.Row) ([]progress.Row, error) {
		i, err := first(rows)
		if err != nil {
			return nil, err
		}
		rows[i], c = rows[i].Claimed(m.worker, time.Now())
		return rows, nil
	})
}

// first is the row that is to be claimed next.
func first(rows []progress.Row) (int, error) {
	busy, waits := make(map[string]bool), make(map[string]bool)
	nothing := progress.ErrNothingLeft
	for _, r := range rows {
		busy[r.Account] = busy[r.Account] || r.Status == progress.StatusClaimed
		waits[r.Account] = waits[r.Account] || r.Verify()
		if r.Status == progress.StatusClaimed || r.Status == progress.StatusPending {
			nothing = progress.ErrNothingNow
		}
	}
	for i, r := range rows {
		if r.Status == progress.StatusPending && !busy[r.Account] && waits[r.Account] == r.Verify() {
			return i, nil
		}
	}
	return 0, nothing
}

func (m *toyMember) held(rows []progress.Row, c progress.Claim) (*progress.Row, error) {
	if r := &rows[c.Job.ID-1]; r.HeldBy(c) {
		return r, nil
	}
	return nil, fmt.Errorf("job %d: %w", c.Job.ID, progress.ErrLostClaim)
}

func (m *toyMember) SetPhase(_ context.Context, c progress.Claim, p progress.Phase) error {
	return m.toy.change(func(rows []progress.Row) ([]progress.Row, error) {
		r, err := m.held(rows, c)
		if err != nil {
			return nil, err
		}
		next, err := r.InPhase(p)
		*r = next
		return rows, err
	})
}

func (m *toyMember) Finish(_ context.Context, c progress.Claim, o progress.Outcome) error {
	what := c.Token + fmt.Sprint(o)
	if m.done == what {
		return nil
	}
	err := m.toy.change(func(rows []progress.Row) ([]progress.Row, error) {
		r, err := m.held(rows, c)
		if err != nil {
			return nil, err
		}
		next, err := r.Finished(c, o, time.Now())
		if err != nil {
			return nil, err
		}
		*r = next
		if o == progress.FailAccount(o.Reason()) {
			skipRest(rows, r.Account)
		}
		return rows, nil
	})
	if err == nil {
		m.done = what
	}
	return err
}

func skipRest(rows []progress.Row, account string) {
	for i, r := range rows {
		if r.Account == account && r.Status == progress.StatusPending && !r.Verify() {
			rows[i].Status = progress.StatusSkip
		}
	}
}

func (m *toyMember) Leave() error { return m.alive.Close() }
