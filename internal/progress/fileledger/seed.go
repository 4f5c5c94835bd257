package fileledger

import (
	"context"
	"errors"
	"fmt"
	"time"

	"postfleet/internal/fault"
	"postfleet/internal/jobs"
	"postfleet/internal/progress"
)

// Seed implements progress.Ledger. Rows are added by beginning the files anew
// with them, behind the publication lock; workers go on meanwhile.
func (l *Ledger) Seed(ctx context.Context, all []jobs.PostJob, skip map[int]string) (progress.Seeded, error) {
	unlock, err := l.pubLock.Acquire(ctx)
	if err != nil {
		return progress.Seeded{}, err
	}
	defer unlock()
	st, release, err := l.read(ctx)
	if err != nil {
		return progress.Seeded{}, err
	}
	rows, fine := st.book.Rows(), st.seeded && st.unsound == ""
	release()
	if err := compare(rows, all); err != nil {
		return progress.Seeded{}, fault.Mark(fault.Input, err)
	}
	done := progress.Seeded{Added: len(all) - len(rows), Total: len(all)}
	if done.Added == 0 && fine {
		return done, nil
	}
	added := all[len(rows):]
	for _, j := range added {
		if _, ok := skip[j.ID]; ok {
			done.Skipped++
		}
	}
	if err := l.rebase(ctx, addition{jobs: added, skip: skip, now: l.now()}); err != nil {
		return progress.Seeded{}, err
	}
	return done, nil
}

// addition are rows that are to be added. They are made one after the other as
// they are written, because there may be a great many.
type addition struct {
	jobs []jobs.PostJob
	skip map[int]string
	now  time.Time
}

func (a addition) row(j jobs.PostJob) progress.Row {
	r := progress.Row{
		ID: j.ID, Account: j.Account, Video: j.Video, Caption: j.Caption,
		Status: progress.StatusPending, Time: a.now.UTC().Round(0),
	}
	if reason, ok := a.skip[j.ID]; ok {
		r.Status, r.Error = progress.StatusSkip, reason
	}
	return r
}

// compare reports every job that is not what its row says it was.
func compare(rows []*progress.Row, all []jobs.PostJob) error {
	var errs []error
	for i, j := range all {
		if j.ID != i+1 {
			return fmt.Errorf("seed ledger: job %d has id %d: ids count from 1", i+1, j.ID)
		}
		if j.Account == "" || j.Video == "" {
			return fmt.Errorf("seed ledger: job %d has no account or no video", j.ID)
		}
		if i < len(rows) {
			errs = append(errs, differences(rows[i], j)...)
		}
	}
	if len(all) < len(rows) {
		next := rows[len(all)]
		errs = append(errs, fmt.Errorf("%w: the jobs file has %d jobs, the ledger has %d: "+
			"put the missing rows back, job %d is %q for account %q", progress.ErrChanged,
			len(all), len(rows), len(all)+1, next.Video, next.Account))
	}
	return errors.Join(errs...)
}

func differences(r *progress.Row, j jobs.PostJob) []error {
	var errs []error
	for _, c := range [...]struct{ column, was, is string }{
		{jobs.ColumnAccount, r.Account, j.Account},
		{jobs.ColumnVideo, r.Video, j.Video},
		{jobs.ColumnCaption, r.Caption, j.Caption},
	} {
		if c.was != c.is {
			errs = append(errs, fmt.Errorf("%w: job %d, column %s: %q in the ledger, %q in the jobs file: undo the "+
				"change, and put new posts in new rows at the end", progress.ErrChanged, j.ID, c.column, c.was, c.is))
		}
	}
	return errs
}
