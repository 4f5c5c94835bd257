package fileledger

import (
	"errors"
	"fmt"
	"io/fs"

	"postfleet/internal/fault"
	"postfleet/internal/progress"
	"postfleet/internal/progress/book"
	"postfleet/internal/progress/disk"
	"postfleet/internal/progress/table"
)

// load reads everything: a file that the journal knows, and the transitions
// behind it. It writes nothing but copies of what is damaged.
func (l *Ledger) load() (*state, error) {
	f, err := l.dir.Open(journalName)
	if errors.Is(err, fs.ErrNotExist) {
		return l.loadTable()
	}
	if err != nil {
		return nil, l.unreadable(journalName, err)
	}
	log, err := newLogFile(f)
	if err != nil {
		return nil, errors.Join(l.unreadable(journalName, err), f.Close())
	}
	st, err := l.loadJournal(log)
	if err != nil {
		return nil, errors.Join(err, log.drop())
	}
	return st, nil
}

// loadTable is for a progress.csv without a journal: nobody has run on it yet,
// or a person vouches for it.
func (l *Ledger) loadTable() (*state, error) {
	is, err := readFile(l.dir, TableName)
	if err != nil {
		return nil, l.unreadable(TableName, err)
	}
	if !is.there {
		return l.loadNothing()
	}
	rows, err := table.Decode(is.text)
	if err != nil {
		return nil, l.damaged(is, err.Error())
	}
	return &state{book: book.New(rows), seeded: true, shown: &shown{}, unsound: "there is no journal"}, nil
}

func (l *Ledger) loadNothing() (*state, error) {
	_, there, err := printOf(l.dir, baseName)
	if err != nil {
		return nil, l.unreadable(baseName, err)
	}
	if there {
		return nil, l.damaged(found{}, "it and its journal were removed, "+baseName+" was not")
	}
	return &state{book: book.New(nil), shown: &shown{}}, nil
}

func (l *Ledger) loadJournal(log *logFile) (*state, error) {
	data, err := readFrom(log, 0)
	if err != nil {
		return nil, l.unreadable(journalName, err)
	}
	r := readJournal(data)
	from, err := l.findBase(&r)
	if err != nil {
		return nil, err
	}
	st := &state{
		book: book.New(from.rows), seeded: true, log: log, header: r.header, seq: r.seq, end: r.end,
		shown: &shown{}, lonely: from.lonely,
	}
	st.shown.seq.Store(from.seq)
	st.shown.spoilt.Store(from.name != TableName)
	for _, n := range r.notes {
		st.announce(n)
	}
	for _, d := range r.deaths {
		st.setDeaths(d.ID, d.Deaths)
	}
	if err := l.replay(st, &r, from.seq); err != nil {
		return nil, err
	}
	for i := range from.stranger {
		st.doubtNewer(&from.stranger[i])
	}
	return st, nil
}

// replay makes the transitions behind base, which is what the rows of st show.
// Of those before, only the deaths are not in them. What is missing makes the
// rows that it may have been about wait for verification.
func (l *Ledger) replay(st *state, r *reading, base uint64) error {
	r.missing(base)
	seen := make(map[int]uint64)
	lost := r.lostAfter(base)
	err := r.images(func(seq uint64, image *progress.Row) error {
		switch {
		case st.book.Row(image.ID) == nil:
			return l.damagedLog(fmt.Sprintf("it is about job %d, and there are %d", image.ID, st.book.Len()))
		case seq <= base:
			st.setDeaths(image.ID, image.Deaths)
		default:
			st.apply(image)
			if lost > 0 {
				seen[image.ID] = seq
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	st.seq = max(st.seq, base)
	if len(r.bad) > 0 || len(r.lost) > 0 || !r.headed {
		st.unsound = "the journal is damaged"
	}
	if lost > 0 {
		st.suspect(r, seen, base, lost)
	}
	return nil
}

func (l *Ledger) unreadable(name string, err error) error {
	return disk.Classify(fmt.Errorf("read ledger %s: %w", l.name(name), err))
}

func (l *Ledger) unseeded() error {
	return fault.Errorf(fault.Ledger, "%s is not there: seed it first", l.name(TableName))
}
