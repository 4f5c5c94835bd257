package fileledger

import (
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
	doubt := make(map[int]bool)
	legible := 0
	for _, line := range r.bad {
		if id := journal.Suspect(line); id > 0 && id <= st.book.Len() {
			doubt[id] = true
			legible++
		}
	}
	if legible < lost {
		st.doubtAny(lost, doubt)
	}
	for id := range doubt {
		if seen[id] < last {
			st.book.Set(st.book.Row(id).Doubted())
		}
	}
}

// doubtAny adds the rows that n unknown transitions may have been about:
// claimed rows, and of each account the next n pending ones.
func (st *state) doubtAny(n int, doubt map[int]bool) {
	next := make(map[string]int)
	for _, r := range st.book.Rows() {
		switch r.Status {
		case progress.StatusClaimed:
			doubt[r.ID] = true
		case progress.StatusPending:
			if next[r.Account] < n || !r.NotBefore.IsZero() {
				doubt[r.ID] = true
			}
			if r.NotBefore.IsZero() {
				next[r.Account]++
			}
		case progress.StatusSuccess, progress.StatusFail, progress.StatusSkip:
		}
	}
}
