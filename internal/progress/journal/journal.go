// Package journal is the text of progress.csv.journal: one line for each
// transition, appended and never changed, so that a transition costs the same
// at any number of rows. It reads and writes no files.
//
// A line is its fields, separated by commas, then the CRC-32C of all before
// it, then a line feed; nothing else in a line is a comma or a line feed. The
// first line is the header. A file may end in the beginning of a line, which
// is a write that was cut short and was never reported as done.
package journal

import (
	"postfleet/internal/progress"
	"postfleet/internal/progress/table"
)

// Kind says what a line holds.
type Kind byte

// The kinds of lines; each is also the line's first byte.
const (
	// KindHeader is the first line, and no other.
	KindHeader Kind = 'h'
	// KindRow is a transition: what the row is from then on.
	KindRow Kind = 'r'
	// KindNote announces a progress.csv that is about to be published.
	KindNote Kind = 'n'
	// KindDeaths carries the deaths of a row over into a new journal, because
	// progress.csv has no column for them.
	KindDeaths Kind = 'd'
)

// Line is one line that was read.
type Line struct {
	Kind Kind
	// Size is how many bytes the line takes, its line feed included.
	Size int
	// Header is what a KindHeader says.
	Header Header
	// Seq is the number of a KindRow's transition. A KindNote has that of the
	// last transition which the announced file shows.
	Seq uint64
	// Row is, for a KindRow, all but the columns that never change: account,
	// video and caption are empty. For a KindDeaths it has ID and Deaths.
	Row progress.Row
	// Note is the print of the file that a KindNote announces.
	Note table.Print
}

// Header begins a journal.
type Header struct {
	// Epoch is one more than that of the journal before it, or more.
	Epoch uint64
	// Seq is the number of the last transition that the base shows.
	Seq uint64
	// Rows is how many the base has.
	Rows int
	// Base is the print of the file that the journal's lines change.
	Base table.Print
}
