package learned_test

import (
	"fmt"
	"testing"
)

// filled is a book of as many trusted records as a fleet's, four a screen.
func filled(b *testing.B, screens int) string {
	b.Helper()
	file := path(b)
	learner, other := open(b, file, "w0"), open(b, file, "w1")
	for n := range screens {
		for e := range 4 {
			learn(b, learner, place(n), fmt.Sprint("element", e), "id")
			trust(b, other, place(n), fmt.Sprint("element", e))
		}
	}
	return file
}

// BenchmarkLookup is that of a record which is trusted.
func BenchmarkLookup(b *testing.B) {
	for _, screens := range []int{1, 15, 60} {
		b.Run(fmt.Sprintf("records=%d", screens*4), func(b *testing.B) {
			book := open(b, filled(b, screens), "w2")
			at, w := place(screens-1), wanted("element3")
			b.ReportAllocs()
			for b.Loop() {
				if u, _, err := book.Lookup(b.Context(), at, w); err != nil || !u.Found() {
					b.Fatal(u, err)
				}
			}
		})
	}
}

// BenchmarkConfirm is taking the lease, and storing one finding.
func BenchmarkConfirm(b *testing.B) {
	for _, screens := range []int{1, 15, 60} {
		b.Run(fmt.Sprintf("records=%d", screens*4), func(b *testing.B) {
			book := open(b, filled(b, screens), "w2")
			at, n := place(0), 0
			for b.Loop() {
				w := wanted("another")
				if u, _, err := book.Lookup(b.Context(), at, w); err != nil {
					b.Fatal(err)
				} else if u.Found() {
					w.Not = []string{u.ID}
				}
				l := lease(b, book, at, w)
				n++
				if err := l.Confirm(b.Context(), finding("another", fmt.Sprint("id", n))); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
