package progress

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"

	"postfleet/internal/fault"
)

var _ Ledger = (*CSV)(nil)

// Options are what a CSV ledger may be told. The zero value is for production.
type Options struct {
	// Now is the clock; nil is time.Now.
	Now func() time.Time
}

// CSV is the Ledger that is the file progress.csv of a data directory, for any
// number of processes on one host. Every change rewrites the file: a temporary
// file, flushed, is renamed over it under the lock of progress.csv.lock.
type CSV struct {
	disk disk
	lock *stateLock
	now  func() time.Time

	mu      sync.Mutex
	members []*member
	closed  bool
	// broken is the failed flush after which this process changes nothing more.
	broken error
}

// Open returns the ledger of the data directory, which must be there. It
// neither makes nor reads progress.csv: Seed makes it, and what is wrong with
// it is the error of every other call. A file system on which locks are known
// not to work is refused with class fault.Ledger.
func Open(dataDir string, opts Options) (*CSV, error) {
	info, err := os.Stat(dataDir)
	switch {
	case err != nil:
		return nil, classify(fmt.Errorf("open ledger: %w", err))
	case !info.IsDir():
		return nil, fault.Errorf(fault.Ledger, "open ledger: %s is no directory", dataDir)
	}
	if err := checkFileSystem(dataDir); err != nil {
		return nil, err
	}
	d := disk{dir: dataDir, journalMax: maxJournalBytes}
	l := &CSV{disk: d, lock: newStateLock(d.path(lockName)), now: opts.Now}
	if l.now == nil {
		l.now = time.Now
	}
	return l, nil
}

// Snapshot implements Ledger. A ledger that was never seeded has no rows.
func (l *CSV) Snapshot(ctx context.Context) ([]Row, error) {
	var rows []Row
	err := l.locked(ctx, func() error {
		st, err := l.disk.load()
		rows = st.rows
		return err
	})
	return rows, err
}

// Close implements Ledger. Its members leave.
func (l *CSV) Close() error {
	l.mu.Lock()
	l.closed = true
	members := l.members
	l.members = nil
	l.mu.Unlock()
	var errs []error
	for _, m := range members {
		errs = append(errs, m.Leave())
	}
	return errors.Join(errs...)
}

// locked runs fn with the state lock held. Waiting ends with ctx; fn, once
// begun, is not interrupted.
func (l *CSV) locked(ctx context.Context, fn func() error) error {
	release, err := l.lock.acquire(ctx)
	if err != nil {
		return err
	}
	defer release()
	if err := l.usable(); err != nil {
		return err
	}
	err = fn()
	if errors.Is(err, errSync) {
		l.mu.Lock()
		l.broken = err
		l.mu.Unlock()
	}
	return err
}

func (l *CSV) usable() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case l.closed:
		return fmt.Errorf("use ledger %s: %w", l.disk.dir, ErrClosed)
	case l.broken != nil:
		return fault.Errorf(fault.Ledger, "an earlier flush failed: %w", l.broken)
	}
	return nil
}

// change runs fn on the rows and writes them when it reports that it changed
// them. An error of fn writes nothing.
func (l *CSV) change(ctx context.Context, fn func(rows []Row) (changed bool, err error)) error {
	return l.locked(ctx, func() error {
		st, err := l.disk.load()
		if err != nil {
			return err
		}
		changed, err := fn(st.rows)
		if err != nil || !changed {
			return err
		}
		return l.disk.save(st, st.rows)
	})
}
