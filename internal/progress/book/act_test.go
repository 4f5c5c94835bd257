package book_test

import (
	"slices"
	"time"

	"postfleet/internal/progress"
)

// act makes one step: something that a ledger does with its rows, or time that
// passes. A change that the row's life does not allow is none.
func (h *history) act() {
	switch h.upTo(14) {
	case 0:
		h.now = h.someTime()
	case 1:
		h.edge()
	case 2, 3, 4:
		if id, err := h.book.Pick(h.terms[h.upTo(len(h.terms))], h.now); err == nil {
			h.claim(h.book.Row(id))
		}
	case 5:
		if r := h.row(); r.Status == progress.StatusPending {
			h.claim(r) // other terms than ours may have allowed it
		}
	case 6:
		h.advance(h.held())
	case 7, 8:
		h.finish(h.held())
	case 9:
		if r := h.held(); r != nil {
			freed, _ := r.Freed(h.now)
			h.set(freed, nil)
		}
	case 10:
		h.set(h.row().Requeued(h.upTo(2) == 0, h.now))
	case 11:
		h.set(h.row().Skipped("not wanted", false, h.now))
	case 12, 13:
		h.set(h.someRow(h.row()), nil) // by a ledger that has more ways than ours
	}
}

// edge sets the clock to the very moment at which a row's time comes, or to the
// last one before.
func (h *history) edge() {
	if at := h.row().NotBefore; !at.IsZero() {
		h.now = at.Add(-time.Duration(h.upTo(2)))
	}
}

func (h *history) claim(r *progress.Row) {
	claimed, c := r.Claimed("7", h.now)
	h.claims[r.ID] = c
	h.set(claimed, nil)
}

func (h *history) advance(r *progress.Row) {
	if r != nil {
		phases := []progress.Phase{progress.PhasePosting, progress.PhasePosted}
		h.set(r.InPhase(phases[h.upTo(len(phases))]))
	}
}

func (h *history) finish(r *progress.Row) {
	if r == nil {
		return
	}
	outcomes := []progress.Outcome{
		progress.FailAccount("logged out"), progress.Success(), progress.Fail("no"), progress.Skip("no"),
		progress.Unknown("who knows"), progress.Release(), progress.Retry("at once", time.Time{}),
		progress.Retry("later", h.someTime()), progress.Absent("not there", h.someTime()),
		progress.Unseen("no phone", h.someTime()),
	}
	n := h.upTo(len(outcomes))
	ended, err := r.Finished(h.claims[r.ID], outcomes[n], h.now)
	h.set(ended, err)
	if err == nil && n == 0 {
		h.skipAccount(r.Account)
	}
}

// skipAccount changes rows while it looks at them.
func (h *history) skipAccount(name string) {
	want := h.model.pending(name)
	i := 0
	for r := range h.book.Pending(name) {
		if i == len(want) || *r != want[i] {
			h.t.Fatalf("step %d: skip account: got %+v as the %dth of %+v", h.step, r, i, want)
		}
		i++
		h.set(r.Skipped("logged out", false, h.now))
	}
	if i != len(want) {
		h.t.Fatalf("step %d: skip account: got %d rows, want %d", h.step, i, len(want))
	}
}

func (h *history) set(row progress.Row, err error) {
	if err != nil {
		return
	}
	h.model[row.ID-1] = row
	if !h.book.Set(row) {
		h.t.Fatalf("step %d: set row %d: got false", h.step, row.ID)
	}
}

// row is any row; held is a claimed one, or nil.
func (h *history) row() *progress.Row { return h.book.Row(1 + h.upTo(len(h.model))) }

func (h *history) held() *progress.Row {
	held := slices.Collect(h.book.Claimed())
	if len(held) == 0 {
		return nil
	}
	return held[h.upTo(len(held))]
}
