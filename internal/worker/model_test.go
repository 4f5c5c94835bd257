package worker_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"

	"postfleet/internal/fault"
	"postfleet/internal/posting"
	"postfleet/internal/worker"
)

// meter counts what the poster asks.
type meter struct {
	begun []string
	calls int
}

func (m *meter) Begin(job string) {
	m.begun = append(m.begun, job)
	m.calls = 0
}

func (m *meter) Used() (int, float64) { return m.calls, float64(m.calls) / 100 }

// TestModelIsInTheResults: each attempt tells what it alone asked, also one that
// failed.
func TestModelIsInTheResults(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, "a", "b")
		m := &meter{}
		b.poster.runFunc = func(ctx context.Context, a posting.Attempt) error {
			m.calls += a.Job.ID
			if a.Job.ID == 2 && a.Number == 1 {
				return fault.Mark(fault.Infra, errors.New("no way"))
			}
			return b.poster.post(ctx, a)
		}
		parts := b.parts()
		parts.Model = m
		must(t, worker.New(b.cfg, parts, b.logger()).Run(t.Context()))
		if want := []string{"1", "2", "2"}; !slices.Equal(m.begun, want) {
			t.Errorf("got attempts at %v, want %v", m.begun, want)
		}
		results := b.results()
		want := [][2]string{{"1", "0.01"}, {"2", "0.02"}, {"2", "0.02"}}
		if len(results) != len(want) {
			t.Fatalf("got %d rows in results.csv, want %d", len(results), len(want))
		}
		for i, r := range results {
			if got := [2]string{r["model_calls"], r["model_cost_usd"]}; got != want[i] {
				t.Errorf("row %d: got %v, want %v", i, got, want[i])
			}
		}
	})
}
