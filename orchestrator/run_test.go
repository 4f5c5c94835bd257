package orchestrator_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"postfleet/internal/progress"
	"postfleet/orchestrator"
	"postfleet/workerimage"
)

func TestRunEndsWhenTheJobsAreDone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFleet(t, 3, newLedger(numbered(10)...))
		report := f.run()
		wantJobs(t, report, orchestrator.Counts{Total: 10, Success: 10}, workerimage.ExitDone)
		wantPhases(t, report, orchestrator.SlotDone, orchestrator.SlotDone, orchestrator.SlotDone)
		for row, runs := range f.ledger.began() {
			if runs != 1 {
				t.Errorf("row %d: begun %d times, want once", row+1, runs)
			}
		}
		if got := len(f.starts); got != 3 {
			t.Errorf("got %d workers, want one for each slot", got)
		}
		if report.Drained {
			t.Error("drained: got true, want false")
		}
	})
}

func TestOneWorkerDoesAll(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFleet(t, 1, newLedger(numbered(4)...))
		wantJobs(t, f.run(), orchestrator.Counts{Total: 4, Success: 4}, workerimage.ExitDone)
	})
}

func TestNothingToDoStartsNothing(t *testing.T) {
	t.Parallel()
	l := newLedger("a")
	l.rows[0].Status = progress.StatusFail
	f := newFleet(t, 2, l)
	wantJobs(t, f.run(), orchestrator.Counts{Total: 1, Fail: 1}, workerimage.ExitFailed)
	if len(f.starts) > 0 {
		t.Errorf("started %v, want nothing", f.starts)
	}
}

func TestOnlySlotsThatCanTakeSomethingStart(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		cfg := validConfig() // the first takes shop_a only, the second anything else
		f := newFleetOf(t, cfg, newLedger("other"))
		wantJobs(t, f.run(), orchestrator.Counts{Total: 1, Success: 1}, workerimage.ExitDone)
		if !slices.Equal(f.starts, []string{"f-worker-1"}) {
			t.Errorf("started %v, want the second only", f.starts)
		}
	})
}

func TestDeadWorkersAreMadeAgain(t *testing.T) {
	t.Parallel()
	for _, code := range []int{
		workerimage.ExitError, workerimage.ExitAppium, workerimage.ExitDevice, 137, 143,
	} {
		synctest.Test(t, func(t *testing.T) {
			f := newFleet(t, 1, newLedger("a"))
			f.onStart = func(_, lives int) int {
				if lives <= 2 {
					return code
				}
				return 0
			}
			began := time.Now()
			report := f.run()
			wantJobs(t, report, orchestrator.Counts{Total: 1, Success: 1}, workerimage.ExitDone)
			if got := report.Slots[0].Restarts; got != 2 {
				t.Errorf("exit code %d: got %d restarts, want 2", code, got)
			}
			if got := f.labels[2][workerimage.LabelRestarts]; got != "2" {
				t.Errorf("exit code %d: got label %q, want 2", code, got)
			}
			// The first restart comes at once, the second after half of 1 s at least.
			if got, want := time.Since(began), jobTime+500*time.Millisecond; got != want {
				t.Errorf("exit code %d: took %s, want %s", code, got, want)
			}
		})
	}
}

func TestKilledWorkersRowIsDone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFleet(t, 2, newLedger(numbered(4)...))
		done := f.background(f.orchestrator())
		after(jobTime / 2)
		f.engine.Kill("f-worker-0")
		wantJobs(t, <-done, orchestrator.Counts{Total: 4, Success: 4}, workerimage.ExitDone)
		f.nothingLeft()
	})
}

func TestRemovedContainerIsMadeAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFleet(t, 1, newLedger("a"))
		done := f.background(f.orchestrator())
		after(jobTime / 2)
		all, err := f.engine.List(t.Context(), "f")
		if err != nil {
			t.Fatal(err)
		}
		if err := f.engine.Remove(t.Context(), all[0].ID); err != nil {
			t.Fatal(err)
		}
		wantJobs(t, <-done, orchestrator.Counts{Total: 1, Success: 1}, workerimage.ExitDone)
	})
}

