package progress

import (
	"context"
	"errors"
	"fmt"

	"postfleet/internal/fault"
	"postfleet/internal/jobs"
)

// Seed implements Ledger.
func (l *CSV) Seed(ctx context.Context, all []jobs.PostJob, skip map[int]string) (Seeded, error) {
	var done Seeded
	err := l.locked(ctx, func() error {
		if err := l.disk.sweep(); err != nil {
			return classify(fmt.Errorf("seed ledger: %w", err))
		}
		st, err := l.disk.load()
		if err != nil {
			return err
		}
		if err := compare(st.rows, all); err != nil {
			return fault.Mark(fault.Input, err)
		}
		done = Seeded{Added: len(all) - len(st.rows), Total: len(all)}
		if done.Added == 0 && st.print != absent() {
			return nil
		}
		rows := st.rows
		for _, j := range all[len(st.rows):] {
			row, skipped := l.newRow(j, skip)
			if skipped {
				done.Skipped++
			}
			rows = append(rows, row)
		}
		return l.disk.save(st, rows)
	})
	if err != nil {
		return Seeded{}, err
	}
	return done, nil
}

func (l *CSV) newRow(j jobs.PostJob, skip map[int]string) (row Row, skipped bool) {
	row = Row{ID: j.ID, Account: j.Account, Video: j.Video, Caption: j.Caption, Status: StatusPending}
	if reason, ok := skip[j.ID]; ok {
		row.Status, row.Error, skipped = StatusSkip, reason, true
	}
	row.stamp(l.now())
	return row, skipped
}

// compare reports every job that is not what its row says it was.
func compare(rows []Row, all []jobs.PostJob) error {
	var errs []error
	for i, j := range all {
		if j.ID != i+1 {
			return fmt.Errorf("seed ledger: job %d has id %d: ids count from 1", i+1, j.ID)
		}
		if j.Account == "" || j.Video == "" {
			return fmt.Errorf("seed ledger: job %d has no account or no video", j.ID)
		}
		if i < len(rows) {
			errs = append(errs, rows[i].differences(j)...)
		}
	}
	if len(all) < len(rows) {
		errs = append(errs, fmt.Errorf("%w: the jobs file has %d jobs, the ledger has %d: "+
			"put the missing rows back, job %d is %q for account %q", ErrChanged,
			len(all), len(rows), len(all)+1, rows[len(all)].Video, rows[len(all)].Account))
	}
	return errors.Join(errs...)
}

func (r Row) differences(j jobs.PostJob) []error {
	var errs []error
	for _, c := range []struct{ column, was, is string }{
		{jobs.ColumnAccount, r.Account, j.Account},
		{jobs.ColumnVideo, r.Video, j.Video},
		{jobs.ColumnCaption, r.Caption, j.Caption},
	} {
		if c.was != c.is {
			errs = append(errs, fmt.Errorf("%w: job %d, column %s: %q in the ledger, %q in the jobs file: "+
				"undo the change, and put new posts in new rows at the end", ErrChanged, j.ID, c.column, c.was, c.is))
		}
	}
	return errs
}
