package budget_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"postfleet/internal/claude/budget"
	"postfleet/internal/claude/price"
	"postfleet/internal/fault"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func open(t *testing.T, cfg budget.Config) *budget.Budget {
	t.Helper()
	b := budget.New(cfg)
	t.Cleanup(func() { _ = b.Close() })
	return b
}

func path(t *testing.T) string { t.Helper(); return filepath.Join(t.TempDir(), budget.FileName) }

// spent is what the file has of the run and of a job.
func spent(t *testing.T, path, job string) (run, ofJob budget.Spent) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Total budget.Spent
		Jobs  map[string]budget.Spent
	}
	if err := json.Unmarshal(data, &file); err != nil {
		t.Fatal(err)
	}
	return file.Total, file.Jobs[job]
}

func one() budget.Spent {
	return budget.Spent{Calls: 1, Tokens: 100, Cost: price.USD(0.01), Time: 10 * time.Second}
}

// Each limit, of the job and of the run, stops the request that would exceed it
// and says which it was.
func TestLimits(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name      string
		limit     func(l *budget.Limit)
		says      string
		fitsTwice bool
	}{
		{"calls", func(l *budget.Limit) { l.Calls = 1 }, "calls is spent: 1 of 1", false},
		{"tokens", func(l *budget.Limit) { l.Tokens = 199 }, "tokens is spent: 100 of 199", false},
		{"money", func(l *budget.Limit) { l.Cost = price.USD(0.015) }, "money is spent: $0.01 of $0.015", false},
		{"time", func(l *budget.Limit) { l.Time = 10500 * time.Millisecond }, "time is spent: 10s of 10.5s", false},
		{"none", func(*budget.Limit) {}, "", true},
	} {
		for _, whose := range []string{"job", "run"} {
			t.Run(tt.name+" of the "+whose, func(t *testing.T) {
				t.Parallel()
				cfg := budget.Config{Path: path(t), Job: budget.NoLimit(), Run: budget.NoLimit()}
				if whose == "job" {
					tt.limit(&cfg.Job)
				} else {
					tt.limit(&cfg.Run)
				}
				b := open(t, cfg)
				if _, err := b.Reserve(t.Context(), "1", one()); err != nil {
					t.Fatal(err)
				}
				_, err := b.Reserve(t.Context(), "1", one())
				if tt.fitsTwice != (err == nil) {
					t.Fatalf("the second: got %v", err)
				}
				says := whose + "'s budget of " + tt.says
				if err != nil && (!errors.Is(err, budget.ErrSpent) || !strings.Contains(err.Error(), says)) {
					t.Errorf("got %q, want %q in it", err, says)
				}
				_, err = b.Reserve(t.Context(), "2", one())
				if fits := whose == "job" || tt.fitsTwice; fits != (err == nil) {
					t.Errorf("another job: got %v", err)
				}
			})
		}
	}
}

// A budget of nothing lets nothing through.
func TestNothing(t *testing.T) {
	t.Parallel()
	cfg := budget.Config{Path: path(t), Run: budget.NoLimit()}
	if _, err := open(t, cfg).Reserve(t.Context(), "1", one()); !errors.Is(err, budget.ErrSpent) {
		t.Errorf("got %v", err)
	}
	if _, err := os.Stat(cfg.Path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("something was written: %v", err)
	}
}

// What is settled is given back; what a killed worker reserved is not; a job's
// count is found again by its next attempt, wherever that is.
func TestReserveAndSettle(t *testing.T) {
	t.Parallel()
	cfg := budget.Config{Path: path(t), Job: budget.NoLimit(), Run: budget.NoLimit()}
	settled, err := open(t, cfg).Reserve(t.Context(), "1", one())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := open(t, cfg).Reserve(t.Context(), "2", one()); err != nil { // never settled
		t.Fatal(err)
	}
	took := budget.Spent{Calls: 1, Tokens: 40, Cost: price.USD(0.004), Time: time.Second}
	if err := open(t, cfg).Settle(t.Context(), settled, took); err != nil {
		t.Fatal(err)
	}
	if run, job := spent(t, cfg.Path, "1"); job != took || run != took.Plus(one()) {
		t.Errorf("got %+v of %+v", job, run)
	}
}

