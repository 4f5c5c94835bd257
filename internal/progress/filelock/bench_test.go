package filelock_test

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"postfleet/internal/progress/filelock"
)

// raceTime is how long the processes of a benchmark compete.
const raceTime = time.Second

func BenchmarkAcquire(b *testing.B) {
	l := filelock.New(filepath.Join(b.TempDir(), "lock"))
	for b.Loop() {
		release, err := l.Acquire(b.Context())
		if err != nil {
			b.Fatal(err)
		}
		release()
	}
}

// BenchmarkProcesses is about fairness: the least that a process got, as a
// share of the mean, is to be a third at least.
func BenchmarkProcesses(b *testing.B) {
	for _, c := range []struct {
		processes  int
		work, rest time.Duration
	}{
		{4, 20 * time.Microsecond, 0},
		{8, 20 * time.Microsecond, 0},
		{4, 20 * time.Microsecond, 200 * time.Microsecond},
		{8, 20 * time.Microsecond, 500 * time.Microsecond},
	} {
		b.Run(fmt.Sprintf("n=%d/work=%v/rest=%v", c.processes, c.work, c.rest), func(b *testing.B) {
			for b.Loop() {
				compete(b, c.processes, c.work, c.rest)
			}
		})
	}
}

func compete(b *testing.B, processes int, work, rest time.Duration) {
	b.Helper()
	path := filepath.Join(b.TempDir(), "lock")
	racers := make([]*process, processes)
	for n := range racers {
		racers[n] = start(b, roleRacer, path, envWork+"="+work.String(), envRest+"="+rest.String())
	}
	for _, r := range racers {
		r.tell(b)
	}
	var total, least, p99, longest int
	for n, r := range racers {
		var had, high, wait int
		if _, err := fmt.Sscan(r.line(b), &had, &high, &wait); err != nil {
			b.Fatal(err)
		}
		total += had
		p99, longest = max(p99, high), max(longest, wait)
		if n == 0 || had < least {
			least = had
		}
		r.wait(b)
	}
	b.ReportMetric(float64(total)/raceTime.Seconds(), "locks/s")
	b.ReportMetric(float64(least*processes)/float64(total), "least/mean")
	b.ReportMetric(float64(p99), "p99_µs")
	b.ReportMetric(float64(longest), "longest_µs")
	b.ReportMetric(0, "ns/op")
}
