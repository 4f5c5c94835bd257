package worker_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"

	"postfleet/internal/fault"
	"postfleet/internal/posting"
	"postfleet/internal/progress"
)

// leaveBehind makes job 1 one whose worker died at the given phase.
func leaveBehind(t *testing.T, b *bench, phase progress.Phase) {
	t.Helper()
	m, err := b.ledger.Join(t.Context(), "dead")
	must(t, err)
	c, err := m.Claim(t.Context(), progress.Terms{})
	must(t, err)
	must(t, os.MkdirAll(filepath.Join(b.dir, "artifacts", "job-1", "attempt-1"), 0o755))
	must(t, m.SetPhase(t.Context(), c, phase))
	must(t, m.Leave())
	_, err = b.ledger.Rescue(t.Context())
	must(t, err)
}

func TestVerify(t *testing.T) {
	t.Parallel()
	unknown := fault.Errorf(fault.OutcomeUnknown, "x")
	for _, tt := range []struct {
		name     string
		verdict  posting.Verdict
		err      error
		status   progress.Status
		phase    progress.Phase
		attempts int
		text     string
		class    fault.Class
		results  int
	}{
		{name: "posted", verdict: posting.VerdictPosted, status: progress.StatusSuccess, attempts: 1, results: 1},
		{
			name: "absent", verdict: posting.VerdictAbsent,
			status: progress.StatusPending, attempts: 1, results: 1, text: "not to be",
		},
		{
			name: "unknown", err: unknown, status: progress.StatusFail, attempts: 1, results: 1,
			text: progress.UnknownPrefix + "x",
		},
		{
			name: "unknown for no reason", status: progress.StatusFail, attempts: 1, results: 1,
			text: progress.UnknownPrefix,
		},
		{
			name: "account", err: fault.Errorf(fault.Account, "logged out"),
			status: progress.StatusFail, attempts: 1, results: 1, text: progress.UnknownPrefix + "logged out",
		},
		{
			name: "link lost", err: fault.Errorf(fault.Infra, "x"),
			status: progress.StatusPending, phase: progress.PhasePosting, attempts: 1, results: 1, text: "x",
		},
		{
			name: "out of time", err: fmt.Errorf("interrupted: %w", context.DeadlineExceeded),
			status: progress.StatusPending, phase: progress.PhasePosting, attempts: 1, results: 1,
		},
		{
			name: "needs a person", err: fault.Errorf(fault.Human, "x"), class: fault.Human,
			status: progress.StatusPending, phase: progress.PhasePosting,
		},
		{
			name: "cancelled by nobody", err: fmt.Errorf("interrupted: %w", context.Canceled),
			status: progress.StatusPending, phase: progress.PhasePosting, attempts: 1, results: 1,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				b := newBench(t, "a")
				leaveBehind(t, b, progress.PhasePosting)
				b.poster.verifyFunc = func(context.Context, posting.Attempt) (posting.Verdict, error) {
					must(t, os.WriteFile(filepath.Join(b.dir, "shutdown"), nil, 0o600))
					return tt.verdict, tt.err
				}
				if err := b.run(); fault.Of(err) != tt.class {
					t.Errorf("got %v, want class %v", err, tt.class)
				}
				row := b.rows()[0]
				if row.Status != tt.status || row.Phase != tt.phase || row.Attempts != tt.attempts ||
					!strings.Contains(row.Error, tt.text) {
					t.Errorf("got %+v", row)
				}
				if len(b.poster.runs) != 0 || len(b.results()) != tt.results {
					t.Errorf("got %d runs and results %v", len(b.poster.runs), b.results())
				}
			})
		})
	}
}

// TestVerifyLooksWhereTheAttemptWas: looks are counted, but the baseline is
// with the attempt that posted.
func TestVerifyLooksWhereTheAttemptWas(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, "a")
		leaveBehind(t, b, progress.PhasePosting)
		b.poster.verifyFunc = func(context.Context, posting.Attempt) (posting.Verdict, error) {
			if len(b.poster.verifies) < 4 {
				return posting.VerdictUnknown, fault.Errorf(fault.Infra, "link lost")
			}
			return posting.VerdictPosted, nil
		}
		must(t, b.run())
		if got := b.rows()[0]; got.Status != progress.StatusSuccess || len(b.poster.verifies) != 4 {
			t.Errorf("got %+v after %d looks", got, len(b.poster.verifies))
		}
		for _, a := range b.poster.verifies {
			if want := filepath.Join(b.dir, "artifacts", "job-1", "attempt-1"); a.Artifacts != want {
				t.Errorf("got %s, want %s", a.Artifacts, want)
			}
		}
	})
}

func TestVerifyIsNotRepeatedForEver(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, "a")
		b.cfg.MaxAttempts = 2
		leaveBehind(t, b, progress.PhasePosting)
		b.poster.verifyFunc = func(context.Context, posting.Attempt) (posting.Verdict, error) {
			return posting.VerdictUnknown, fault.Errorf(fault.Infra, "link lost")
		}
		must(t, b.run())
		got := b.rows()[0]
		if got.Status != progress.StatusFail || !strings.HasPrefix(got.Error, progress.UnknownPrefix) {
			t.Errorf("got %+v, want an unknown outcome", got)
		}
		if len(b.poster.verifies) != 4 {
			t.Errorf("got %d looks, want 4", len(b.poster.verifies))
		}
	})
}

// TestSeenPostIsASuccess: no phone is asked about a post that was seen.
func TestSeenPostIsASuccess(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, "a")
		leaveBehind(t, b, progress.PhasePosted)
		must(t, b.run())
		if got := b.rows()[0]; got.Status != progress.StatusSuccess || len(b.poster.runs)+len(b.poster.verifies) != 0 {
			t.Errorf("got %+v, %d runs, %d looks", got, len(b.poster.runs), len(b.poster.verifies))
		}
		if len(b.results()) != 1 {
			t.Errorf("got results %v, want the row that the dead worker did not write", b.results())
		}
	})
}