func TestSlotGivesUpAndOthersTakeItsRows(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		// The second worker dies with its row, each time, long after the first
		// has found nothing left. The first slot must come back for the row.
		f := newFleet(t, 2, newLedger("a", "b"))
		f.opts.Restart.Max = 0
		f.engine.Run = func(
			ctx context.Context, spec workerimage.Container, signals <-chan orchestrator.Signal,
		) orchestrator.Exit {
			if spec.Name == "f-worker-0" {
				return f.container(ctx, spec, signals)
			}
			f.ledger.join(1)
			defer f.ledger.leave(1)
			f.ledger.claim(1, workerimage.Device{})
			after(time.Hour)
			return orchestrator.Exit{Code: workerimage.ExitAppium}
		}
		report := f.run()
		wantJobs(t, report, orchestrator.Counts{Total: 2, Success: 2}, workerimage.ExitDone)
		wantPhases(t, report, orchestrator.SlotDone, orchestrator.SlotGaveUp)
		if got := f.lives[0]; got != 2 {
			t.Errorf("the first slot ran %d workers, want 2", got)
		}
	})
}

// TestSlotWithoutAWorkerDoesNotKeepTheFleet: one that cannot make its worker
// ends when the others have done all the jobs, however often it may try.
func TestSlotWithoutAWorkerDoesNotKeepTheFleet(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFleet(t, 2, newLedger(numbered(4)...))
		f.opts.Restart.Max = 1000
		f.engine.Fail = func(method, name string) error {
			if method == "Start" && name == "f-worker-1" {
				return errors.New("port is already allocated")
			}
			return nil
		}
		report := f.run()
		wantJobs(t, report, orchestrator.Counts{Total: 4, Success: 4}, workerimage.ExitDone)
		wantPhases(t, report, orchestrator.SlotDone, orchestrator.SlotDone)
		if most := 4*jobTime + 2*f.opts.Restart.BackoffMax; report.Duration > most {
			t.Errorf("the fleet ended after %s, want at most %s", report.Duration, most)
		}
	})
}

func TestHopelessFleetEnds(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name  string
		code  int
		lives int
		phase orchestrator.SlotPhase
	}{
		{"appium", workerimage.ExitAppium, 4, orchestrator.SlotGaveUp}, // 1 and 3 restarts
		{"settings", workerimage.ExitUsage, 1, orchestrator.SlotGaveUp},
		{"a person", workerimage.ExitHuman, 1, orchestrator.SlotParked},
		{"takes nothing", workerimage.ExitDone, 1, orchestrator.SlotDone},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f := newFleet(t, 1, newLedger("a"))
				lives := 0
				f.engine.Run = func(
					context.Context, workerimage.Container, <-chan orchestrator.Signal,
				) orchestrator.Exit {
					lives++
					return orchestrator.Exit{Code: tc.code}
				}
				report := f.run()
				wantJobs(t, report, orchestrator.Counts{Total: 1, Pending: 1}, workerimage.ExitPending)
				wantPhases(t, report, tc.phase)
				if lives != tc.lives {
					t.Errorf("got %d workers, want %d", lives, tc.lives)
				}
				if (report.Slots[0].Reason == "") != (tc.phase == orchestrator.SlotDone) {
					t.Errorf("got reason %q", report.Slots[0].Reason)
				}
			})
		})
	}
}

func TestStaleShutdownFileIsRemoved(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFleet(t, 1, newLedger("a"))
		touch(t, filepath.Join(f.opts.DataDir, orchestrator.ShutdownFile))
		wantJobs(t, f.run(), orchestrator.Counts{Total: 1, Success: 1}, workerimage.ExitDone)
	})
}

func touch(t *testing.T, path string) {
	t.Helper()
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestFewWorkersStartAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFleet(t, 5, newLedger(numbered(20)...))
		f.opts.StartLimit, f.opts.StartHold = 2, 3*time.Second
		began := time.Now()
		var at []time.Duration
		f.onStart = func(int, int) int {
			at = append(at, time.Since(began))
			return 0
		}
		f.run()
		want := []time.Duration{0, 0, 3 * time.Second, 3 * time.Second, 6 * time.Second}
		if !slices.Equal(at, want) {
			t.Errorf("started at %v, want %v", at, want)
		}
	})
}

// TestStress is for the race detector: workers die at random moments while
// others look on.
func TestStress(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFleet(t, 16, newLedger(numbered(300)...))
		f.opts.Restart.Max = 1000
		f.onStart = func(slot, lives int) int {
			if (slot+lives)%3 == 0 {
				return workerimage.ExitAppium
			}
			return 0
		}
		o := f.orchestrator()
		done := f.background(o)
		for i := range 100 {
			after(jobTime / 4)
			f.engine.Kill(workerimage.Name("f", workerimage.RoleWorker, i%16))
			if got := o.Slots(); len(got) != 16 {
				t.Errorf("got %d slots, want 16", len(got))
			}
		}
		wantJobs(t, <-done, orchestrator.Counts{Total: 300, Success: 300}, workerimage.ExitDone)
		f.nothingLeft()
	})
}
