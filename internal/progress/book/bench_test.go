package book_test

import (
	"fmt"
	"testing"
	"time"

	"postfleet/internal/progress"
	"postfleet/internal/progress/book"
)

// shape is the size of a ledger.
type shape struct{ rows, accounts int }

// shapes are those in which a ledger's size shows: as many accounts as can be,
// as few, and some between.
func shapes() []shape {
	var all []shape
	for _, rows := range []int{100, 10_000, 100_000, 1_000_000} {
		all = append(all, shape{rows, rows}, shape{rows, rows / 20}, shape{rows, 1})
	}
	return all
}

func (s shape) String() string { return fmt.Sprintf("rows=%d/accounts=%d", s.rows, s.accounts) }

func manyRows(rows, accounts int) []progress.Row {
	all := make([]progress.Row, rows)
	for i := range all {
		all[i] = progress.Row{
			ID: i + 1, Account: fmt.Sprintf("account-%d", i%accounts), Status: progress.StatusPending,
		}
	}
	return all
}

// cycle is a Pick and two Sets: a row is claimed, and put back for a minute.
func cycle(b *testing.B, k *book.Book, terms progress.Terms, now time.Time) {
	b.Helper()
	id, err := k.Pick(terms, now)
	if err != nil {
		b.Fatal(err)
	}
	claimed, c := k.Row(id).Claimed("7", now)
	k.Set(claimed)
	ended, err := claimed.Finished(c, progress.Retry("later", now.Add(time.Minute)), now)
	if err != nil {
		b.Fatal(err)
	}
	k.Set(ended)
}

// BenchmarkPickSet has a cycle a second, so that rows come back as others go.
func BenchmarkPickSet(b *testing.B) {
	for _, s := range shapes() {
		b.Run(s.String(), func(b *testing.B) {
			rows := manyRows(s.rows, s.accounts)
			k, now := book.New(rows), noon()
			terms := progress.Terms{DailyCap: 3, Reserved: []string{"account-1"}}
			cycle(b, k, terms, now)
			b.ReportAllocs()
			for b.Loop() {
				now = now.Add(time.Second)
				cycle(b, k, terms, now)
			}
		})
	}
}

// BenchmarkPickPast has all accounts but the last capped or reserved.
func BenchmarkPickPast(b *testing.B) {
	for _, n := range []int{100, 10_000, 100_000, 1_000_000} {
		b.Run(fmt.Sprintf("rows=%d", n), func(b *testing.B) {
			rows := manyRows(n, n/2)
			terms := progress.Terms{DailyCap: 1}
			for i := range n/2 - 1 {
				rows[i].Status, rows[i].Time = progress.StatusSuccess, noon()
				if i%100 == 0 && len(terms.Reserved) < 1000 {
					terms.Reserved = append(terms.Reserved, rows[i].Account)
				}
			}
			k, now := book.New(rows), noon()
			pick := func() {
				if id, err := k.Pick(terms, now); id != n/2 || err != nil {
					b.Fatal(id, err)
				}
			}
			pick() // makes the indexes
			b.ReportAllocs()
			for b.Loop() {
				pick()
			}
		})
	}
}

// BenchmarkBuild is the first Pick on a book.
func BenchmarkBuild(b *testing.B) {
	for _, s := range shapes() {
		b.Run(s.String(), func(b *testing.B) {
			rows := manyRows(s.rows, s.accounts)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := book.New(rows).Pick(progress.Terms{DailyCap: 3}, noon()); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkNew is what those pay who only read the rows.
func BenchmarkNew(b *testing.B) {
	for _, s := range shapes() {
		b.Run(s.String(), func(b *testing.B) {
			rows := manyRows(s.rows, s.accounts)
			b.ReportAllocs()
			for b.Loop() {
				if book.New(rows).Len() != len(rows) {
					b.Fatal("rows are missing")
				}
			}
		})
	}
}
