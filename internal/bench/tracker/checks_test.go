package main

import (
	"errors"
	"slices"
	"testing"
	"time"

	"postfleet/internal/evidence"
)

// made are results in which every target is met just so.
func made() *results {
	r := newResults([]int{smallRows, middleRows, largeRows}, []int{fewProcesses, manyProcesses})
	rates := map[string]int{
		designLedger: 3000, designRewrite: 300, designSQLite: 2000, designSQLiteGated: 1500, designRaw: 3750,
	}
	for _, n := range r.processes {
		for _, c := range r.asked(n) {
			for range 3 {
				r.samples[c] = append(r.samples[c], even(n, rates[c.design]))
			}
		}
	}
	return r
}

// even is a second in which each of n processes did as much as the others.
func even(n, rate int) sample {
	s := sample{round: time.Second, latencies: []time.Duration{time.Millisecond}}
	for range n {
		s.cycles = append(s.cycles, rate/n)
	}
	return s
}

func checked(r *results) *evidence.Report {
	report := evidence.New(0, "")
	r.check(report)
	return report
}

func TestChecksHold(t *testing.T) {
	t.Parallel()
	report := checked(made())
	if failed := report.Failed(); len(failed) > 0 || len(report.Checks) != 23 {
		t.Errorf("got %d checks, these failed: %+v", len(report.Checks), failed)
	}
}

func TestChecksFail(t *testing.T) {
	t.Parallel()
	small := on(designLedger, fewProcesses, smallRows)
	tests := []struct {
		name   string
		change func(r *results)
		want   []string
	}{
		{"slower than SQLite", func(r *results) {
			r.samples[on(designSQLite, 4, smallRows)] = repeat(even(4, 2100))
		}, []string{"ledger ÷ SQLite FULL: 4 processes, 100 rows"}},
		{"slower than SQLite behind a lock", func(r *results) {
			r.samples[on(designSQLiteGated, 4, smallRows)] = repeat(even(4, 2100))
		}, []string{"ledger ÷ SQLite FULL: 4 processes, 100 rows"}},
		{"far from the disk's limit", func(r *results) {
			r.samples[on(designRaw, 8, middleRows)] = repeat(even(8, 4000))
		}, []string{"ledger ÷ raw limit: 8 processes, 10000 rows"}},
		{"slow when large", func(r *results) {
			r.samples[small] = repeat(even(4, 3600))
		}, []string{"ledger, 100000 rows ÷ 100 rows: 4 processes"}},
		{"one bad round of three is no bad median", func(r *results) {
			r.samples[small][1] = even(4, 400)
		}, nil},
		{"one process starved in one round", func(r *results) {
			r.samples[small][2].cycles = []int{374, 876, 875, 875}
		}, []string{"ledger, least ÷ mean of the processes: 4 processes, 100 rows"}},
		{"nobody did anything", func(r *results) {
			r.samples[small] = repeat(even(4, 0))
		}, []string{
			"ledger ÷ SQLite FULL: 4 processes, 100 rows", "ledger ÷ raw limit: 4 processes, 100 rows",
			"ledger, least ÷ mean of the processes: 4 processes, 100 rows",
			"ledger, 100000 rows ÷ 100 rows: 4 processes",
		}},
		{"a row held twice", func(r *results) { r.wrong.doubled = 1 }, []string{targets().doubled.Name}},
		{"a token given twice", func(r *results) { r.wrong.reissued = 1 }, []string{targets().reissued.Name}},
		{"a claim lost", func(r *results) { r.wrong.lost = 1 }, []string{targets().lost.Name}},
		{"a list that broke", func(r *results) {
			r.failed(on(designRaw, 4, smallRows), errors.New("no room"))
		}, []string{
			"ledger ÷ raw limit: 4 processes, 100 rows", "ledger ÷ raw limit: 8 processes, 100 rows",
			targets().doubled.Name, targets().reissued.Name, targets().lost.Name,
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := made()
			tt.change(r)
			var got []string
			for _, c := range checked(r).Failed() {
				got = append(got, c.Name)
			}
			slices.Sort(got)
			slices.Sort(tt.want)
			if !slices.Equal(got, tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func repeat(s sample) []sample { return []sample{s, s, s} }

func TestExamine(t *testing.T) {
	t.Parallel()
	at := func(job int, token string, from, to time.Duration) hold {
		return hold{Job: job, Token: token, Claimed: from, Ending: to}
	}
	tests := []struct {
		name  string
		holds []hold
		want  findings
	}{
		{"one after the other", []hold{at(1, "b", 6, 9), at(1, "a", 1, 5)}, findings{claims: 2}},
		{"two rows at once", []hold{at(1, "a", 1, 5), at(2, "a", 2, 6)}, findings{claims: 2}},
		{"one row at once", []hold{at(1, "a", 1, 5), at(1, "b", 4, 6)}, findings{claims: 2, doubled: 1}},
		{
			"one long hold over two others",
			[]hold{at(1, "a", 1, 9), at(1, "b", 2, 3), at(1, "c", 4, 5)},
			findings{claims: 3, doubled: 2},
		},
		{"a token again", []hold{at(1, "a", 1, 2), at(1, "a", 3, 4)}, findings{claims: 2, reissued: 1}},
		{"a lost claim", []hold{{Job: 1, Token: "a", Lost: true}}, findings{claims: 1, lost: 1}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := examine(tt.holds); got != tt.want {
				t.Errorf("got %+v, want %+v", got, tt.want)
			}
		})
	}
}

// TestSample: a cycle that ends past the round is not of it, its claim is.
func TestSample(t *testing.T) {
	t.Parallel()
	told := told{start: 100, outcomes: []outcome{
		{Holds: []hold{
			{Claiming: 10, Claimed: 20, Ended: 30}, // before: it only loaded the list
			{Claiming: 100, Claimed: 130, Ended: 150},
			{Claiming: 150, Claimed: 155, Ended: 200},
		}},
		{Holds: []hold{{Claiming: 100, Claimed: 190, Ended: 201}}},
	}}
	s := told.sample(100)
	if !slices.Equal(s.cycles, []int{2, 0}) || !slices.Equal(s.latencies, []time.Duration{30, 5, 90}) {
		t.Errorf("got %v and %v", s.cycles, s.latencies)
	}
	if got := s.evenness(); got != 0 {
		t.Errorf("evenness: got %v", got)
	}
}

func TestQuantile(t *testing.T) {
	t.Parallel()
	var values []time.Duration
	for i := range 100 {
		values = append(values, time.Duration(i))
	}
	for q, want := range map[float64]time.Duration{0.5: 50, 0.99: 99, 1: 99} {
		if got := quantile(values, q); got != want {
			t.Errorf("%v: got %v, want %v", q, got, want)
		}
	}
	if got := quantile(nil, 0.5); got != 0 {
		t.Errorf("none: got %v", got)
	}
	if got := median([]float64{3, 1, 2}); got != 2 {
		t.Errorf("median: got %v", got)
	}
}
