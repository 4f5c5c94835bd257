package fileledger

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"log/slog"
	"slices"

	"postfleet/internal/logging"
	"postfleet/internal/progress"
	"postfleet/internal/progress/disk"
	"postfleet/internal/progress/journal"
	"postfleet/internal/progress/table"
)

// mend begins the journal anew when something is wrong with it.
func (l *Ledger) mend(ctx context.Context) error {
	unlock, err := l.pubLock.Acquire(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	st, release, err := l.read(ctx)
	if err != nil {
		return err
	}
	fine := st.unsound == ""
	release()
	if fine {
		return nil // another process was first
	}
	return l.rebase(ctx, addition{})
}

// rebase publishes, makes what it published the base, and begins the journal
// anew behind it. more are rows to be added at the end. The publication lock
// is held.
//
// The order is what makes a crash at any instant harmless: while the old
// journal is there, the old base is; the new journal begins from a progress.csv
// that is on the disk already; and what was appended to the old one meanwhile
// is carried over under the lock.
func (l *Ledger) rebase(ctx context.Context, more addition) error {
	if err := l.sweep(); err != nil {
		return err
	}
	st, release, err := l.read(ctx)
	if err != nil {
		return err
	}
	b := rebasing{ledger: l, first: st.log == nil, from: st.end, rows: st.book.Rows(), more: more}
	b.header = journal.Header{Epoch: st.header.Epoch + 1, Seq: st.seq, Rows: len(b.rows) + len(more.jobs)}
	if st.unsound != "" {
		b.header.Epoch++ // nobody is to go on from the damaged one
		l.log.WarnContext(ctx, "the journal is begun anew", slog.String("why", st.unsound),
			slog.String(logging.KeyPath, l.name(journalName)))
	}
	known := st.copy()
	release()
	if known.unsound != "" || len(more.jobs) > 0 {
		if err := l.standIn(&known); err != nil {
			return err
		}
	}
	if err := b.write(); err != nil {
		return err
	}
	defer b.discard()
	if err := l.swapTable(ctx, b.table, note{b.header.Seq, b.header.Base}); err != nil {
		return err
	}
	if err := b.swapJournal(ctx); err != nil {
		return err
	}
	if err := l.syncTemp(b.base, baseName); err != nil {
		return err
	}
	if err := l.put(b.base, baseName); err != nil {
		return err
	}
	return b.settle(ctx)
}

// standIn sees to a base that can stand in for progress.csv, which is about to
// become a file that the present journal does not speak of, or has not the
// rows of.
func (l *Ledger) standIn(known *state) error {
	if known.log == nil {
		return nil
	}
	print, there, err := printOf(l.dir, baseName)
	if err != nil {
		return l.unreadable(baseName, err)
	}
	if _, ours := known.knows(print); ours && there {
		return nil
	}
	shown, err := readFile(l.dir, TableName)
	if err != nil {
		return l.unreadable(TableName, err)
	}
	if _, ours := known.knows(shown.print); !ours || !shown.there {
		return nil // what is in memory is all there is
	}
	return l.writeFile(baseName, []byte(shown.text))
}

// rebasing is one rebase under way.
type rebasing struct {
	ledger *Ledger
	header journal.Header
	// first: there is no journal yet.
	first bool
	// from is where the old journal's lines begin that the base does not show.
	from        int64
	rows        []*progress.Row
	more        addition
	table, base *temp
}

func (b *rebasing) all() iter.Seq[*progress.Row] {
	return func(yield func(*progress.Row) bool) {
		for _, r := range b.rows {
			if !yield(r) {
				return
			}
		}
		for _, j := range b.more.jobs {
			if r := b.more.row(j); !yield(&r) {
				return
			}
		}
	}
}

// write writes the same bytes twice: were base and progress.csv one file, an
// editor could spoil both.
func (b *rebasing) write() (err error) {
	l := b.ledger
	if b.table, err = newTemp(l.dir); err == nil {
		b.base, err = newTemp(l.dir)
	}
	if err == nil {
		b.header.Base, err = table.Write(io.MultiWriter(b.table.writer(), b.base.writer()), b.all())
	}
	if err != nil {
		b.discard()
		return disk.Classify(fmt.Errorf("write new %s: %w", l.name(TableName), err))
	}
	return nil
}

func (b *rebasing) discard() {
	for _, t := range []*temp{b.table, b.base} {
		if t != nil {
			t.discard()
		}
	}
}

// swapJournal puts the new journal in the old one's place, under the lock.
func (b *rebasing) swapJournal(ctx context.Context) error {
	l := b.ledger
	release, err := l.lock.Acquire(ctx)
	if err != nil {
		return err
	}
	defer release()
	st := &state{} // of a first journal there is no old one to go by
	if !b.first {
		if st, err = l.current(); err != nil {
			return err
		}
	}
	if err := b.keepDamaged(ctx, st); err != nil {
		return err
	}
	content, err := b.journal(st)
	if err != nil {
		return err
	}
	return l.writeFile(journalName, content)
}

// journal returns what the new journal holds.
func (b *rebasing) journal(st *state) ([]byte, error) {
	content := journal.AppendHeader(nil, b.header)
	for _, r := range b.rows {
		if r.Deaths > 0 {
			content = journal.AppendDeaths(content, r.ID, r.Deaths)
		}
	}
	if st.log == nil || st.end <= b.from {
		return content, nil
	}
	tail := make([]byte, st.end-b.from)
	if _, err := st.log.ReadAt(tail, b.from); err != nil && !errors.Is(err, io.EOF) {
		return nil, b.ledger.unreadable(journalName, err)
	}
	return slices.Concat(content, tail), nil
}

// keepDamaged puts a copy of a damaged journal aside.
func (b *rebasing) keepDamaged(ctx context.Context, st *state) error {
	l := b.ledger
	if st.unsound == "" || st.log == nil {
		return nil
	}
	data, err := readFrom(st.log, 0)
	if err != nil {
		return l.unreadable(journalName, err)
	}
	name, err := l.aside(badLogName, string(data))
	if err != nil {
		return disk.Classify(fmt.Errorf("put %s aside: %w", l.name(journalName), err))
	}
	l.log.WarnContext(ctx, "damaged journal put aside: jobs that it may have been about are verified",
		slog.String("kept", l.name(name)))
	return nil
}

// settle lets this process go on from the new files: from memory when the rows
// are the same, and from the disk otherwise.
func (b *rebasing) settle(ctx context.Context) error {
	release, err := b.ledger.lock.Acquire(ctx)
	if err != nil {
		return err
	}
	defer release()
	if st := b.ledger.st; st != nil && (len(b.more.jobs) > 0 || st.unsound != "" || st.lonely) {
		return b.ledger.forget()
	}
	return nil
}
