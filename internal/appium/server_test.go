package appium_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"postfleet/internal/appium"
	"postfleet/internal/fault"
	"postfleet/internal/logging"
	"postfleet/internal/process"
)

// config returns a server that is the test binary in the given role.
func config(t *testing.T, role string) appium.ServerConfig {
	t.Helper()
	return appium.ServerConfig{
		Command:      "'" + os.Args[0] + "'",
		Port:         freePort(t),
		LogPath:      filepath.Join(t.TempDir(), "appium-0.log"),
		Env:          []string{roleEnv + "=" + role},
		StartTimeout: 20 * time.Second,
		StopTimeout:  20 * time.Second,
	}
}

func freePort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().(*net.TCPAddr).Port
}

func start(t *testing.T, cfg appium.ServerConfig) *appium.Server {
	t.Helper()
	s, err := appium.StartServer(t.Context(), cfg, logging.Discard())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Stop(t.Context()) })
	return s
}

func TestServerIsToldPortAndArgs(t *testing.T) {
	t.Parallel()
	cfg := config(t, "good")
	cfg.Command += " --from-command 'two words'"
	cfg.Args = []string{"--default-capabilities", `{"a":1}`}
	s := start(t, cfg)
	if want := fmt.Sprintf("http://127.0.0.1:%d", cfg.Port); s.URL() != want {
		t.Errorf("got URL %s, want %s", s.URL(), want)
	}
	want := fmt.Sprintf("args: --from-command two words server --address 127.0.0.1 --port %d "+
		`--use-drivers uiautomator2 --log-level info --log-no-colors --default-capabilities {"a":1}`, cfg.Port)
	if got := strings.TrimSpace(s.LogTail()); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if err := s.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	log, err := os.ReadFile(cfg.LogPath)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(log), want) {
		t.Errorf("got log %q, want %q in it", log, want)
	}
}

// A node script is run by node with flags that save memory. The node here is
// a shell script that runs the test binary.
func TestServerThatIsANodeScript(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "node"), "#!/bin/sh\nexec '"+os.Args[0]+"' \"$@\"\n")
	script := filepath.Join(dir, "appium")
	write(t, script, "#!/usr/bin/env node\nrequire('x')\n")
	t.Setenv("PATH", dir+":"+os.Getenv("PATH"))
	cfg := config(t, "good")
	cfg.Command = ""
	s := start(t, cfg)
	want := "args: --max-semi-space-size=1 --optimize-for-size " + script + " server --address"
	if got := s.LogTail(); !strings.HasPrefix(got, want) {
		t.Errorf("got %s, want %s…", got, want)
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o755); err != nil {
		t.Fatal(err)
	}
}

func TestServerThatDoesNotStart(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		role     string
		timeout  time.Duration
		want     error
		wantExit string
		wantText string
	}{
		{role: "exits", want: appium.ErrExitedEarly, wantExit: "exit status 9", wantText: "no driver for you"},
		{role: "exits with 0", want: appium.ErrExitedEarly, wantText: "ended before it was ready"},
		{role: "finds the port taken", want: appium.ErrPortTaken, wantExit: "exit status 1", wantText: "EADDRINUSE"},
		{role: "mute", timeout: 300 * time.Millisecond, want: appium.ErrNotReady, wantText: "not ready in time"},
		{role: "fails", timeout: 300 * time.Millisecond, want: appium.ErrNotReady},
		{role: "hangs", timeout: 300 * time.Millisecond, want: appium.ErrNotReady},
		{role: "never ready", timeout: 300 * time.Millisecond, want: appium.ErrNotReady},
	} {
		t.Run(tc.role, func(t *testing.T) {
			t.Parallel()
			cfg := config(t, tc.role)
			if tc.timeout > 0 {
				cfg.StartTimeout = tc.timeout
			}
			_, err := appium.StartServer(t.Context(), cfg, logging.Discard())
			if !errors.Is(err, tc.want) || fault.Of(err) != fault.Appium {
				t.Fatalf("got %v of class %s, want %v", err, fault.Of(err), tc.want)
			}
			if !strings.Contains(err.Error(), tc.wantText) {
				t.Errorf("got %q, want %q in it", err, tc.wantText)
			}
			exit, _ := errors.AsType[*process.ExitError](err)
			if got := exitText(exit); got != tc.wantExit {
				t.Errorf("got exit %q, want %q", got, tc.wantExit)
			}
			assertFree(t, cfg.Port)
		})
	}
}

func exitText(e *process.ExitError) string {
	if e == nil {
		return ""
	}
	return e.Error()
}

// assertFree proves that nothing of the server is left on its port.
func assertFree(t *testing.T, port int) {
	t.Helper()
	l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
	if err != nil {
		t.Fatalf("port is not free: %v", err)
	}
	_ = l.Close()
}

func TestServerWhosePortIsTaken(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	cfg := config(t, "good")
	cfg.Port = l.Addr().(*net.TCPAddr).Port
	_, err = appium.StartServer(t.Context(), cfg, logging.Discard())
	if !errors.Is(err, appium.ErrPortTaken) || !fault.Is(err, fault.Appium) {
		t.Errorf("got %v, want %v", err, appium.ErrPortTaken)
	}
}

func TestServerThatIsNotThere(t *testing.T) {
	t.Parallel()
	for name, command := range map[string]string{
		"missing":             "/no/such/appium",
		"only a comment":      "# nothing",
		"unbalanced quotes":   "appium 'x",
		"command in the text": "$(touch /tmp/x)",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cfg := config(t, "good")
			cfg.Command = command
			if _, err := appium.StartServer(t.Context(), cfg, logging.Discard()); !fault.Is(err, fault.Appium) {
				t.Errorf("got %v, want an error of class appium", err)
			}
		})
	}
}

func TestStartIsCancelled(t *testing.T) {
	t.Parallel()
	cfg := config(t, "never ready")
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	_, err := appium.StartServer(ctx, cfg, logging.Discard())
	if !errors.Is(err, context.DeadlineExceeded) || fault.Of(err) != fault.Unclassified {
		t.Errorf("got %v of class %q, want the context's own error", err, fault.Of(err))
	}
	assertFree(t, cfg.Port)
}
