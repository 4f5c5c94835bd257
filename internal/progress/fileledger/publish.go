package fileledger

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"

	"postfleet/internal/logging"
	"postfleet/internal/progress"
	"postfleet/internal/progress/disk"
	"postfleet/internal/progress/journal"
	"postfleet/internal/progress/table"
)

// publish makes progress.csv show every transition up to now. It never goes
// back in time: the rows are taken behind the publication lock, so whoever had
// it before took earlier ones.
//
// Before the new file takes the old one's place, the journal has its print and
// all that it shows, on the disk.
func (l *Ledger) publish(ctx context.Context) (published, error) {
	unlock, err := l.pubLock.TryAcquire()
	if errors.Is(err, progress.ErrBusy) {
		return busy, nil
	}
	if err != nil {
		return busy, err
	}
	defer unlock()
	what, err := l.publishLocked(ctx)
	if err != nil && ctx.Err() == nil {
		l.log.WarnContext(ctx, "progress.csv not published, it is tried again", logging.Err(err))
	}
	return what, err
}

func (l *Ledger) publishLocked(ctx context.Context) (published, error) {
	st, release, err := l.read(ctx)
	if err != nil {
		return busy, err
	}
	now := st.copy()
	rows := st.book.Rows()
	release()
	switch {
	case !now.seeded:
		return shownAll, nil
	case now.unsound != "", now.lonely, now.end > max(l.limit, now.header.Base.Bytes):
		return written, l.rebase(ctx, addition{})
	}
	if fine, err := l.isShown(&now); fine || err != nil {
		return shownAll, err
	}
	t, print, err := l.writeTable(rows)
	if err != nil {
		return busy, err
	}
	defer t.discard()
	return written, l.swapTable(ctx, t, note{now.seq, print})
}

// isShown reports whether progress.csv shows all there is. Another process may
// have announced that, and died before it came to it.
func (l *Ledger) isShown(st *state) (bool, error) {
	if st.shown.upTo(st.seq) {
		return true, nil
	}
	if st.announced() < st.seq {
		return false, nil
	}
	print, there, err := printOf(l.dir, TableName)
	if err != nil {
		return false, l.unreadable(TableName, err)
	}
	seq, ours := st.knows(print)
	if !there || !ours || seq < st.seq {
		return false, nil
	}
	st.shown.set(seq)
	return true, nil
}

// writeTable writes rows to a file that is to be progress.csv, unflushed.
func (l *Ledger) writeTable(rows []*progress.Row) (*temp, table.Print, error) {
	t, err := newTemp(l.dir)
	if err != nil {
		return nil, table.Print{}, disk.Classify(fmt.Errorf("write new %s: %w", l.name(TableName), err))
	}
	print, err := table.Write(t.writer(), slices.Values(rows))
	if err != nil {
		t.discard()
		return nil, table.Print{}, disk.Classify(fmt.Errorf("write new %s: %w", l.name(TableName), err))
	}
	return t, print, nil
}

// swapTable announces t and makes it progress.csv. The publication lock is held.
func (l *Ledger) swapTable(ctx context.Context, t *temp, n note) error {
	st, release, err := l.read(ctx)
	if err != nil {
		return err
	}
	known := st.copy()
	var log *logFile
	if st.log != nil && st.unsound == "" {
		if err = l.write(st, journal.AppendNote(nil, n.seq, n.print)); err == nil {
			st.announce(n)
			log = st.log.use()
		}
	}
	release()
	if err != nil {
		return err
	}
	if log != nil {
		if err := l.flush(log); err != nil {
			return err
		}
	}
	if err := l.replaceTable(ctx, t, &known); err != nil {
		return err
	}
	known.shown.set(n.seq)
	return nil
}

// replaceTable makes t progress.csv. A file that is not one of ours is put
// aside first: somebody worked on it.
func (l *Ledger) replaceTable(ctx context.Context, t *temp, known *state) error {
	if err := l.syncTemp(t, TableName); err != nil {
		return err
	}
	if err := l.keepStranger(ctx, known); err != nil {
		return err
	}
	return l.put(t, TableName)
}

func (l *Ledger) syncTemp(t *temp, name string) error {
	err := t.Sync()
	l.breakOn(err)
	if err != nil {
		return disk.Classify(fmt.Errorf("flush new %s: %w", l.name(name), err))
	}
	return nil
}

// put makes the flushed t the file of that name, for good.
func (l *Ledger) put(t *temp, name string) error {
	err := t.become(name)
	if err == nil {
		err = l.dir.Sync()
		l.breakOn(err)
	}
	if err != nil {
		return disk.Classify(fmt.Errorf("replace %s: %w", l.name(name), err))
	}
	return nil
}

// keepStranger puts a progress.csv aside that no process of ours has written.
func (l *Ledger) keepStranger(ctx context.Context, known *state) error {
	print, there, err := printOf(l.dir, TableName)
	if err != nil {
		return l.unreadable(TableName, err)
	}
	if _, ours := known.knows(print); ours || !there || known.log == nil {
		return nil
	}
	is, err := readFile(l.dir, TableName)
	if err != nil {
		return l.unreadable(TableName, err)
	}
	prefix := damagedName
	if rows, err := table.Decode(is.text); err == nil && len(rows) > 0 {
		prefix = editedName
	}
	name, err := l.aside(prefix, is.text)
	if err != nil {
		return disk.Classify(fmt.Errorf("put %s aside: %w", l.name(TableName), err))
	}
	attrs := []any{slog.String(logging.KeyPath, l.name(TableName)), slog.String("kept", l.name(name))}
	if prefix == editedName {
		l.log.WarnContext(ctx, "ledger was edited by hand, which changes nothing: use orchestrator jobs", attrs...)
	} else {
		l.log.WarnContext(ctx, "ledger was damaged, it is written anew", attrs...)
	}
	return nil
}
