package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	// The keep-alive connection of the health check belongs to the default client.
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("net/http.(*persistConn).readLoop"),
		goleak.IgnoreAnyFunction("net/http.(*persistConn).writeLoop"))
}

func execute(ctx context.Context, stderr io.Writer, args ...string) error {
	cmd := newRootCommand()
	cmd.SetArgs(args)
	cmd.SetOut(io.Discard)
	cmd.SetErr(stderr)
	return cmd.ExecuteContext(ctx)
}

func TestUsage(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{
		{"run"},
		{"run", "--account", "a", "--no-such-flag"},
		{"run", "--account", "a", "stray"},
		{"run", "--account", "a", "--auth", "maybe"},
		{"run", "--account", "a", "--log-level", "loud"},
		{"run", "--account", "a", "--language", "tlh"},
		{"run", "--account", "a", "--boot-time", "-1s"},
		{"geelark", "--phone", "a"},
		{"geelark", "--token", "t"},
		{"geelark", "--token", "t", "--phone", "a", "--phone", "a"},
		{"geelark", "--token", "t", "--phone", "a=b,"},
		{"geelark", "--token", "t", "--phone", "a", "--adb-ports", "21000"},
		{"geelark", "--token", "t", "--phone", "a", "--adb-ports", "x-21000"},
		{"geelark", "--token", "t", "--phone", "a", "--adb-ports", "21000-21000"},
		{"geelark", "--token", "t", "--phone", "a", "--adb-stuck", "2"},
		{"geelark", "--token", "t", "--phone", "a", "--log-level", "loud"},
		{"geelark", "--token", "t", "--phone", "a", "--language", "tlh"},
		{"healthcheck", "--control", "nowhere"},
		{"nonsense"},
	} {
		if err := execute(t.Context(), io.Discard, args...); err == nil || exitCode(err) != exitUsage {
			t.Errorf("%v: got %v, want a usage error", args, err)
		}
	}
	err := execute(t.Context(), io.Discard, "healthcheck", "--control", "127.0.0.1:1")
	if err == nil || exitCode(err) != exitError {
		t.Errorf("healthcheck of nobody: got %v, want exit code %d", err, exitError)
	}
}

// logLines splits what the command logs into records.
type logLines struct{ records chan map[string]any }

func (l logLines) Write(p []byte) (int, error) {
	for line := range bytes.Lines(p) {
		record := map[string]any{}
		if err := json.Unmarshal(line, &record); err != nil {
			return 0, err
		}
		l.records <- record
	}
	return len(p), nil
}

func TestRun(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		args  []string
		hello string
	}{
		"phone": {[]string{"run", "--adb", "127.0.0.1:0", "--account", "a"}, "phone is on"},
		"cloud": {[]string{"geelark", "--api", "127.0.0.1:0", "--token", "t", "--phone", "a=b,c"}, "cloud is up"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			testRun(t, tc.hello, append(tc.args, "--control", "127.0.0.1:0")...)
		})
	}
}

// testRun runs a command that serves a control API until it is told to end.
func testRun(t *testing.T, hello string, args ...string) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	log := logLines{make(chan map[string]any, 100)}
	done := make(chan error, 1)
	go func() { done <- execute(ctx, log, args...) }()
	record := <-log.records
	control, ok := record["control"].(string)
	if !ok || record["msg"] != hello {
		t.Fatalf("got %v", record)
	}
	if err := execute(ctx, io.Discard, "healthcheck", "--control", control); err != nil {
		t.Errorf("healthcheck: %v", err)
	}
	cancel()
	select {
	case err := <-done:
		if err != nil {
			t.Errorf("run: %v", err)
		}
	case <-time.After(5 * time.Second):
		t.Fatal("run did not end")
	}
	if err := execute(t.Context(), io.Discard, "healthcheck", "--control", control); err == nil {
		t.Error("the phone is off and still healthy")
	}
}

func TestErrorsAreTold(t *testing.T) {
	t.Parallel()
	err := execute(t.Context(), io.Discard, "run", "--account", "a", "--adb", "127.0.0.1:0",
		"--control", "nowhere:what")
	if err == nil || exitCode(err) != exitError || !strings.Contains(err.Error(), "control api") {
		t.Errorf("got %v", err)
	}
	if exitCode(errors.New("x")) != exitError {
		t.Error("any error is exit code 1")
	}
}
