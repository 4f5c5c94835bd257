package worker_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"postfleet/internal/fault"
	"postfleet/internal/posting"
	"postfleet/internal/progress"
)

// absentAs is the error of an attempt whose post was proved absent.
func absentAs(class fault.Class) error {
	return fault.Errorf(class, "share: %w", posting.ErrAbsent)
}

// TestRunErrors is the whole table of what an attempt's error means, for a job
// that has attempts left and for one that has none.
func TestRunErrors(t *testing.T) {
	t.Parallel()
	const (
		pending, success = progress.StatusPending, progress.StatusSuccess
		fail, skip       = progress.StatusFail, progress.StatusSkip
	)
	for _, tt := range []struct {
		name    string
		err     error
		tapped  bool
		more    progress.Status // with attempts left
		last    progress.Status // without
		text    string
		other   progress.Status // the account's other row
		class   fault.Class     // what the worker ends with
		results bool
	}{
		{name: "success", tapped: true, more: success, last: success, results: true},
		{name: "infra", err: fault.Errorf(fault.Infra, "x"), more: pending, last: fail, text: "x", results: true},
		{name: "device", err: fault.Errorf(fault.Device, "x"), more: pending, last: fail, text: "x", results: true},
		{name: "appium", err: fault.Errorf(fault.Appium, "x"), more: pending, last: fail, text: "x", results: true},
		{name: "cancelled by nobody", err: context.Canceled, more: pending, last: fail, results: true, text: "cancel"},
		{name: "unmarked", err: errors.New("x"), more: pending, last: fail, text: "x", results: true},
		{name: "human", err: fault.Errorf(fault.Human, "x"), more: pending, last: pending, class: fault.Human},
		{
			name: "account", err: fault.Errorf(fault.Account, "logged out"),
			more: fail, last: fail, text: "logged out", other: skip, results: true,
		},
		{name: "content", err: fault.Errorf(fault.Content, "x"), more: fail, last: fail, text: "x", results: true},
		{name: "input", err: fault.Errorf(fault.Input, "x"), more: skip, last: skip, text: "x", results: true},
		{
			name: "outcome unknown", err: fault.Errorf(fault.OutcomeUnknown, "x"), tapped: true,
			more: fail, last: fail, text: progress.UnknownPrefix + "x", results: true,
		},
		{
			name: "absent", err: absentAs(fault.Infra), tapped: true,
			more: pending, last: fail, text: "share", results: true,
		},
		{
			name: "absent, account", err: absentAs(fault.Account), tapped: true,
			more: fail, last: fail, text: "share", other: skip, results: true,
		},
		{
			name: "absent, content", err: absentAs(fault.Content), tapped: true,
			more: fail, last: fail, text: "share", results: true,
		},
		{
			name: "infra after the tap", err: fault.Errorf(fault.Infra, "x"), tapped: true,
			more: fail, last: fail, text: progress.UnknownPrefix, results: true,
		},
		{
			name: "cancelled after the tap", err: context.Canceled, tapped: true,
			more: fail, last: fail, text: progress.UnknownPrefix, results: true,
		},
	} {
		for attempts, want := range map[int]progress.Status{3: tt.more, 1: tt.last} {
			t.Run(fmt.Sprintf("%s, %d attempts", tt.name, attempts), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					b := newBench(t, "a", "a")
					b.cfg.MaxAttempts = attempts
					b.poster.runFunc = func(ctx context.Context, a posting.Attempt) error {
						must(t, os.WriteFile(filepath.Join(b.dir, "shutdown"), nil, 0o600)) // one job is enough
						if tt.tapped {
							must(t, b.poster.tap(ctx, a))
						}
						return tt.err
					}
					err := b.run()
					if fault.Of(err) != tt.class {
						t.Errorf("got %v (class %v), want class %v", err, fault.Of(err), tt.class)
					}
					row := b.rows()[0]
					if row.Status != want || row.Phase != progress.PhaseNone {
						t.Errorf("got status %s, phase %q, want %s", row.Status, row.Phase, want)
					}
					if tt.text != "" && !strings.Contains(row.Error, tt.text) {
						t.Errorf("got error %q, want %q in it", row.Error, tt.text)
					}
					if other := b.rows()[1].Status; tt.other != "" && other != tt.other {
						t.Errorf("got the account's other row %s, want %s", other, tt.other)
					}
					class := fault.Of(tt.err)
					switch {
					case strings.HasPrefix(row.Error, progress.UnknownPrefix):
						class = fault.OutcomeUnknown
					case errors.Is(tt.err, context.Canceled):
						class = fault.Infra
					}
					checkResults(t, b, tt.results, row, class)
				})
			})
		}
	}
}

func checkResults(t *testing.T, b *bench, want bool, row progress.Row, class fault.Class) {
	t.Helper()
	results := b.results()
	if !want {
		if len(results) != 0 {
			t.Errorf("got results %v, want none", results)
		}
		return
	}
	if len(results) != 1 {
		t.Fatalf("got results %v, want one row", results)
	}
	r := results[0]
	if r["status"] != string(row.Status) || r["error_class"] != class.String() || r["error"] != row.Error {
		t.Errorf("got results %v for row %+v, class %v", r, row, class)
	}
}

func TestRetriesAreCounted(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, "a")
		begun := time.Now()
		b.poster.runFunc = fails(fault.Errorf(fault.Infra, "glitch"))
		must(t, b.run())
		row := b.rows()[0]
		if row.Status != progress.StatusFail || row.Attempts != 3 ||
			!strings.Contains(row.Error, "attempt 3 of 3: glitch") {
			t.Errorf("got %+v, want a fail after 3 attempts", row)
		}
		if got := time.Since(begun); got < 2*time.Minute {
			t.Errorf("took %v, want two retry delays", got)
		}
		var numbers []string
		for _, r := range b.results() {
			numbers = append(numbers, r["attempt"]+" "+r["status"])
		}
		if got := strings.Join(numbers, ", "); got != "1 pending, 2 pending, 3 fail" {
			t.Errorf("got results %s", got)
		}
	})
}

// TestPanic: a panic is one job's end, and the next is done.
func TestPanic(t *testing.T) {
	t.Parallel()
	for name, tapped := range map[string]bool{"before the tap": false, "after the tap": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				b := newBench(t, "a", "b")
				b.poster.runFunc = func(ctx context.Context, a posting.Attempt) error {
					if a.Job.ID == 2 {
						return b.poster.post(ctx, a)
					}
					if tapped {
						must(t, b.poster.tap(ctx, a))
					}
					panic("nil map")
				}
				must(t, b.run())
				rows := b.rows()
				if rows[0].Status != progress.StatusFail || !strings.Contains(rows[0].Error, "nil map") ||
					strings.HasPrefix(rows[0].Error, progress.UnknownPrefix) != tapped {
					t.Errorf("got %+v", rows[0])
				}
				if rows[1].Status != progress.StatusSuccess || len(b.results()) != 2 {
					t.Errorf("got %+v and results %v, want the next job done", rows[1], b.results())
				}
				if !strings.Contains(b.logs.String(), "outcome_test.go") {
					t.Error("the log has no stack")
				}
			})
		})
	}
}

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
