package worker_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"postfleet/internal/posting"
	"postfleet/internal/progress"
	"postfleet/internal/worker"
)

// stopped runs a worker whose first job blocks, does something to it, and
// returns the worker's error.
func stopped(t *testing.T, b *bench, do func(w *worker.Worker, release chan struct{})) error {
	t.Helper()
	begun, release := make(chan int, 9), make(chan struct{})
	if b.poster.runFunc == nil {
		b.poster.runFunc = b.poster.blocks(begun, release)
	}
	w := b.worker()
	ended := make(chan error, 1)
	go func() { ended <- w.Run(t.Context()) }()
	synctest.Wait()
	do(w, release)
	return <-ended
}

func wantStatuses(t *testing.T, b *bench, want ...progress.Status) {
	t.Helper()
	if diff := cmp.Diff(want, b.statuses()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestDrain(t *testing.T) {
	t.Parallel()
	for name, drain := range map[string]func(b *bench, w *worker.Worker){
		"asked": func(_ *bench, w *worker.Worker) { w.Drain(); w.Drain() },
		"shutdown file": func(b *bench, _ *worker.Worker) {
			must(b.t, os.WriteFile(filepath.Join(b.dir, "shutdown"), nil, 0o600))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				b := newBench(t, "a", "b")
				must(t, stopped(t, b, func(w *worker.Worker, release chan struct{}) {
					drain(b, w)
					pass(time.Minute)
					close(release)
				}))
				wantStatuses(t, b, "success", "pending")
				if b.events[len(b.events)-1] != "adb stops" {
					t.Errorf("got %v, want all taken down", b.events)
				}
			})
		})
	}
}

func TestDrainBeforeRun(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, "a")
		w := b.worker()
		w.Drain()
		must(t, w.Run(t.Context()))
		wantStatuses(t, b, "pending")
	})
}

func TestDrainWhileWaiting(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, "a")
		other, err := b.ledger.Join(t.Context(), "other")
		must(t, err)
		_, err = other.Claim(t.Context(), progress.Terms{})
		must(t, err)
		begun := time.Now()
		must(t, stopped(t, b, func(w *worker.Worker, _ chan struct{}) { w.Drain() }))
		if got := time.Since(begun); got > time.Second {
			t.Errorf("took %v to notice", got)
		}
	})
}

// TestCancel: an interrupted job is no attempt and has no row in results.csv.
func TestCancel(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, "a", "b")
		must(t, stopped(t, b, func(w *worker.Worker, _ chan struct{}) {
			if w.Cancel() {
				t.Error("got posting, want a job that is dropped")
			}
		}))
		wantStatuses(t, b, "pending", "pending")
		if row := b.rows()[0]; row.Attempts != 0 || row.Error != "" || row.Phase != progress.PhaseNone {
			t.Errorf("got %+v, want the job as if it had not been begun", row)
		}
		if len(b.results()) != 0 {
			t.Errorf("got results %v", b.results())
		}
	})
}

// TestCancelWhileVerifying: looking is given up at once, and done again later.
func TestCancelWhileVerifying(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, "a")
		leaveBehind(t, b, progress.PhasePosting)
		b.poster.verifyFunc = func(ctx context.Context, _ posting.Attempt) (posting.Verdict, error) {
			<-ctx.Done()
			return posting.VerdictUnknown, fmt.Errorf("interrupted: %w", ctx.Err())
		}
		must(t, stopped(t, b, func(w *worker.Worker, _ chan struct{}) { w.Cancel() }))
		row := b.rows()[0]
		if row.Status != progress.StatusPending || row.Phase != progress.PhasePosting || row.Attempts != 0 {
			t.Errorf("got %+v, want it waiting for verification", row)
		}
	})
}

func TestCancelSparesAPostingJob(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, "a", "b")
		release := make(chan struct{})
		b.poster.runFunc = func(ctx context.Context, a posting.Attempt) error {
			must(t, b.poster.tap(ctx, a))
			select {
			case <-release:
			case <-ctx.Done():
				t.Error("the job was cancelled")
			}
			return a.Posted(ctx)
		}
		must(t, stopped(t, b, func(w *worker.Worker, _ chan struct{}) {
			if !w.Cancel() {
				t.Error("got a dropped job, want one that goes on")
			}
			pass(time.Minute)
			close(release)
		}))
		wantStatuses(t, b, "success", "pending")
	})
}

// TestCancelledJobDoesNotPost: the last moment to stop is right before the tap.
func TestCancelledJobDoesNotPost(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, "a")
		b.poster.runFunc = func(ctx context.Context, a posting.Attempt) error {
			<-ctx.Done()
			return b.poster.tap(context.WithoutCancel(ctx), a) // it did not notice
		}
		must(t, stopped(t, b, func(w *worker.Worker, _ chan struct{}) { w.Cancel() }))
		if b.poster.posts[1] != 0 {
			t.Error("a cancelled job was posted")
		}
		wantStatuses(t, b, "pending")
	})
}

func TestDrainTimeout(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, "a", "b")
		b.cfg.DrainTimeout, b.cfg.JobTimeout = 3*time.Minute, time.Hour
		begun := time.Now()
		must(t, stopped(t, b, func(w *worker.Worker, _ chan struct{}) { w.Drain() }))
		if got := time.Since(begun); got != 3*time.Minute {
			t.Errorf("took %v, want the drain timeout", got)
		}
		wantStatuses(t, b, "pending", "pending")
	})
}

func TestJobTimeout(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, "a")
		b.cfg.MaxAttempts, b.cfg.JobTimeout = 1, 7*time.Minute
		begun := time.Now()
		must(t, stopped(t, b, func(*worker.Worker, chan struct{}) {}))
		if got := time.Since(begun); got != 7*time.Minute {
			t.Errorf("took %v, want the job's deadline", got)
		}
		wantStatuses(t, b, "fail")
	})
}
