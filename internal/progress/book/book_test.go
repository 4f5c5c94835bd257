package book_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"postfleet/internal/progress"
	"postfleet/internal/progress/book"
)

// pendingRows returns a pending row for each name.
func pendingRows(accounts ...string) []progress.Row {
	var rows []progress.Row
	for i, name := range accounts {
		rows = append(rows, progress.Row{ID: i + 1, Account: name, Status: progress.StatusPending})
	}
	return rows
}

func ids(rows []*progress.Row) []int {
	var all []int
	for _, r := range rows {
		all = append(all, r.ID)
	}
	return all
}

func noon() time.Time { return time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC) }

func TestRow(t *testing.T) {
	t.Parallel()
	b := book.New(pendingRows("a", "b"))
	if got := b.Len(); got != 2 {
		t.Errorf("len: got %d, want 2", got)
	}
	for id, want := range map[int]string{1: "a", 2: "b"} {
		if got := b.Row(id); got == nil || got.ID != id || got.Account != want {
			t.Errorf("row %d: got %+v, want that of %s", id, got, want)
		}
	}
	for _, id := range []int{-1, 0, 3} {
		if got := b.Row(id); got != nil {
			t.Errorf("row %d: got %+v, want none", id, got)
		}
		if b.Set(progress.Row{ID: id}) {
			t.Errorf("set row %d: got true, want false", id)
		}
	}
}

func TestEmpty(t *testing.T) {
	t.Parallel()
	b := book.New(nil)
	if _, err := b.Pick(progress.Terms{}, noon()); !errors.Is(err, progress.ErrNothingLeft) {
		t.Errorf("pick: got %v, want %v", err, progress.ErrNothingLeft)
	}
	if got := len(b.Rows()) + len(slices.Collect(b.Claimed())) + len(slices.Collect(b.Pending("a"))); got != 0 {
		t.Errorf("got %d rows, want none", got)
	}
}

func TestSetLeavesWhatWasHandedOut(t *testing.T) {
	t.Parallel()
	rows := pendingRows("a", "a")
	b := book.New(rows)
	row, all := b.Row(1), b.Rows()
	claimed, _ := row.Claimed("7", noon())
	b.Set(claimed)
	for what, got := range map[string]progress.Row{"row": *row, "rows": *all[0], "what New was given": rows[0]} {
		if diff := cmp.Diff(pendingRows("a")[0], got); diff != "" {
			t.Errorf("%s after Set (-want +got):\n%s", what, diff)
		}
	}
	if diff := cmp.Diff(claimed, *b.Row(1)); diff != "" {
		t.Errorf("row anew (-want +got):\n%s", diff)
	}
}

func TestViews(t *testing.T) {
	t.Parallel()
	b := book.New(pendingRows("a", "b", "a", "b", "a"))
	for _, id := range []int{4, 1} {
		claimed, _ := b.Row(id).Claimed("7", noon())
		b.Set(claimed)
	}
	if diff := cmp.Diff([]int{1, 4}, ids(slices.Collect(b.Claimed()))); diff != "" {
		t.Errorf("claimed (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]int{3, 5}, ids(slices.Collect(b.Pending("a")))); diff != "" {
		t.Errorf("pending of a (-want +got):\n%s", diff)
	}
	for range b.Claimed() {
		break // a view may be left early
	}
	for range b.Pending("a") {
		break
	}
}

func TestSetOfAnotherAccount(t *testing.T) {
	t.Parallel()
	b := book.New(pendingRows("a", "a"))
	mine := progress.Terms{Only: []string{"b"}}
	if _, err := b.Pick(mine, noon()); !errors.Is(err, progress.ErrNothingLeft) {
		t.Errorf("before: got %v, want %v", err, progress.ErrNothingLeft)
	}
	row := *b.Row(2)
	row.Account = "b"
	b.Set(row)
	if got, err := b.Pick(mine, noon()); got != 2 || err != nil {
		t.Errorf("after: got %d, %v, want 2", got, err)
	}
}

// TestTermsAreKept has the caller change the slices of its terms.
func TestTermsAreKept(t *testing.T) {
	t.Parallel()
	b := book.New(pendingRows("a", "b"))
	names := []string{"a"}
	for _, want := range []int{2, 1, 2} {
		names[0] = map[int]string{1: "b", 2: "a"}[want]
		if got, err := b.Pick(progress.Terms{Reserved: names}, noon()); got != want || err != nil {
			t.Errorf("reserved %v: got %d, %v, want %d", names, got, err, want)
		}
	}
}

// TestClockGoesBack: callers look at their clocks before they wait for the lock.
func TestClockGoesBack(t *testing.T) {
	t.Parallel()
	rows := pendingRows("a", "b")
	rows[0].NotBefore = noon()
	b := book.New(rows)
	for _, step := range []struct {
		after time.Duration
		want  int
	}{{-1, 2}, {0, 1}, {-1, 2}, {time.Hour, 1}, {-48 * time.Hour, 2}, {0, 1}} {
		if got, err := b.Pick(progress.Terms{}, noon().Add(step.after)); got != step.want || err != nil {
			t.Errorf("at %v: got %d, %v, want %d", step.after, got, err, step.want)
		}
	}
}

// TestMidnight has callers on both sides of it ask in turn.
func TestMidnight(t *testing.T) {
	t.Parallel()
	rows := pendingRows("a", "a", "b")
	rows[0].Status, rows[0].Time = progress.StatusSuccess, noon()
	b := book.New(rows)
	terms := progress.Terms{DailyCap: 1}
	for day, want := range []int{3, 2, 3, 2, 2, 2, 2} {
		if day < 4 {
			day %= 2
		}
		now := noon().AddDate(0, 0, day)
		if got, err := b.Pick(terms, now); got != want || err != nil {
			t.Errorf("%v: got %d, %v, want %d", now, got, err, want)
		}
	}
}

// TestFarTimes are beyond what a count of nanoseconds can hold.
func TestFarTimes(t *testing.T) {
	t.Parallel()
	rows := pendingRows("a", "b")
	rows[0].NotBefore = time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)
	rows[1].NotBefore = time.Date(1600, 1, 1, 0, 0, 0, 0, time.UTC)
	if got, err := book.New(rows).Pick(progress.Terms{}, noon()); got != 2 || err != nil {
		t.Errorf("got %d, %v, want 2", got, err)
	}
}
