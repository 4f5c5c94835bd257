package orchestrator_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"postfleet/internal/fault"
	"postfleet/internal/logging"
	"postfleet/orchestrator"
	"postfleet/workerimage"
)

// keeper is a PhoneStopper that remembers when it was asked.
type keeper struct {
	left []orchestrator.CloudPhone
	err  error

	mu   sync.Mutex
	asks []time.Time
}

func (p *keeper) StopLeft(context.Context) ([]orchestrator.CloudPhone, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asks = append(p.asks, time.Now())
	return p.left, p.err
}

var stuck = orchestrator.CloudPhone{ID: "p1", Name: "shop_a", Err: errors.New("no answer")}

// At the start, after each worker's end, and at the end: what the dead left is stopped.
func TestPhonesAreStopped(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFleet(t, 1, newLedger(numbered(2)...))
		p := &keeper{}
		f.opts.Phones = p
		f.onStart = func(_, lives int) int {
			if lives == 1 {
				return workerimage.ExitError
			}
			return 0
		}
		begun := time.Now()
		report := f.run()
		if len(report.Phones) != 0 || report.ExitCode != workerimage.ExitDone {
			t.Errorf("got %+v", report)
		}
		if n := len(p.asks); n < 3 || !p.asks[0].Equal(begun) {
			t.Errorf("asked at %v, want at the start, after the death and at the end", p.asks)
		}
	})
}

// Also while nothing happens that anybody sees.
func TestPhonesAreLookedForAllTheTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFleet(t, 1, newLedger(numbered(1)...))
		p := &keeper{}
		f.opts.Phones, f.jobTime = p, 5*time.Minute
		f.run()
		if n := len(p.asks); n < 10 || n > 14 {
			t.Errorf("asked %d times in five minutes, want every half a minute", n)
		}
	})
}

// What stays on is in the report, and the exit code says so unless it says worse.
func TestPhonesLeft(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		worker int // how the only worker ends
		err    error
		want   int
	}{
		{"all posted", 0, nil, workerimage.ExitError},
		{"rows are left", workerimage.ExitHuman, nil, workerimage.ExitError},
		{"ledger refused", workerimage.ExitLedger, nil, workerimage.ExitLedger},
		{"damaged book", 0, fault.Errorf(fault.Ledger, "damaged"), workerimage.ExitLedger},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f := newFleet(t, 1, newLedger(numbered(1)...))
				f.opts.Phones = &keeper{left: []orchestrator.CloudPhone{stuck}, err: tt.err}
				f.onStart = func(int, int) int { return tt.worker }
				report, _ := f.orchestrator().Run(t.Context())
				if report.ExitCode != tt.want || len(report.Phones) != 1 {
					t.Errorf("got %d and %v, want %d", report.ExitCode, report.Phones, tt.want)
				}
			})
		})
	}
}

// Also when no job is left: an earlier run may have been killed.
func TestPhonesOfAFinishedFleet(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFleet(t, 1, newLedger())
		p := &keeper{}
		f.opts.Phones = p
		f.run()
		if len(p.asks) != 1 {
			t.Errorf("asked at %v, want once", p.asks)
		}
	})
}

func TestStopStopsPhones(t *testing.T) {
	t.Parallel()
	for name, away := range map[string]bool{"with an engine": false, "without": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFleet(t, 1, newLedger(numbered(1)...))
			p := &keeper{left: []orchestrator.CloudPhone{stuck}}
			f.engine.Fail = func(string, string) error {
				if away {
					return orchestrator.ErrUnreachable
				}
				return nil
			}
			cfg := orchestrator.StopConfig{Fleet: "f", Network: "net", DataDir: f.opts.DataDir, Phones: p}
			err := orchestrator.Stop(t.Context(), cfg, f.engine, f.ledger, logging.Discard())
			if !errors.Is(err, orchestrator.ErrPhonesLeft) || !strings.Contains(err.Error(), "shop_a (p1): no answer") {
				t.Errorf("got %v", err)
			}
			if errors.Is(err, orchestrator.ErrUnreachable) != away || len(p.asks) != 1 {
				t.Errorf("got %v after %d asks", err, len(p.asks))
			}
		})
	}
}

// A worker that says so stops the whole fleet, with its reason.
func TestFleetIsStoppedForAPerson(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFleet(t, 2, newLedger(numbered(6)...))
		f.says = workerimage.LastWords{Why: "no credit", Fleet: true}.String()
		f.onStart = func(slot, _ int) int {
			if slot == 0 {
				return workerimage.ExitHuman
			}
			return 0
		}
		report, err := f.orchestrator().Run(t.Context())
		if !errors.Is(err, orchestrator.ErrGaveUp) || !strings.Contains(err.Error(), "no credit") {
			t.Errorf("got %v", err)
		}
		if report.ExitCode != workerimage.ExitPending || !report.Drained {
			t.Errorf("got %+v", report)
		}
	})
}
