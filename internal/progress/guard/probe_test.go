package guard_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"postfleet/internal/fault"
	"postfleet/internal/progress/guard"
)

// The test binary is also the second process.
const (
	envRole = "POSTFLEET_TEST_ROLE"
	envPath = "POSTFLEET_TEST_PATH"
	// envLie is laid over the honest answer.
	envLie = "POSTFLEET_TEST_LIE"

	roleHonest = "honest"
	roleLiar   = "liar"
	roleMute   = "mute"
	roleBroken = "broken"
)

func TestMain(m *testing.M) {
	path := os.Getenv(envPath)
	var err error
	switch os.Getenv(envRole) {
	case roleHonest:
		err = guard.Peer(path, os.Stdin, os.Stdout)
	case roleLiar:
		err = lie(path, os.Getenv(envLie))
	case roleMute:
		_, err = io.Copy(io.Discard, os.Stdin)
	case roleBroken:
		err = errors.New("out of order")
	default:
		goleak.VerifyTestMain(m)
		return
	}
	if err != nil {
		panic(err)
	}
}

// lie answers as Peer does, but for what is in the lie.
func lie(path, text string) error {
	for questions := bufio.NewScanner(os.Stdin); questions.Scan(); {
		var honest bytes.Buffer
		if err := guard.Peer(path, strings.NewReader("\n"), &honest); err != nil {
			return err
		}
		answer, lies := map[string]any{}, map[string]any{}
		err := errors.Join(json.Unmarshal(honest.Bytes(), &answer), json.Unmarshal([]byte(text), &lies))
		if err != nil {
			return err
		}
		maps.Copy(answer, lies)
		if err := json.NewEncoder(os.Stdout).Encode(answer); err != nil {
			return err
		}
	}
	return nil
}

// second returns probe options for a second process that plays a role.
func second(role, lie string) guard.ProbeOptions {
	return guard.ProbeOptions{
		Patience: time.Minute,
		CommandFunc: func(ctx context.Context, path string) *exec.Cmd {
			cmd := exec.CommandContext(ctx, os.Args[0], "-test.run=^$")
			cmd.Env = append(os.Environ(), "GORACE=atexit_sleep_ms=0",
				envRole+"="+role, envPath+"="+path, envLie+"="+lie)
			return cmd
		},
	}
}

func mustBeEmpty(t *testing.T, dir string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 0 {
		t.Errorf("got %v, %v left in the directory, want nothing", entries, err)
	}
}

func TestProbe(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, role, lie string
		class           fault.Class
		text            string // "" passes
	}{
		{"sound", roleHonest, "", fault.Unclassified, ""},
		{"both locked", roleLiar, `{"locked":true}`, fault.Ledger, "does not keep another out"},
		{"never locked", roleLiar, `{"locked":false}`, fault.Ledger, "keeps another process out"},
		{"other inode", roleLiar, `{"inode":1}`, fault.Ledger, "different files"},
		{"other content", roleLiar, `{"content":""}`, fault.Ledger, "different files"},
		{"no locks", roleLiar, `{"error":"no locks available"}`, fault.Ledger, "no locks available"},
		{"dies", roleBroken, "", fault.Infra, "exit status 2: panic: out of order"},
		{"talks nonsense", roleLiar, `{"inode":"x"}`, fault.Infra, "second process"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			err := guard.Probe(t.Context(), dir, second(c.role, c.lie))
			mustBeEmpty(t, dir)
			if c.text == "" {
				if err != nil {
					t.Errorf("got %v, want it to pass", err)
				}
				return
			}
			if !fault.Is(err, c.class) {
				t.Fatalf("got %v of class %q, want %q", err, fault.Of(err), c.class)
			}
			want := []string{c.text, dir}
			if c.class == fault.Ledger {
				want = append(want, "file locks cannot be trusted", "local disk", "named Docker volume")
			}
			for _, part := range want {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("got %q, want it to hold %q", err, part)
				}
			}
		})
	}
}

func TestProbeWaitsBeforeTheSecondOpen(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	opts := second(roleHonest, "")
	opts.Delay = 50 * time.Millisecond
	start, begun := opts.CommandFunc, time.Now()
	opts.CommandFunc = func(ctx context.Context, path string) *exec.Cmd {
		if got := time.Since(begun); got < opts.Delay {
			t.Errorf("got the second process after %v, want %v at least", got, opts.Delay)
		}
		if info, err := os.Stat(path); err != nil || filepath.Dir(path) != dir || info.Size() == 0 {
			t.Errorf("got %s with %v, %v, want a file with content", path, info, err)
		}
		return start(ctx, path)
	}
	if err := guard.Probe(t.Context(), dir, opts); err != nil {
		t.Error(err)
	}
}

func TestProbeEnds(t *testing.T) {
	t.Parallel()
	errStop := errors.New("stop")
	for _, c := range []struct {
		name     string
		delay    time.Duration
		patience time.Duration
		stopped  bool
		want     fault.Class
		text     string
	}{
		{"no answer", 0, 200 * time.Millisecond, false, fault.Infra, "did not answer in time"},
		{"stopped while it waits", time.Hour, time.Minute, true, fault.Unclassified, "stop"},
		{"stopped while it asks", 0, time.Minute, true, fault.Unclassified, "stop"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithCancelCause(t.Context())
			defer cancel(nil)
			if c.stopped {
				timer := time.AfterFunc(100*time.Millisecond, func() { cancel(errStop) })
				defer timer.Stop()
			}
			dir, opts := t.TempDir(), second(roleMute, "")
			opts.Delay, opts.Patience = c.delay, c.patience
			err := guard.Probe(ctx, dir, opts)
			mustBeEmpty(t, dir)
			if err == nil || fault.Of(err) != c.want || !strings.Contains(err.Error(), c.text) {
				t.Errorf("got %v of class %q, want %q of class %q", err, fault.Of(err), c.text, c.want)
			}
			if c.stopped && !errors.Is(err, errStop) {
				t.Errorf("got %v, want the cause in it", err)
			}
		})
	}
}

func TestProbeCannotBegin(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	opts := second(roleHonest, "")
	if err := guard.Probe(t.Context(), filepath.Join(dir, "missing"), opts); !fault.Is(err, fault.Infra) {
		t.Errorf("no directory: got %v of class %q, want infra", err, fault.Of(err))
	}
	opts.CommandFunc = func(ctx context.Context, _ string) *exec.Cmd {
		return exec.CommandContext(ctx, filepath.Join(dir, "no-such-program"))
	}
	if err := guard.Probe(t.Context(), dir, opts); !fault.Is(err, fault.Infra) {
		t.Errorf("no program: got %v of class %q, want infra", err, fault.Of(err))
	}
	mustBeEmpty(t, dir)
}

func TestProbeSweeps(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, name := range []string{".progress.csv.probe-1", "progress.csv"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := guard.Probe(t.Context(), dir, second(roleHonest, "")); err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 1 || entries[0].Name() != "progress.csv" {
		t.Errorf("got %v, %v, want only progress.csv left", entries, err)
	}
}

// TestPeerMakesNoFile: what the second process cannot see it must not make.
func TestPeerMakesNoFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	var out bytes.Buffer
	if err := guard.Peer(filepath.Join(dir, "missing"), strings.NewReader("\n"), &out); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out.String(), "no such file") {
		t.Errorf("got %s, want it to say that the file is missing", out.String())
	}
	mustBeEmpty(t, dir)
}
