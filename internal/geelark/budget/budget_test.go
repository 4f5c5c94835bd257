package budget_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"postfleet/internal/geelark/budget"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func open(t *testing.T, cfg budget.Config) *budget.Budget {
	t.Helper()
	b := budget.New(cfg)
	t.Cleanup(func() { _ = b.Close() })
	return b
}

func path(t *testing.T) string { t.Helper(); return filepath.Join(t.TempDir(), "budget.json") }

// service counts what reaches it, as the real one does.
type service struct {
	mu      sync.Mutex
	begun   time.Time
	arrived []time.Time
}

func (s *service) arrive() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.arrived = append(s.arrived, time.Now())
}

// most returns the most requests in any span of this length.
func (s *service) most(span time.Duration) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	slices.SortFunc(s.arrived, time.Time.Compare)
	most, first := 0, 0
	for i, at := range s.arrived {
		for at.Sub(s.arrived[first]) >= span {
			first++
		}
		most = max(most, i-first+1)
	}
	return most
}

// slow is for how long, from the start on, requests reach the service as late
// as they may. Those after it reach it at once: nothing is worse for the limit.
const slow = 30 * time.Second

// send takes what the budget allows and reaches the service.
func send(ctx context.Context, t *testing.T, b *budget.Budget, to *service) bool {
	t.Helper()
	until, err := b.Take(ctx, "api")
	if err != nil {
		if ctx.Err() == nil {
			t.Error(err)
		}
		return false
	}
	if to.begun.Add(slow).After(time.Now()) {
		time.AfterFunc(time.Until(until), to.arrive)
	} else {
		to.arrive()
	}
	return true
}

// Twenty workers that ask without a pause for three minutes, each of which is
// killed and started anew again and again, never exceed the limit in any
// minute, and use most of it.
func TestTwentyWorkers(t *testing.T) {
	t.Parallel()
	const workers, spell = 20, 3 * time.Minute
	synctest.Test(t, func(t *testing.T) {
		cfg := budget.Config{Path: path(t)}
		to := service{begun: time.Now()}
		var all sync.WaitGroup
		for range workers {
			all.Go(func() {
				for time.Since(to.begun) < spell {
					life := budget.New(cfg)
					for range 1 + rand.IntN(10) {
						if !send(t.Context(), t, life, &to) {
							break
						}
					}
					_ = life.Close()
				}
			})
		}
		all.Wait()
		if most := to.most(time.Minute); most > budget.PerMinute {
			t.Errorf("got %d requests in a minute", most)
		}
		if n := len(to.arrived); n < int(spell/time.Minute)*budget.PerMinute*3/4 {
			t.Errorf("got %d requests in %s: it need not be so slow", n, spell)
		}
	})
}

// A full minute's requests by one process leave nothing to the next.
func TestRestartGetsNoFreshBudget(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		cfg := budget.Config{Path: path(t), PerMinute: 5}
		for range 5 {
			if _, err := open(t, cfg).Take(t.Context(), "api"); err != nil {
				t.Fatal(err)
			}
		}
		begun := time.Now()
		if _, err := open(t, cfg).Take(t.Context(), "other"); err != nil || time.Since(begun) != 0 {
			t.Errorf("another API: %v after %s", err, time.Since(begun))
		}
		until, err := open(t, cfg).Take(t.Context(), "api")
		if waited := time.Since(begun); err != nil || waited < time.Minute+budget.DefaultFlight {
			t.Errorf("got %v after %s", err, waited)
		}
		if left := time.Until(until); left != budget.DefaultFlight {
			t.Errorf("got %s for the request", left)
		}
	})
}

// The hour's limit is kept by keeping a minute's that no 60 of can exceed.
func TestHour(t *testing.T) {
	t.Parallel()
	if budget.PerMinute*60 > budget.PerHour {
		t.Errorf("%d a minute exceed %d an hour", budget.PerMinute, budget.PerHour)
	}
	synctest.Test(t, func(t *testing.T) {
		b := open(t, budget.Config{Path: path(t), PerMinute: 200, PerHour: 180})
		to := service{begun: time.Now()}
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Hour)
		defer cancel()
		for send(ctx, t, b, &to) {
		}
		if most := to.most(time.Hour); most > 180 || most < 120 {
			t.Errorf("got %d requests in an hour", most)
		}
	})
}

func TestTakeEndsWithContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := open(t, budget.Config{Path: path(t), PerMinute: 1})
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, first := b.Take(ctx, "api")
		_, err := b.Take(ctx, "api")
		if first != nil || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v, then %v", first, err)
		}
	})
}

func TestShut(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		cfg := budget.Config{Path: path(t)}
		b := open(t, cfg)
		for _, d := range []time.Duration{time.Hour, time.Minute} { // the shorter does not end the longer
			if err := b.Shut(t.Context(), "api", 47002, d); err != nil {
				t.Fatal(err)
			}
		}
		_, err := open(t, cfg).Take(t.Context(), "api")
		shut, ok := errors.AsType[*budget.ShutError](err)
		if !ok || shut.Code != 47002 || shut.For != time.Hour {
			t.Errorf("got %v", err)
		}
		if _, err := b.Take(t.Context(), "other"); err != nil {
			t.Errorf("another API: %v", err)
		}
		<-time.After(time.Hour)
		if _, err := b.Take(t.Context(), "api"); err != nil {
			t.Errorf("after an hour: %v", err)
		}
	})
}

// A file that cannot be read, or was written by a clock that was ahead, delays
// requests by one window and stops none for good.
func TestOddFiles(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"empty":        "",
		"cut":          `{"apis":{"api":{"entered":[1,`,
		"another's":    `{"phones":[]}`,
		"two":          `{} {}`,
		"clock ahead":  `{"apis":{"api":{"entered":[9999999999999]}}}`,
		"damage ahead": `{"not_before":"2999-01-01T00:00:00Z"}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				cfg := budget.Config{Path: path(t), PerMinute: 1}
				if err := os.WriteFile(cfg.Path, []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
				begun := time.Now()
				for i := range 2 { // the delay is not served anew by each process
					_, err := open(t, cfg).Take(t.Context(), "api")
					waited := time.Since(begun)
					window := time.Duration(i+1) * (time.Minute + budget.DefaultFlight)
					if err != nil || waited < window || waited > window+2*time.Second {
						t.Errorf("request %d: got %v after %s", i, err, waited)
					}
				}
			})
		})
	}
}

// A lock that a clock ahead of time has written ends two hours from now.
func TestShutAhead(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		cfg := budget.Config{Path: path(t)}
		text := `{"apis":{"api":{"shut_until":"2999-01-01T00:00:00Z","code":40014}}}`
		if err := os.WriteFile(cfg.Path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		for _, left := range []time.Duration{budget.LongestLock, time.Hour} {
			_, err := open(t, cfg).Take(t.Context(), "api")
			shut, ok := errors.AsType[*budget.ShutError](err)
			if !ok || shut.For != left {
				t.Errorf("got %v, want %s", err, left)
			}
			<-time.After(time.Hour)
		}
	})
}
