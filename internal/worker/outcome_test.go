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
		phase   progress.Phase  // that stays
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
			name: "not to be looked at", err: fault.Errorf(fault.OutcomeUnknown, "%w: x", posting.ErrUnseen),
			tapped: true, more: pending, last: pending, text: "x", phase: progress.PhasePosting, results: true,
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
					if row.Status != want || row.Phase != tt.phase {
						t.Errorf("got status %s, phase %q, want %s, %q", row.Status, row.Phase, want, tt.phase)
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
