package orchestrator

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"postfleet/internal/fault"
	"postfleet/internal/logging"
	"postfleet/internal/progress"
	"postfleet/workerimage"
)

// rounds runs the slots until the jobs are done. One round is enough unless a
// worker died for good: its rows come back to the ledger after the slots that
// could take them have ended, and those run again. A round that changes no row
// is the last, so a job that nobody can finish does not keep the fleet alive.
func (o *Orchestrator) rounds(ctx context.Context) error {
	before, err := o.openRows(ctx)
	if err != nil {
		return err
	}
	for {
		wanted := o.wanted(before)
		if len(wanted) == 0 {
			break
		}
		o.breaker = newBreaker(len(wanted), o.opts.Restart.Window)
		var slots sync.WaitGroup
		for _, s := range wanted {
			slots.Go(func() { s.run(ctx) })
		}
		slots.Wait()
		if o.draining() || ctx.Err() != nil {
			return context.Cause(ctx)
		}
		after, err := o.openRows(ctx)
		if err != nil {
			return err
		}
		// What some workers find does not count, see slot.ended.
		open := slices.ContainsFunc(wanted, func(s *slot) bool {
			return s.ended.IsZero() && s.snapshot().Phase == SlotDone
		})
		stuck := !open && slices.EqualFunc(before, after, sameProgress)
		before = after
		if stuck {
			break
		}
	}
	o.reportLeft(ctx, before)
	return nil
}

// openRows are the rows that still have to come to an end, after the dead have
// been seen to.
func (o *Orchestrator) openRows(ctx context.Context) ([]progress.Row, error) {
	o.rescue(ctx)
	rows, err := o.ledger.Snapshot(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the ledger: %w", err)
	}
	return slices.DeleteFunc(rows, func(r progress.Row) bool {
		return r.Status != progress.StatusPending && r.Status != progress.StatusClaimed
	}), nil
}

// wanted are the slots that have something to do with the open rows.
func (o *Orchestrator) wanted(open []progress.Row) []*slot {
	var wanted []*slot
	for _, s := range o.slots {
		if s.wanted(open) {
			wanted = append(wanted, s)
		}
	}
	return wanted
}

// sameProgress leaves out the time: a worker that takes a row and puts it back
// has not moved it.
func sameProgress(a, b progress.Row) bool {
	return a.ID == b.ID && a.Status == b.Status && a.Phase == b.Phase &&
		a.Attempts == b.Attempts && a.NotBefore.Equal(b.NotBefore)
}

// rescue frees the rows of dead workers. A ledger that cannot be trusted stops
// the fleet; any other trouble is left to the next rescue.
func (o *Orchestrator) rescue(ctx context.Context) {
	rescued, err := o.ledger.Rescue(ctx)
	if fault.Is(err, fault.Ledger) {
		o.stopFleet(fmt.Errorf("rescue rows of dead workers: %w", err))
		return
	}
	if err != nil {
		o.logger.WarnContext(ctx, "rows of dead workers wait for the next rescue", logging.Err(err))
	}
	for _, r := range rescued {
		o.logger.InfoContext(ctx, "row rescued",
			logging.KeyJob, r.ID, logging.KeyWorker, r.WorkerID, logging.KeyPhase, string(r.Phase))
	}
}

func (o *Orchestrator) reportLeft(ctx context.Context, open []progress.Row) {
	for _, r := range open {
		taken := slices.ContainsFunc(o.slots, func(s *slot) bool { return mayTake(s.Device, r.Account) })
		if !taken {
			o.logger.WarnContext(ctx, "no device may take this row",
				logging.KeyJob, r.ID, logging.KeyAccount, r.Account)
		}
	}
}

// mayTake says whether the device takes jobs of the account.
func mayTake(d workerimage.Device, account string) bool {
	if len(d.Accounts) > 0 {
		return slices.Contains(d.Accounts, account)
	}
	return !slices.Contains(d.ReservedAccounts, account)
}

// cameBack reports whether the row was put back after that instant, give or
// take the second that the ledger's clock counts in.
func cameBack(r progress.Row, since time.Time) bool {
	return !r.Time.Before(since.Truncate(time.Second))
}
