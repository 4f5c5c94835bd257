package process_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"postfleet/internal/process"
)

// start runs the test binary in a role and returns it with its output.
func start(t *testing.T, role string, grace time.Duration) (*process.Process, *lines) {
	t.Helper()
	out := newLines()
	p, err := process.Start(process.Config{
		Path:   os.Args[0],
		Env:    append(os.Environ(), childEnv+"="+role),
		Stdout: out,
		Stderr: out,
		Grace:  grace,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Stop(t.Context()); err != nil { // cancelled by now: no grace
			t.Error(err)
		}
	})
	return p, out
}

func await(t *testing.T, p *process.Process) {
	t.Helper()
	select {
	case <-p.Done():
	case <-time.After(20 * time.Second):
		t.Fatal("child has not ended")
	}
}

func TestExit(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		role   string
		want   string
		output string
	}{
		{role: "exit 0"},
		{role: "exit 7", want: "exit status 7", output: "seven"},
	} {
		t.Run(tc.role, func(t *testing.T) {
			t.Parallel()
			p, out := start(t, tc.role, 0)
			await(t, p)
			if got := text(p.Err()); got != tc.want {
				t.Errorf("got error %q, want %q", got, tc.want)
			}
			if !strings.Contains(out.String(), tc.output) {
				t.Errorf("got output %q, want %q in it", out, tc.output)
			}
		})
	}
}

func TestStop(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		role  string
		grace time.Duration
		want  process.ExitError
	}{
		{role: "wait", grace: time.Minute, want: process.ExitError{Code: -1, Signal: syscall.SIGTERM}},
		{role: "polite", grace: time.Minute, want: process.ExitError{Code: 3}},
		{role: "deaf", grace: 50 * time.Millisecond, want: process.ExitError{Code: -1, Signal: syscall.SIGKILL}},
	} {
		t.Run(tc.role, func(t *testing.T) {
			t.Parallel()
			p, out := start(t, tc.role, tc.grace)
			out.await(t, "up")
			if err := p.Stop(t.Context()); err != nil {
				t.Fatal(err)
			}
			exit, ok := errors.AsType[*process.ExitError](p.Err())
			if !ok || *exit != tc.want {
				t.Errorf("got %v, want %v", p.Err(), &tc.want)
			}
		})
	}
}

func TestStopIsCutShortByItsContext(t *testing.T) {
	t.Parallel()
	p, out := start(t, "deaf", time.Hour)
	out.await(t, "up")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := p.Stop(ctx); err != nil {
		t.Fatal(err)
	}
	await(t, p)
}

func TestStopTwiceAndAtOnce(t *testing.T) {
	t.Parallel()
	p, out := start(t, "wait", time.Minute)
	out.await(t, "up")
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if err := p.Stop(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if err := p.Stop(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestStopKillsTheGroup(t *testing.T) {
	t.Parallel()
	p, out := start(t, "parent", 50*time.Millisecond)
	out.await(t, "up")
	grandchild := out.number(t, "grandchild %d")
	if err := p.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	awaitGone(t, grandchild)
}

func TestLeftoversAreKilledAfterTheLeadersEnd(t *testing.T) {
	t.Parallel()
	p, out := start(t, "parent that exits", time.Hour)
	await(t, p)
	if err := p.Err(); err != nil {
		t.Errorf("got %v, want a clean exit", err)
	}
	awaitGone(t, out.number(t, "grandchild %d"))
}

func TestPipeHeldByAStrangerDoesNotHang(t *testing.T) {
	t.Parallel()
	p, out := start(t, "parent of a stranger", time.Hour)
	await(t, p)
	stranger := out.number(t, "grandchild %d")
	defer func() { _ = syscall.Kill(stranger, syscall.SIGKILL) }()
	if err := p.Err(); err != nil {
		t.Errorf("got %v, want a clean exit", err)
	}
	if err := syscall.Kill(stranger, 0); err != nil {
		t.Errorf("a process outside the group was killed: %v", err)
	}
}

func TestStartOfNothing(t *testing.T) {
	t.Parallel()
	_, err := process.Start(process.Config{Path: "/no/such/program"})
	if !errors.Is(err, os.ErrNotExist) {
		t.Errorf("got %v, want %v", err, os.ErrNotExist)
	}
	_, err = process.Start(process.Config{Path: "no-such-program-in-path"})
	if !errors.Is(err, exec.ErrNotFound) {
		t.Errorf("got %v, want %v", err, exec.ErrNotFound)
	}
}

func TestErrBeforeTheEnd(t *testing.T) {
	t.Parallel()
	p, _ := start(t, "wait", time.Second)
	if err := p.Err(); err != nil {
		t.Errorf("got %v of a running child, want nil", err)
	}
}

func text(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// awaitGone waits for a process that was killed to be reaped, by whom it may be.
func awaitGone(t *testing.T, pid int) {
	t.Helper()
	deadline := time.After(10 * time.Second)
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for !gone(pid) {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("process %d is still there", pid)
		}
	}
}

// gone takes a zombie that its new parent is slow to reap for gone.
func gone(pid int) bool {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return true
	}
	_, after, _ := strings.Cut(string(stat), ") ")
	return strings.HasPrefix(after, "Z")
}
