package book

import "postfleet/internal/progress"

// index is what a book knows of its rows beyond the rows themselves. Rows are
// meant by their index.
type index struct {
	roster
	rows    []*progress.Row // the book's own
	tallies []tally         // by account
	claimed bitset          // rows
	pending bitset          // places
	toPost  bitset          // places of pending rows whose time has come
	toCheck bitset          // likewise, of those that wait for verification
	clock   clock
	queues  []*queue // the one last used comes first
}

// tally is how many rows of an account are in which state.
type tally struct{ claimed, waiting, plain int32 }

func newIndex(rows []*progress.Row) *index {
	x := &index{
		roster:  newRoster(rows),
		rows:    rows,
		claimed: newBitset(len(rows)),
		pending: newBitset(len(rows)),
		toPost:  newBitset(len(rows)),
		toCheck: newBitset(len(rows)),
		clock:   newClock(len(rows)),
	}
	x.tallies = make([]tally, len(x.number))
	for i := range rows {
		x.enter(int32(i), rows[i])
	}
	return x
}
