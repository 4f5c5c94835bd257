package appium_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"postfleet/internal/process"
)

func TestStopOfAServer(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		role string
		stop time.Duration
		want syscall.Signal
	}{
		{role: "good", stop: time.Minute, want: syscall.SIGTERM},
		{role: "deaf", stop: 50 * time.Millisecond, want: syscall.SIGKILL},
		{role: "deaf with a child", stop: 50 * time.Millisecond, want: syscall.SIGKILL},
	} {
		t.Run(tc.role, func(t *testing.T) {
			t.Parallel()
			cfg := config(t, tc.role)
			cfg.StopTimeout = tc.stop
			s := start(t, cfg)
			if err := s.Stop(t.Context()); err != nil {
				t.Fatal(err)
			}
			exit, ok := errors.AsType[*process.ExitError](s.Err())
			if !ok || exit.Signal != tc.want {
				t.Errorf("got %v, want signal %v", s.Err(), tc.want)
			}
			assertFree(t, cfg.Port)
			assertChildrenGone(t, s.LogTail())
		})
	}
}

// assertChildrenGone looks for the processes that the stand-in said it started.
// outlives waits for a process that was killed to end, and returns what it is
// doing when it does not: the signal is sent when Stop returns, and on a busy
// machine not yet acted upon.
func outlives(t *testing.T, pid int) string {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	late := time.After(5 * time.Second)
	for {
		stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		if err != nil || strings.Contains(string(stat), ") Z ") {
			return ""
		}
		select {
		case <-tick.C:
		case <-late:
			return string(stat)
		}
	}
}

func assertChildrenGone(t *testing.T, log string) {
	t.Helper()
	for line := range strings.Lines(log) {
		var pid int
		if _, err := fmt.Sscanf(line, "child %d", &pid); err != nil {
			continue
		}
		if stat := outlives(t, pid); stat != "" {
			t.Errorf("child %d outlived the server: %s", pid, stat)
		}
	}
}

func TestStopTwiceCleansUpOnce(t *testing.T) {
	t.Parallel()
	cfg := config(t, "good")
	var cleaned int
	errClean := errors.New("forwards not removed")
	cfg.AfterStop = func(context.Context) error { cleaned++; return errClean }
	s := start(t, cfg)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			if err := s.Stop(t.Context()); !errors.Is(err, errClean) {
				t.Errorf("got %v, want %v", err, errClean)
			}
		})
	}
	wg.Wait()
	if cleaned != 1 {
		t.Errorf("got %d clean-ups, want 1", cleaned)
	}
}

func TestServerThatDies(t *testing.T) {
	t.Parallel()
	cleaned := false
	cfg := config(t, "good")
	cfg.AfterStop = func(context.Context) error { cleaned = true; return nil }
	s := start(t, cfg)
	killServer(t, cfg.Port)
	select {
	case <-s.Done():
	case <-time.After(10 * time.Second):
		t.Fatal("Done is not closed")
	}
	if err := s.Stop(t.Context()); err != nil || !cleaned {
		t.Errorf("got %v, cleaned %t", err, cleaned)
	}
}

// killServer finds the stand-in by its command line, as an operator would.
func killServer(t *testing.T, port int) {
	t.Helper()
	all, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range all {
		line, err := os.ReadFile(file)
		if err != nil || !strings.Contains(string(line), fmt.Sprintf("--port\x00%d\x00", port)) {
			continue
		}
		var pid int
		if _, err := fmt.Sscanf(file, "/proc/%d/", &pid); err != nil {
			t.Fatal(err)
		}
		if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
		return
	}
	t.Fatal("server not found")
}
