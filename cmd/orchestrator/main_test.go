package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"postfleet/internal/fault"
	"postfleet/internal/progress"
	"postfleet/orchestrator"
	"postfleet/workerimage"
)

func TestExitCode(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		err     error
		started bool
		want    int
	}{
		{"none", nil, true, 0},
		{"any", errors.New("x"), true, 1},
		{"usage", errors.New("unknown flag"), false, 2},
		{"input", fault.Errorf(fault.Input, "x"), true, 2},
		{"wrapped input", fmt.Errorf("jobs: %w", fault.Errorf(fault.Input, "x")), true, 2},
		{"changed row", errors.Join(fault.Mark(fault.Input, progress.ErrChanged), nil), true, 2},
		{"ledger", fault.Errorf(fault.Ledger, "x"), true, 13},
		{"status", exitStatus(4), true, 4},
		{"status and clean-up", errors.Join(exitStatus(3), errors.New("x")), true, 3},
		{"engine", orchestrator.ErrUnreachable, true, 1},
	} {
		if got := exitCode(tt.err, tt.started); got != tt.want {
			t.Errorf("%s: got %d, want %d", tt.name, got, tt.want)
		}
	}
}

func TestMessage(t *testing.T) {
	t.Parallel()
	tidy := fmt.Errorf("tidy up: %w", errors.Join(errors.New("a"), errors.New("b")))
	err := errors.Join(errors.Join(exitStatus(3), nil), tidy)
	if got, want := message(err), "tidy up: a\nb"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := message(exitStatus(3)); got != "" {
		t.Errorf("got %q for an exit status, want nothing", got)
	}
	if got := message(nil); got != "" {
		t.Errorf("got %q for no error, want nothing", got)
	}
}

// What is not built is not offered, and what is offered is there.
func TestCommands(t *testing.T) {
	t.Parallel()
	a := &app{}
	var names []string
	for _, cmd := range a.command().Commands() {
		if !cmd.Hidden {
			names = append(names, cmd.Name())
		}
	}
	slices.Sort(names)
	want := []string{
		"compose", "config", "doctor", "jobs", "launch", "logs", "phones", "recipe", "seed", "status", "stop",
	}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Errorf("commands (-want +got):\n%s", diff)
	}
}

func TestUsage(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		args []string
		want string
	}{
		{nil, "name a command"},
		{[]string{"config"}, "check or show"},
		{[]string{"recipe"}, "check, try or learned"},
		{[]string{"recipe", "check"}, "requires at least 1 arg"},
		{[]string{"jobs"}, "list, show, requeue, skip, export or archive"},
		{[]string{"launch", "--ui", "x"}, "unknown flag: --ui"},
		{[]string{"launch", "now"}, `unknown command "now"`},
		{[]string{"launch", "--workers", "many"}, `invalid argument "many"`},
		{[]string{"logs", "1", "2"}, "accepts at most 1 arg"},
	} {
		t.Run(strings.Join(tt.args, " "), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, "")
			if code := w.app.run(t.Context(), tt.args); code != workerimage.ExitUsage {
				t.Errorf("got exit code %d, want %d", code, workerimage.ExitUsage)
			}
			w.mustHold("message", w.err.String(), tt.want)
		})
	}
}