// A request gets the time that is left, not more.
func TestTimeIsCut(t *testing.T) {
	t.Parallel()
	limit := budget.NoLimit()
	limit.Time = 13 * time.Second
	b := open(t, budget.Config{Path: path(t), Job: limit, Run: budget.NoLimit()})
	for _, want := range []time.Duration{10 * time.Second, 3 * time.Second} {
		got, err := b.Reserve(t.Context(), "1", one())
		if err != nil || got.Time != want {
			t.Errorf("got %s, %v; want %s", got.Time, err, want)
		}
	}
}

// A new run has spent nothing, and what the last one left under way does not
// make it poorer or richer.
func TestBegin(t *testing.T) {
	t.Parallel()
	cfg := budget.Config{Path: path(t), Job: budget.NoLimit(), Run: budget.NoLimit()}
	b := open(t, cfg)
	old, err := b.Reserve(t.Context(), "1", one())
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Begin(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Reserve(t.Context(), "1", one()); err != nil {
		t.Fatal(err)
	}
	if err := b.Settle(t.Context(), old, budget.Spent{}); err != nil {
		t.Fatal(err)
	}
	if run, _ := spent(t, cfg.Path, ""); run != one() {
		t.Errorf("got %+v", run)
	}
}

// Twenty workers, some of which die with a reservation, spend no more together
// than the run allows, and all of it.
func TestTwentyWorkers(t *testing.T) {
	t.Parallel()
	const allowed = 30
	limit := budget.NoLimit()
	limit.Cost = allowed * one().Cost
	cfg := budget.Config{Path: path(t), Job: budget.NoLimit(), Run: limit}
	var (
		all  sync.WaitGroup
		sent atomic.Int32
	)
	for n := range 20 {
		life := open(t, cfg)
		all.Go(func() {
			for range 5 {
				r, err := life.Reserve(t.Context(), "1", one())
				if errors.Is(err, budget.ErrSpent) {
					continue
				}
				if err != nil {
					t.Error(err)
					return
				}
				sent.Add(1)
				if n%4 == 0 {
					return // killed
				}
				if err := life.Settle(t.Context(), r, one()); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	if got := sent.Load(); got != allowed {
		t.Errorf("got %d requests, want %d", got, allowed)
	}
}

// A person may remove the file at any time, as the error of a damaged one says:
// what is under way then is all that was spent.
func TestRemovedMeanwhile(t *testing.T) {
	t.Parallel()
	cfg := budget.Config{Path: path(t), Job: budget.NoLimit(), Run: budget.NoLimit()}
	b := open(t, cfg)
	r, err := b.Reserve(t.Context(), "1", one())
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(cfg.Path); err != nil {
		t.Fatal(err)
	}
	took := budget.Spent{Calls: 1, Tokens: 40, Cost: price.USD(0.004), Time: time.Second}
	if err := b.Settle(t.Context(), r, took); err != nil {
		t.Fatal(err)
	}
	if run, job := spent(t, cfg.Path, "1"); run != took || job != took {
		t.Errorf("got %+v of %+v", job, run)
	}
}

func TestDamaged(t *testing.T) {
	t.Parallel()
	cfg := budget.Config{Path: path(t), Job: budget.NoLimit(), Run: budget.NoLimit()}
	if err := os.WriteFile(cfg.Path, []byte(`{"run":`), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := open(t, cfg).Reserve(t.Context(), "1", one())
	if !fault.Is(err, fault.Human) || !strings.Contains(err.Error(), "remove the file") {
		t.Errorf("got %v of class %s", err, fault.Of(err))
	}
}
