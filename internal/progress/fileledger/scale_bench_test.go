package fileledger_test

import (
	"fmt"
	"testing"
)

// BenchmarkSnapshot is what a status costs that reads the ledger for the first
// time.
func BenchmarkSnapshot(b *testing.B) {
	for _, rows := range []int{10_000, 1_000_000} {
		b.Run(fmt.Sprintf("rows=%d", rows), func(b *testing.B) {
			dir := b.TempDir()
			if _, err := open(b, dir).Seed(b.Context(), someJobs(rows), nil); err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				l := open(b, dir)
				if _, err := l.Snapshot(b.Context()); err != nil {
					b.Fatal(err)
				}
				if err := l.Close(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
