//go:build integration

package e2e

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"
)

// running is a launch that has not ended.
type running struct {
	t    *testing.T
	cmd  *exec.Cmd
	done chan struct{}
	err  error
	out  *syncBuffer
}

// launch starts "orchestrator launch --simulate" and returns at once.
func (f *fleet) launch(workers int, args ...string) *running {
	f.t.Helper()
	args = append([]string{"launch", "--simulate", "--workers", strconv.Itoa(workers), "--data-dir", f.dir}, args...)
	r := &running{t: f.t, done: make(chan struct{}), out: &syncBuffer{}}
	r.cmd = f.command(args...)
	r.cmd.Stdout, r.cmd.Stderr = r.out, r.out
	if err := r.cmd.Start(); err != nil {
		f.t.Fatalf("start the orchestrator: %v", err)
	}
	go func() {
		defer close(r.done)
		r.err = r.cmd.Wait()
	}()
	f.t.Cleanup(func() {
		_ = r.cmd.Process.Kill()
		<-r.done
		if f.t.Failed() {
			f.t.Logf("the orchestrator of %s said:\n%s", f.name, r.out.String())
			f.logLogs()
		}
	})
	return r
}

func (f *fleet) command(args ...string) *exec.Cmd {
	cmd := exec.CommandContext(f.t.Context(), program, args...)
	cmd.Env = append(os.Environ(), "POSTFLEET_FLEET="+f.name, "POSTFLEET_RETRY_DELAY=2s")
	cmd.Env = append(cmd.Env, f.env...)
	return cmd
}

// exit waits for the end and returns the exit code.
func (r *running) exit() int {
	r.t.Helper()
	select {
	case <-r.done:
	case <-time.After(patience):
		r.t.Fatalf("the orchestrator did not end within %s", patience)
	}
	if exit, ok := errors.AsType[*exec.ExitError](r.err); ok {
		return exit.ExitCode()
	}
	if r.err != nil {
		r.t.Fatalf("run the orchestrator: %v", r.err)
	}
	return 0
}

func (r *running) signal(s syscall.Signal) {
	r.t.Helper()
	if err := r.cmd.Process.Signal(s); err != nil {
		r.t.Fatalf("signal the orchestrator: %v", err)
	}
}

// eventually polls until ok says true.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	deadline := time.After(patience)
	tick := time.NewTicker(pollEach)
	defer tick.Stop()
	for !ok() {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("waited %s in vain: %s", patience, what)
		}
	}
}

// syncBuffer is a buffer that a process writes to while a test reads it.
type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *syncBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}
