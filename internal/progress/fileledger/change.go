package fileledger

import (
	"context"
	"errors"
	"fmt"
	"io"

	"postfleet/internal/fault"
	"postfleet/internal/progress"
	"postfleet/internal/progress/disk"
	"postfleet/internal/progress/journal"
)

// change makes the rows what fn wants them to be, in the order it gives them,
// and returns when that lasts a power cut. An error of fn changes nothing.
func (l *Ledger) change(ctx context.Context, fn func(st *state) ([]progress.Row, error)) error {
	st, release, err := l.enter(ctx)
	if err != nil {
		return err
	}
	rows, err := fn(st)
	if err != nil || len(rows) == 0 {
		release()
		return err
	}
	log, err := l.append(st, rows)
	count := st.book.Len()
	release()
	if err != nil {
		return err
	}
	if err := l.flush(log); err != nil {
		return err
	}
	l.pub.changed(ctx, count)
	return nil
}

// read returns the state of the files with the lock held, until release.
func (l *Ledger) read(ctx context.Context) (st *state, release func(), err error) {
	release, err = l.lock.Acquire(ctx)
	if err != nil {
		return nil, nil, err
	}
	if err = l.usable(); err == nil {
		st, err = l.current()
	}
	if err != nil {
		release()
		return nil, nil, err
	}
	if !st.shown.upTo(st.seq) {
		l.pub.behind(st.book.Len())
	}
	return st, release, nil
}

// enter is read for those who mean to append: what must be mended first is.
func (l *Ledger) enter(ctx context.Context) (*state, func(), error) {
	const tries = 3 // each mends; others may damage it again, but not for ever
	for range tries {
		st, release, err := l.read(ctx)
		if err != nil || !st.seeded || st.unsound == "" {
			return st, release, err
		}
		release()
		if err := l.mend(ctx); err != nil {
			return nil, nil, err
		}
	}
	return nil, nil, fault.Errorf(fault.Ledger, "%s is damaged again and again: something else writes to it",
		l.name(journalName))
}

// append writes the rows behind the last line. The lock is held; what it
// returns is to be flushed without it.
func (l *Ledger) append(st *state, rows []progress.Row) (*logFile, error) {
	const lineBytes = 160
	buf := make([]byte, 0, lineBytes*len(rows))
	for i := range rows {
		buf = journal.AppendRow(buf, st.seq+1+uint64(i), &rows[i])
	}
	if err := l.write(st, buf); err != nil {
		return nil, err
	}
	for i := range rows {
		st.book.Set(rows[i])
	}
	st.seq += uint64(len(rows))
	return st.log.use(), nil
}

// write writes lines behind the last one. When that fails, what was written of
// them is blotted out: without a line feed it is the beginning of a line, which
// the next to write goes over, and so none of the lines is there.
func (l *Ledger) write(st *state, lines []byte) error {
	if n, err := st.log.WriteAt(lines, st.end); err != nil {
		_, _ = st.log.WriteAt(make([]byte, n), st.end) // needs no room
		return disk.Classify(fmt.Errorf("append to %s: %w", l.name(journalName), err))
	}
	st.end += int64(len(lines))
	return nil
}

// flush makes what was written to the journal last. A failure is final for
// this process: nobody knows what is on the disk.
func (l *Ledger) flush(log *logFile) error {
	err := log.Sync()
	if err != nil {
		err = disk.Classify(fmt.Errorf("flush %s: %w", l.name(journalName), err))
	}
	l.breakOn(err)
	return errors.Join(err, log.drop())
}

// breakOn makes a failed flush the last thing that this process does here.
func (l *Ledger) breakOn(err error) {
	if !errors.Is(err, disk.ErrSync) {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.broken == nil {
		l.broken = err
	}
}

func (l *Ledger) usable() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case l.closed:
		return fmt.Errorf("use ledger %s: %w", l.path, progress.ErrClosed)
	case l.broken != nil:
		return fault.Errorf(fault.Ledger, "an earlier flush failed: %w", l.broken)
	}
	return nil
}

// closeFiles closes the journal, unless another process keeps the lock, and
// the directory.
func (l *Ledger) closeFiles(ctx context.Context) error {
	release, err := l.lock.Acquire(ctx)
	if err != nil {
		return fmt.Errorf("close ledger: %w", err)
	}
	err = l.forget()
	release()
	if dir, ok := l.dir.(io.Closer); ok {
		err = errors.Join(err, dir.Close())
	}
	return errors.Join(err, l.lock.Close(), l.pubLock.Close())
}
