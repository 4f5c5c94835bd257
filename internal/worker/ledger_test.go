package worker_test

import (
	"context"
	"fmt"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"postfleet/internal/fault"
	"postfleet/internal/posting"
	"postfleet/internal/progress"
	"postfleet/internal/progress/fileledger"
	"postfleet/internal/worker"
)

// shaky is a ledger whose calls fail as troubleFunc says. A failed call had no
// effect, or had it and did not say so: after says which.
type shaky struct {
	*fileledger.Ledger
	troubleFunc func(call string, n int) (err error, after bool)

	mu    sync.Mutex
	calls map[string]int
}

func (s *shaky) Join(ctx context.Context, id string) (progress.Member, error) {
	m, err := s.Ledger.Join(ctx, id)
	if err != nil {
		return nil, err
	}
	return &shakyMember{Member: m, ledger: s}, nil
}

func (s *shaky) do(name string, call func() error) error {
	s.mu.Lock()
	if s.calls == nil {
		s.calls = make(map[string]int)
	}
	s.calls[name]++
	n := s.calls[name]
	s.mu.Unlock()
	trouble, after := s.troubleFunc(name, n)
	if trouble != nil && !after {
		return trouble
	}
	if err := call(); err != nil {
		return err
	}
	return trouble
}

type shakyMember struct {
	progress.Member
	ledger *shaky
}

func (m *shakyMember) Claim(ctx context.Context, terms progress.Terms) (c progress.Claim, err error) {
	err = m.ledger.do("claim", func() error {
		c, err = m.Member.Claim(ctx, terms)
		return err
	})
	return c, err
}

func (m *shakyMember) SetPhase(ctx context.Context, c progress.Claim, p progress.Phase) error {
	return m.ledger.do("phase "+string(p), func() error { return m.Member.SetPhase(ctx, c, p) })
}

func (m *shakyMember) Finish(ctx context.Context, c progress.Claim, o progress.Outcome) error {
	return m.ledger.do("finish", func() error { return m.Member.Finish(ctx, c, o) })
}

func diskFull() error { return fault.Errorf(fault.Infra, "write progress.csv: %w", syscall.ENOSPC) }

func (b *bench) shaky(troubleFunc func(call string, n int) (error, bool)) *worker.Worker {
	parts := b.parts()
	parts.Ledger = &shaky{Ledger: b.ledger, troubleFunc: troubleFunc}
	return worker.New(b.cfg, parts, b.logger())
}

// TestLedgerTroublePasses: every ledger call fails a few times, before or after
// it had its effect, and each job is posted once.
func TestLedgerTroublePasses(t *testing.T) {
	t.Parallel()
	for _, call := range []string{"claim", "phase posting", "phase posted", "finish"} {
		for _, after := range []bool{false, true} {
			if call == "claim" && after {
				continue // a claim that had its effect says so, or the ledger is of no use any more
			}
			t.Run(fmt.Sprintf("%s, after=%t", call, after), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					b := newBench(t, "a", "b", "a")
					must(t, b.shaky(func(name string, n int) (error, bool) {
						if name == call && n%4 != 0 {
							return diskFull(), after
						}
						return nil, false
					}).Run(t.Context()))
					wantStatuses(t, b, "success", "success", "success")
					if len(b.poster.runs) != 3 || len(b.results()) != 3 {
						t.Errorf("got %d attempts and %d results, want 3", len(b.poster.runs), len(b.results()))
					}
				})
			})
		}
	}
}

// TestEndThatCannotBeRecorded: nothing else is claimed, the worker ends, and
// its successor does not post again.
func TestEndThatCannotBeRecorded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, "a", "b")
		begun := time.Now()
		err := b.shaky(func(name string, _ int) (error, bool) {
			if name == "finish" || name == "phase posted" {
				return diskFull(), false
			}
			return nil, false
		}).Run(t.Context())
		wantClass(t, err, fault.Infra)
		if got := time.Since(begun); got < 2*time.Minute {
			t.Errorf("gave up after %v", got)
		}
		if len(b.poster.runs) != 1 {
			t.Errorf("got %d attempts, want 1", len(b.poster.runs))
		}
		if row := b.rows()[0]; row.Status != progress.StatusClaimed || row.Phase != progress.PhasePosting {
			t.Errorf("got %+v, want it still claimed and posting", row)
		}
		b.poster.verifyFunc = func(context.Context, posting.Attempt) (posting.Verdict, error) {
			return posting.VerdictPosted, nil
		}
		must(t, b.run())
		wantStatuses(t, b, "success", "success")
		if b.poster.posts[1] != 1 || b.poster.posts[2] != 1 {
			t.Errorf("got posts %v, want one each", b.poster.posts)
		}
	})
}

// TestUnrecordedPhaseMeansNoTap: what is not on disk does not happen.
func TestUnrecordedPhaseMeansNoTap(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, "a")
		b.cfg.MaxAttempts = 1
		must(t, b.shaky(func(name string, _ int) (error, bool) {
			if name == "phase posting" {
				return diskFull(), false
			}
			return nil, false
		}).Run(t.Context()))
		if b.poster.posts[1] != 0 {
			t.Error("tapped without a record")
		}
		wantStatuses(t, b, "fail")
	})
}

// TestDamagedLedgerEndsTheWorker at once, whatever call meets it.
func TestDamagedLedgerEndsTheWorker(t *testing.T) {
	t.Parallel()
	for _, call := range []string{"claim", "phase posting", "finish"} {
		t.Run(call, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				b := newBench(t, "a", "b")
				err := b.shaky(func(name string, _ int) (error, bool) {
					if name == call {
						return fault.Errorf(fault.Ledger, "damaged"), false
					}
					return nil, false
				}).Run(t.Context())
				wantClass(t, err, fault.Ledger)
				if len(b.poster.runs) > 1 {
					t.Errorf("got %d attempts, want no second", len(b.poster.runs))
				}
				if b.events[len(b.events)-1] != "adb stops" {
					t.Errorf("got %v, want all taken down", b.events)
				}
			})
		})
	}
}

// TestLostClaimStopsTheJob: somebody else has the row, so there is no tap.
func TestLostClaimStopsTheJob(t *testing.T) {
	t.Parallel()
	for _, call := range []string{"phase posting", "finish"} {
		t.Run(call, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				b := newBench(t, "a", "b")
				err := b.shaky(func(name string, _ int) (error, bool) {
					if name == call {
						return progress.ErrLostClaim, false
					}
					return nil, false
				}).Run(t.Context())
				if err == nil || len(b.poster.runs) != 1 || len(b.results()) != 0 {
					t.Errorf("got %v, %d attempts, results %v", err, len(b.poster.runs), b.results())
				}
				if call == "phase posting" && b.poster.posts[1] != 0 {
					t.Error("tapped without a claim")
				}
			})
		})
	}
}

// TestRefusedOutcome: when ledger and worker disagree, nobody can tell.
func TestRefusedOutcome(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, "a")
		b.poster.runFunc = func(ctx context.Context, a posting.Attempt) error {
			if err := a.Posting(ctx); err == nil {
				t.Error("got nil, want the trouble")
			}
			return fault.Errorf(fault.Infra, "not shared")
		}
		b.cfg.Patience.Claim = time.Second
		must(t, b.shaky(func(name string, _ int) (error, bool) {
			if name == "phase posting" {
				return diskFull(), true // it was recorded, and nobody said so
			}
			return nil, false
		}).Run(t.Context()))
		if row := b.rows()[0]; row.Status != progress.StatusFail || row.Error != progress.UnknownPrefix+"not shared" {
			t.Errorf("got %+v", row)
		}
	})
}
