package fileledger_test

import (
	"fmt"
	"testing"

	"postfleet/internal/progress"
)

// BenchmarkCycle is a claim and its end where a flush costs nothing: what is
// left is our own work. Small tables are published by every transition.
func BenchmarkCycle(b *testing.B) {
	for _, rows := range []int{100, 10_000, 100_000} {
		b.Run(fmt.Sprintf("rows=%d", rows), func(b *testing.B) {
			l := open(b, b.TempDir())
			if _, err := l.Seed(b.Context(), someJobs(rows), nil); err != nil {
				b.Fatal(err)
			}
			m, err := l.Join(b.Context(), "0")
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				c, err := m.Claim(b.Context(), progress.Terms{})
				if err != nil {
					b.Fatal(err)
				}
				if err := m.Finish(b.Context(), c, progress.Release()); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
