package book_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"postfleet/internal/progress"
	"postfleet/internal/progress/book"
)

// choices is where a history takes its decisions from.
type choices interface {
	// upTo returns a number below n.
	upTo(n int) int
}

// history is the life of a ledger, led by a book and by the model at once.
type history struct {
	choices
	t      *testing.T
	book   *book.Book
	model  model
	claims map[int]progress.Claim
	now    time.Time
	terms  []progress.Terms
	step   int

	// The rows as they were at some time, as pointers and as values.
	seen     []*progress.Row
	seenThen []progress.Row
}

// size is how large a history is.
type size struct{ rows, accounts, terms int }

func newHistory(t *testing.T, c choices, s size) *history {
	t.Helper()
	h := &history{
		choices: c,
		t:       t,
		claims:  make(map[int]progress.Claim),
		// In St. John's, this day's first minute is followed by the last hour
		// of the day before, once more.
		now: time.Date(2010, 11, 7, 2, 31, 0, 0, time.UTC),
	}
	zones := zones(t)
	for range s.terms {
		h.terms = append(h.terms, h.someTerms(s.accounts, zones))
	}
	for i := range s.rows {
		row := progress.Row{ID: i + 1, Account: account(h.upTo(s.accounts))}
		h.model = append(h.model, h.someRow(&row))
	}
	h.book = book.New(slices.Clone(h.model))
	return h
}

func zones(t *testing.T) []*time.Location {
	t.Helper()
	stJohns, err := time.LoadLocation("America/St_Johns")
	if err != nil {
		t.Fatal(err)
	}
	return []*time.Location{nil, time.UTC, stJohns, time.FixedZone("east", 13*3600), time.FixedZone("west", -11*3600)}
}

func account(n int) string { return fmt.Sprintf("account-%d", n) }

// someTerms are of accounts that there are, and one that there is not.
func (h *history) someTerms(accounts int, zones []*time.Location) progress.Terms {
	terms := progress.Terms{DailyCap: h.upTo(4), Location: zones[h.upTo(len(zones))]}
	if h.upTo(3) == 0 {
		terms.Only = h.someAccounts(accounts)
	}
	if h.upTo(2) == 0 {
		terms.Reserved = h.someAccounts(accounts)
	}
	return terms
}

func (h *history) someAccounts(accounts int) []string {
	var names []string
	for range h.upTo(4) {
		names = append(names, account(h.upTo(accounts+1)))
	}
	return names
}

// someRow is what the row may have become: pending as a rule.
func (h *history) someRow(old *progress.Row) progress.Row {
	r := progress.Row{ID: old.ID, Account: old.Account, Status: progress.StatusPending}
	switch h.upTo(16) {
	case 0:
		r.Phase, r.Time = progress.PhasePosting, h.now
	case 1:
		r.Status, r.Time = progress.StatusSuccess, h.someTime()
	case 2:
		r.Status, r.Time, r.Error = progress.StatusFail, h.someTime(), progress.UnknownPrefix+"who knows"
	case 3:
		r.NotBefore = h.someTime()
	case 4:
		r, h.claims[r.ID] = r.Claimed("0", h.now)
	}
	return r
}

// someTime is near, on either side; an old one is likely to be met again.
func (h *history) someTime() time.Time {
	units := []time.Duration{0, 1, time.Second, time.Minute, time.Hour, 7 * time.Hour, 25 * time.Hour}
	return h.now.Add(units[h.upTo(len(units))] * time.Duration(h.upTo(4)-1))
}

// run makes the given number of steps, and compares after most: a Pick sets the
// book's clock, and rows change more than once between two of them.
func (h *history) run(steps int) {
	h.t.Helper()
	for range steps {
		h.step++
		h.act()
		if h.upTo(3) > 0 {
			h.comparePick()
		}
		if h.step%8 == 0 {
			h.compareViews()
		}
	}
}

func (h *history) comparePick() {
	h.t.Helper()
	terms := h.terms[h.upTo(len(h.terms))]
	got, gotErr := h.book.Pick(terms, h.now)
	want, wantErr := h.model.pick(terms, h.now)
	if got != want || !errors.Is(gotErr, wantErr) {
		h.t.Fatalf("step %d: pick %+v at %v: got %d, %v, want %d, %v",
			h.step, terms, h.now, got, gotErr, want, wantErr)
	}
}

func (h *history) compareViews() {
	h.t.Helper()
	h.same("rows seen before", h.seenThen, values(h.seen))
	h.seen, h.seenThen = h.book.Rows(), slices.Clone(h.model)
	h.same("rows", h.seenThen, values(h.seen))

	var claimed, pending []progress.Row
	for r := range h.book.Claimed() {
		claimed = append(claimed, *r)
	}
	h.same("claimed", h.model.claimed(), claimed)
	name := h.row().Account
	for r := range h.book.Pending(name) {
		pending = append(pending, *r)
	}
	h.same("pending of "+name, h.model.pending(name), pending)
}

func (h *history) same(what string, want, got []progress.Row) {
	h.t.Helper()
	if !slices.Equal(want, got) { // cmp alone takes most of the test's time
		h.t.Fatalf("step %d: %s (-want +got):\n%s", h.step, what, cmp.Diff(want, got))
	}
}

func values(rows []*progress.Row) []progress.Row {
	var all []progress.Row
	for _, r := range rows {
		all = append(all, *r)
	}
	return all
}
