package fileledger

import (
	"slices"
	"sync/atomic"

	"postfleet/internal/progress"
	"postfleet/internal/progress/book"
	"postfleet/internal/progress/disk"
	"postfleet/internal/progress/journal"
	"postfleet/internal/progress/table"
)

// state is the ledger as the files have it, up to the line that was read last.
type state struct {
	book *book.Book
	// seeded is false when there is no ledger at all.
	seeded bool
	// log is the journal; nil when there is none yet.
	log    *logFile
	header journal.Header
	// seq is the last transition that the book shows, and end the offset behind
	// its line, or behind a note after it.
	seq uint64
	end int64
	// buffer is where new lines are read into.
	buffer []byte
	// notes are the newest announced publications, oldest first.
	notes []note
	// unsound says why the journal must be begun anew before anything is
	// appended to it; "" is a sound one.
	unsound string
	// shown is what progress.csv shows.
	shown *shown
	// others counts the transitions that other processes made since it was
	// last set to 0.
	others int
	// published: other processes announced a publication since it was last set
	// to false.
	published bool
	// lonely: there is no base that the header matches but progress.csv.
	lonely bool
}

// shown is what progress.csv shows, as far as this process knows: what it has
// published, or seen there. It is written without the lock.
type shown struct {
	// seq is the last transition that the file shows.
	seq atomic.Uint64
	// spoilt: the file is gone, or was written by somebody else.
	spoilt atomic.Bool
}

func (s *shown) set(seq uint64) {
	s.seq.Store(max(seq, s.seq.Load()))
	s.spoilt.Store(false)
}

func (s *shown) upTo(seq uint64) bool { return !s.spoilt.Load() && s.seq.Load() >= seq }

// note is a publication that was announced.
type note struct {
	seq   uint64
	print table.Print
}

// keptNotes is how many publications in a row may be announced and never made,
// by processes that died in between, before the file that is there is taken
// for a stranger.
const keptNotes = 16

// copy is for those who go on without the lock. Only its book changes still.
func (st *state) copy() state {
	c := *st
	c.notes = slices.Clone(st.notes)
	return c
}

func (st *state) announce(n note) {
	if len(st.notes) == keptNotes {
		st.notes = append(st.notes[:0], st.notes[1:]...)
	}
	st.notes = append(st.notes, n)
}

// announced is the last transition that a publication, made or announced, shows.
func (st *state) announced() uint64 {
	if len(st.notes) == 0 {
		return st.header.Seq
	}
	return st.notes[len(st.notes)-1].seq
}

// knows returns the last transition that a file with print p shows. ok is
// false for a file that was never announced.
func (st *state) knows(p table.Print) (seq uint64, ok bool) {
	for _, n := range slices.Backward(st.notes) {
		if n.print == p {
			return n.seq, true
		}
	}
	return st.header.Seq, p == st.header.Base
}

// apply makes the row what a line says it is. It reports a row that is not there.
func (st *state) apply(image *progress.Row) bool {
	old := st.book.Row(image.ID)
	if old == nil {
		return false
	}
	next := *image
	next.Account, next.Video, next.Caption = old.Account, old.Video, old.Caption
	return st.book.Set(next)
}

// setDeaths changes nothing else of a row.
func (st *state) setDeaths(id, deaths int) {
	if old := st.book.Row(id); old != nil && old.Deaths != deaths {
		next := *old
		next.Deaths = deaths
		st.book.Set(next)
	}
}

// logFile is the open journal. Those who flush it do so without the lock, and
// may still be at it when another journal has taken its place.
type logFile struct {
	disk.File
	id    uint64
	users atomic.Int32
}

func newLogFile(f disk.File) (*logFile, error) {
	id, err := f.ID()
	if err != nil {
		return nil, err
	}
	l := &logFile{File: f, id: id}
	l.users.Store(1)
	return l, nil
}

// use keeps the file open until drop is called as well.
func (l *logFile) use() *logFile {
	l.users.Add(1)
	return l
}

// drop closes the file when nobody else uses it.
func (l *logFile) drop() error {
	if l.users.Add(-1) > 0 {
		return nil
	}
	return l.Close()
}
