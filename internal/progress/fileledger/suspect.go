package fileledger

import (
	"maps"

	"postfleet/internal/progress"
	"postfleet/internal/progress/journal"
)

// suspect makes the rows that missing transitions may have been about wait for
// verification: each may have been posted. seen has, by id, the last
// transition that was read of a row; one behind all gaps says everything about
// its row. seq is where replaying began, lost how many are missing since.
//
// A verification that was not needed costs minutes. A second post cannot be
// taken back.
func (st *state) suspect(r *reading, seen map[int]uint64, seq uint64, lost int) {
	last := uint64(0)
	for _, g := range r.lost {
		if g.to > seq {
			last = g.to
		}
	}
	possible := st.possible(lost)
	doubt := make(map[int]bool)
	legible := 0
	for _, line := range r.bad {
		if seq, id, ok := journal.Suspect(line); ok && r.misses(seq) && st.book.Row(id) != nil {
			legible++
			doubt[id] = true
			for _, like := range misread(id) {
				doubt[like] = doubt[like] || possible[like]
			}
		}
	}
	if legible < lost {
		maps.Copy(doubt, possible)
	}
	for id, doubtful := range doubt {
		if doubtful && seen[id] < last {
			st.book.Set(st.book.Row(id).Doubted())
		}
	}
}

// misread returns the ids that id may have been before one digit was damaged.
func misread(id int) []int {
	var all []int
	for place := 1; place <= id; place *= 10 {
		rest := id - id/place%10*place
		for digit := range 10 {
			all = append(all, rest+digit*place)
		}
	}
	return all
}

// possible returns the rows that n unknown transitions may have been about:
// claimed rows, and of each account the next n pending ones.
func (st *state) possible(n int) map[int]bool {
	all := make(map[int]bool)
	next := make(map[string]int)
	for _, r := range st.book.Rows() {
		switch r.Status {
		case progress.StatusClaimed:
			all[r.ID] = true
		case progress.StatusPending:
			if next[r.Account] < n || !r.NotBefore.IsZero() {
				all[r.ID] = true
			}
			if r.NotBefore.IsZero() {
				next[r.Account]++
			}
		case progress.StatusSuccess, progress.StatusFail, progress.StatusSkip:
		}
	}
	return all
}

// doubtNewer makes the row wait for verification when r shows it as it was
// later: the journal was cut short.
func (st *state) doubtNewer(r *progress.Row) {
	have := st.book.Row(r.ID)
	if have == nil || have.Time.After(r.Time) {
		return
	}
	if _, err := r.InPhase(have.Phase); have.Time.Equal(r.Time) && err == nil {
		return
	}
	st.book.Set(have.Doubted())
	st.unsound = "the journal lacks what was known before"
}
