package progress

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// maxJournalBytes is when the journal is begun anew: some thousand lines.
const maxJournalBytes = 64 << 10

// load reads progress.csv and holds it against the journal.
func (d disk) load() (state, error) {
	data, err := readOrNil(d.path(tableName))
	if err != nil {
		return state{}, d.unreadable(tableName, err)
	}
	log, err := readOrNil(d.path(journalName))
	if err != nil {
		return state{}, d.unreadable(journalName, err)
	}
	j, err := readJournal(log)
	if err != nil {
		return state{}, d.damaged(data, err.Error())
	}
	end, ok := j.locate(data)
	if !ok {
		return state{}, d.damaged(data, mismatch(data, j.last()))
	}
	st := state{print: absent(), journalEnd: end, journalSize: int64(len(log))}
	if data == nil {
		return st, nil
	}
	if st.rows, err = decodeTable(data); err != nil {
		return state{}, d.damaged(data, err.Error())
	}
	st.print = fingerprintOf(data, len(st.rows))
	return st, nil
}

// readOrNil returns nil when there is no such file; never for an empty one.
func readOrNil(path string) ([]byte, error) {
	data, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err != nil:
		return nil, err
	case data == nil:
		return []byte{}, nil
	}
	return data, nil
}

// save replaces what load returned by rows. When it fails the file is what it
// was, unless the error is a failed flush.
func (d disk) save(was state, rows []Row) error {
	data := encodeTable(rows)
	next := fingerprintOf(data, len(rows))
	err := d.replace(tableName, data, func() error { return d.announce(was, next) })
	if err != nil {
		return classify(fmt.Errorf("write %s: %w", d.path(tableName), err))
	}
	return nil
}

// announce writes next to the journal, behind the line about the present
// state: a line further on tells of a replacement that never took place.
func (d disk) announce(was state, next fingerprint) error {
	lines := next.encode()
	if was.journalEnd == 0 {
		lines = append(was.print.encode(), lines...)
	}
	if was.journalEnd > d.journalMax {
		return d.replace(journalName, append(was.print.encode(), lines...), nil)
	}
	f, err := os.OpenFile(d.path(journalName), os.O_RDWR|os.O_CREATE, tableMode)
	if err != nil {
		return err
	}
	return errors.Join(d.appendJournal(f, was, lines), f.Close())
}

func (d disk) appendJournal(f *os.File, was state, lines []byte) error {
	if was.journalSize == 0 {
		if err := adopt(f); err != nil { // it may be new
			return err
		}
	}
	if was.journalSize != was.journalEnd {
		cut := func() error { return f.Truncate(was.journalEnd) }
		if err := d.do("cut journal", f, nil, cut); err != nil {
			return err
		}
	}
	err := d.do("write journal", f, lines, func() error {
		_, err := f.WriteAt(lines, was.journalEnd)
		return err
	})
	if err != nil {
		_ = f.Truncate(was.journalEnd) // a torn line is cut by the next writer as well
		return err
	}
	if err := d.sync("flush journal", f); err != nil {
		return err
	}
	if was.journalSize > 0 {
		return nil
	}
	return d.syncDir()
}
