package fileledger

import (
	"errors"
	"fmt"
	"io"
	"io/fs"

	"postfleet/internal/fault"
	"postfleet/internal/progress/disk"
	"postfleet/internal/progress/journal"
)

// current brings what is in memory up to date. The lock is held.
func (l *Ledger) current() (*state, error) {
	if l.st != nil && l.st.log != nil {
		ok, err := l.follow(l.st)
		if err != nil {
			return nil, err
		}
		if ok {
			return l.st, nil
		}
	}
	was := l.st
	if err := l.forget(); err != nil {
		return nil, err
	}
	st, err := l.load()
	if err != nil {
		return nil, err
	}
	if was != nil && was.log != nil && st.log != nil && was.log.id == st.log.id {
		for _, r := range was.book.Rows() {
			st.doubtNewer(r) // nobody begins a journal anew where it is
		}
	}
	l.st = st
	return st, nil
}

// forget drops what is in memory.
func (l *Ledger) forget() error {
	st := l.st
	l.st = nil
	if st == nil || st.log == nil {
		return nil
	}
	if err := st.log.drop(); err != nil {
		return disk.Classify(fmt.Errorf("close %s: %w", l.name(journalName), err))
	}
	return nil
}

// follow reads what others have done since. It reports false when everything
// has to be read anew.
func (l *Ledger) follow(st *state) (bool, error) {
	id, err := l.dir.ID(journalName)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return false, l.vanished()
	case err != nil:
		return false, l.unreadable(journalName, err)
	}
	ok, err := l.fold(st)
	if err != nil || !ok || id == st.log.id {
		return ok, err
	}
	return l.adopt(st)
}

// vanished tells a ledger that was archived, of which nothing is left, from
// one whose journal somebody took away under our feet: progress.csv alone may
// be behind the journal.
func (l *Ledger) vanished() error {
	_, there, err := printOf(l.dir, TableName)
	if err != nil {
		return l.unreadable(TableName, err)
	}
	if there {
		return fault.Errorf(fault.Ledger, "%s was removed while it was in use: put it back, or end every process "+
			"that uses the ledger, and make sure that every row of %s is right", l.name(journalName), TableName)
	}
	return nil
}

// fold reads the lines behind those that were read before.
func (l *Ledger) fold(st *state) (bool, error) {
	data, err := st.news()
	if err != nil {
		return false, l.unreadable(journalName, err)
	}
	if len(data) == 0 {
		size, err := st.log.Size()
		if err != nil {
			return false, l.unreadable(journalName, err)
		}
		return size == st.end, nil
	}
	ok := st.take(data)
	if st.others > 0 || st.published {
		l.pub.others(st.published)
		st.others, st.published = 0, false
	}
	return ok, nil
}

// news returns what stands behind the last line. It is asked for by every
// transition, and is a few lines as a rule, so it is not measured first.
func (st *state) news() ([]byte, error) {
	const few = 8 << 10
	if st.buffer == nil {
		st.buffer = make([]byte, few)
	}
	n, err := st.log.ReadAt(st.buffer, st.end)
	switch {
	case n == few:
		return readFrom(st.log, st.end)
	case errors.Is(err, io.EOF):
		err = nil
	}
	return st.buffer[:n], err
}

// take makes the transitions that data holds and st does not have yet. It
// reports false for lines that cannot follow on st. Bytes at the end that are
// no line are a write that was cut short: the next one goes over them.
func (st *state) take(data []byte) bool {
	for line, err := range journal.Lines(data) {
		if err != nil {
			return false
		}
		switch line.Kind {
		case journal.KindRow:
			if line.Seq > st.seq+1 || line.Seq == st.seq+1 && !st.apply(&line.Row) {
				return false
			}
			if line.Seq == st.seq+1 {
				st.seq++
				st.others++
			}
		case journal.KindNote:
			if line.Seq > st.seq {
				return false
			}
			st.announce(note{line.Seq, line.Note})
			st.published = true
		case journal.KindDeaths:
			// Whoever follows has counted them.
		case journal.KindHeader:
			return false
		}
		st.end += int64(line.Size)
	}
	return true
}

// adopt goes over to the journal that has taken the place of the one that was
// read to its end. Its base is what is in memory, or older, so there is
// nothing else to read, however many rows there are.
func (l *Ledger) adopt(st *state) (bool, error) {
	f, err := l.dir.Open(journalName)
	if err != nil {
		return false, l.unreadable(journalName, err)
	}
	log, err := newLogFile(f)
	if err != nil {
		return false, errors.Join(l.unreadable(journalName, err), f.Close())
	}
	data, err := readFrom(log, 0)
	if err != nil {
		return false, errors.Join(l.unreadable(journalName, err), log.drop())
	}
	next := *st
	if !next.begin(log, data) {
		return false, log.drop()
	}
	*st = next
	return true, nil
}

// begin makes st what a journal says that follows on the one it has. It
// reports false when the journal does not.
func (st *state) begin(log *logFile, data []byte) bool {
	for line, err := range journal.Lines(data) {
		if err != nil || line.Kind != journal.KindHeader || line.Header.Epoch != st.header.Epoch+1 ||
			line.Header.Rows != st.book.Len() || line.Header.Seq > st.seq {
			return false
		}
		old := st.log
		st.log, st.header, st.notes, st.end = log, line.Header, nil, int64(line.Size)
		if !st.take(data[line.Size:]) {
			return false
		}
		_ = old.drop() // it was read to its end, and is nobody's any more
		return true
	}
	return false
}
