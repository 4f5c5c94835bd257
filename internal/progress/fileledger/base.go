package fileledger

import (
	"errors"
	"fmt"
	"io/fs"

	"postfleet/internal/fault"
	"postfleet/internal/progress"
	"postfleet/internal/progress/table"
)

// base is a file that the journal's lines change: progress.csv as it was
// published last, as a rule.
type base struct {
	name string
	rows []progress.Row
	// seq is the last transition that the file shows.
	seq uint64
	// lonely: the other file that could be the base is not.
	lonely bool
	// stranger are the rows of a progress.csv that the journal does not know.
	stranger []progress.Row
}

// findBase looks for a file that the journal knows, by its print. Any will do:
// the journal has all transitions since the oldest of them.
func (l *Ledger) findBase(r *reading) (base, error) {
	shown, err := readFile(l.dir, TableName)
	if err != nil {
		return base{}, l.unreadable(TableName, err)
	}
	b, tableWrong := tryBase(r, TableName, shown)
	if tableWrong == "" {
		b.lonely, err = l.lonely(r)
		return b, err
	}
	spare, err := readFile(l.dir, baseName)
	if err != nil {
		return base{}, l.unreadable(baseName, err)
	}
	b, wrong := tryBase(r, baseName, spare)
	if wrong == "" {
		b.stranger, _ = table.Decode(shown.text) // the ledger is whole without
		return b, nil
	}
	return base{}, l.damaged(shown, fmt.Sprintf("%s, and %s cannot stand in for it: %s", tableWrong, baseName, wrong))
}

// lonely reports whether the file that the header speaks of is not there. It
// goes by the size alone: the file is needed only when progress.csv is spoilt.
func (l *Ledger) lonely(r *reading) (bool, error) {
	f, err := l.dir.Open(baseName)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return true, nil
	case err != nil:
		return false, l.unreadable(baseName, err)
	}
	size, err := f.Size()
	if err = errors.Join(err, f.Close()); err != nil {
		return false, l.unreadable(baseName, err)
	}
	return r.headed && size != r.header.Base.Bytes, nil
}

// tryBase says what is wrong with a file as a base, or "".
func tryBase(r *reading, name string, is found) (base, string) {
	if !is.there {
		return base{}, "the file is gone"
	}
	seq, known := r.knows(is.print)
	if !known {
		return base{}, mismatch(r, is)
	}
	rows, err := table.Decode(is.text)
	switch {
	case err != nil:
		return base{}, err.Error()
	case r.headed && len(rows) != r.header.Rows:
		return base{}, mismatch(r, is) // rows that were being added, which failed
	}
	return base{name: name, rows: rows, seq: seq}, ""
}

func mismatch(r *reading, is found) string {
	if !r.headed {
		return "the journal's first line is damaged, and no other speaks of this file"
	}
	print := r.header.Base
	if len(r.notes) > 0 {
		print = r.notes[len(r.notes)-1].print
	}
	return fmt.Sprintf("the journal says %d rows in %s, found %s: the file was cut short or edited by hand",
		r.header.Rows, print, is)
}

// String says what the file is like.
func (is found) String() string {
	rows, err := table.Decode(is.text)
	if err != nil {
		return fmt.Sprintf("%s (%v)", is.print, err)
	}
	return fmt.Sprintf("%d rows in %s", len(rows), is.print)
}

// damaged makes the error for a ledger that cannot be trusted. The files stay
// as they are. A copy of progress.csv is put aside, so that a person can mend
// it without losing what there was.
func (l *Ledger) damaged(is found, why string) error {
	path, log := l.name(TableName), l.name(journalName)
	if !is.there {
		return fault.Errorf(fault.Ledger, "%s is gone: %s. Put it back; only when every job is to be "+
			"posted from the beginning, remove %s and %s as well", path, why, log, l.name(baseName))
	}
	kept, err := l.aside(damagedName, is.text)
	if err != nil {
		kept = "not made: " + err.Error()
	}
	return fault.Errorf(fault.Ledger, "%s is damaged: %s. Nothing was changed (copy: %s). Put the right file "+
		"back; or, when you have made sure that every row in it is right, remove %s", path, why, kept, log)
}

// damagedLog makes the error for a journal that is not of this ledger.
func (l *Ledger) damagedLog(why string) error {
	return fault.Errorf(fault.Ledger, "%s is not the journal of %s: %s. Nothing was changed. Put the right files "+
		"back; or, when you have made sure that every row in %s is right, remove the journal",
		l.name(journalName), TableName, why, TableName)
}
