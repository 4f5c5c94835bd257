// Package book is the rows of a ledger in memory, with the indexes that let a
// claim be decided in time that does not grow with the number of rows.
//
// It decides and remembers, and that is all: it reads no file and no clock,
// takes no lock, and makes no change of its own to a row. What a row's life
// allows is package progress; when a change is durable is the ledger's matter.
package book

import "postfleet/internal/progress"

// Book is the rows of one ledger. It is not safe for concurrent use: the caller
// holds a lock. The rows that it hands out are never changed afterwards, so
// they may be read without that lock for as long as anybody likes.
type Book struct {
	rows  []*progress.Row
	index *index // nil until the first question that needs it
}

// New returns a book of the given rows, of which row i has the ID i+1. It takes
// ownership of them, and never changes an element: a changed row is a new one.
// The indexes are made by the first Pick, Claimed or Pending, so that whoever
// only reads the rows does not pay for them.
func New(rows []progress.Row) *Book {
	b := &Book{rows: make([]*progress.Row, len(rows))}
	for i := range rows {
		b.rows[i] = &rows[i]
	}
	return b
}

// Len is the number of rows, and the highest ID.
func (b *Book) Len() int { return len(b.rows) }

// Row returns the row, or nil when there is none of that ID. The caller must
// not change it.
func (b *Book) Row(id int) *progress.Row {
	if id < 1 || id > len(b.rows) {
		return nil
	}
	return b.rows[id-1]
}

// Rows returns the rows in file order as they are now; a later Set does not
// show in it. The caller must not change them.
func (b *Book) Rows() []*progress.Row {
	rows := make([]*progress.Row, len(b.rows))
	copy(rows, b.rows)
	return rows
}

// Set replaces the row of the same ID, and returns false when there is none. A
// row's account never changes in a ledger; here a Set that changes it has the
// indexes made anew.
func (b *Book) Set(row progress.Row) bool {
	old := b.Row(row.ID)
	if old == nil {
		return false
	}
	b.rows[row.ID-1] = &row
	switch {
	case b.index == nil:
	case old.Account != row.Account:
		b.index = nil
	default:
		b.index.replace(int32(row.ID-1), old)
	}
	return true
}

// indexed returns the indexes, which the first call makes.
func (b *Book) indexed() *index {
	if b.index == nil {
		b.index = newIndex(b.rows)
	}
	return b.index
}
