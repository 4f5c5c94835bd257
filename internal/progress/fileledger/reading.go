package fileledger

import (
	"math"
	"slices"

	"postfleet/internal/progress"
	"postfleet/internal/progress/journal"
	"postfleet/internal/progress/table"
)

// reading is what a whole journal says, before it is known which file its
// lines change.
type reading struct {
	data   []byte
	headed bool // the first line is a header
	header journal.Header
	notes  []note
	deaths []progress.Row
	// bad are the lines that are not what was written.
	bad [][]byte
	// lost are the transitions that are missing, oldest first.
	lost []gap
	// first and seq are the first and the last transition, and end is where the
	// last good line ends.
	first uint64
	seq   uint64
	end   int64
}

// gap is a run of transitions, the first and the last of which are from and to.
type gap struct{ from, to uint64 }

// readJournal reads a journal's bytes.
func readJournal(data []byte) reading {
	r := reading{data: data}
	known := false // is r.seq?
	var off int64
	tail := 0 // how many transitions the bad lines behind the last good one may be
	for line, err := range journal.Lines(data) {
		start := off
		off += int64(line.Size)
		if err != nil || line.Kind == journal.KindRow && known && line.Seq <= r.seq ||
			line.Kind == journal.KindHeader && start > 0 {
			r.bad = append(r.bad, data[start:off-1])
			tail += transitions(data[start : off-1])
			continue
		}
		tail = 0
		r.end = off
		switch line.Kind {
		case journal.KindHeader:
			r.headed, r.header, r.seq, known = true, line.Header, line.Header.Seq, true
		case journal.KindRow:
			if known && line.Seq > r.seq+1 {
				r.lost = append(r.lost, gap{r.seq + 1, line.Seq - 1})
			}
			if r.first == 0 {
				r.first = line.Seq
			}
			r.seq, known = line.Seq, true
		case journal.KindNote:
			r.notes = append(r.notes, note{line.Seq, line.Note})
			if known && line.Seq > r.seq {
				r.lost = append(r.lost, gap{r.seq + 1, line.Seq})
			}
			r.seq = max(r.seq, line.Seq)
		case journal.KindDeaths:
			r.deaths = append(r.deaths, line.Row)
		}
	}
	if tail > 0 {
		r.lost = append(r.lost, gap{r.seq + 1, r.seq + uint64(tail)})
	}
	return r
}

// transitions returns how many a bad line may be.
func transitions(bad []byte) int {
	if _, _, ok := journal.Suspect(bad); ok {
		return 1
	}
	return journal.MaxLines(len(bad))
}

// lostAfter returns how many transitions behind seq are missing.
func (r *reading) lostAfter(seq uint64) int {
	n := uint64(0)
	for _, g := range r.lost {
		if g.to > seq {
			n += g.to - max(g.from, seq+1) + 1
		}
	}
	return int(min(n, math.MaxInt32))
}

// misses reports whether the transition is one of those.
func (r *reading) misses(seq uint64) bool {
	return slices.ContainsFunc(r.lost, func(g gap) bool { return g.from <= seq && seq <= g.to })
}

// missing adds the transitions between a base that shows seq and the first
// line, which only a header could have told of.
func (r *reading) missing(seq uint64) {
	if !r.headed && r.first > seq+1 {
		r.lost = append([]gap{{seq + 1, r.first - 1}}, r.lost...)
	}
}

// knows returns the newest transition that a file with the print shows, by
// what the journal says of it.
func (r *reading) knows(print table.Print) (uint64, bool) {
	for _, n := range slices.Backward(r.notes) {
		if n.print == print {
			return n.seq, true
		}
	}
	return r.header.Seq, r.headed && r.header.Base == print
}

// images yields the rows of the transitions, oldest first.
func (r *reading) images(yield func(seq uint64, image *progress.Row) error) error {
	at := uint64(0)
	for line, err := range journal.Lines(r.data) {
		if err != nil || line.Kind != journal.KindRow || line.Seq <= at {
			continue
		}
		at = line.Seq
		if err := yield(line.Seq, &line.Row); err != nil {
			return err
		}
	}
	return nil
}
