package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

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
		names = append(names, cmd.Name())
	}
	slices.Sort(names)
	want := []string{"compose", "config", "launch", "logs", "seed", "status", "stop"}
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
		{[]string{"jobs"}, `unknown command "jobs"`},
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

// TestStatusJSON holds the document to the contract: exactly these keys, always.
func TestStatusJSON(t *testing.T) {
	t.Parallel()
	w := newWorld(t, twoJobs)
	w.must("seed")
	for _, reachable := range []bool{true, false} {
		w.unreachable.Store(!reachable)
		w.must("status", "--json")
		var got map[string]json.RawMessage
		if err := json.Unmarshal([]byte(w.out.String()), &got); err != nil {
			t.Fatal(err)
		}
		wantKeys(t, got, "fleet", "jobs", "workers", "started_at", "rate_per_hour", "eta")
		var jobs map[string]json.RawMessage
		if err := json.Unmarshal(got["jobs"], &jobs); err != nil {
			t.Fatal(err)
		}
		wantKeys(t, jobs, "total", "pending", "claimed", "success", "fail", "skip", "unknown")
		var workers []map[string]json.RawMessage
		if err := json.Unmarshal(got["workers"], &workers); err != nil || len(workers) != 2 {
			t.Fatalf("got %d workers, error %v; want 2", len(workers), err)
		}
		for _, worker := range workers {
			wantKeys(t, worker, "id", "device", "state", "container", "appium_port", "system_ports", "job_id",
				"account_name", "phase", "restarts", "healthy", "since")
		}
	}
}

func wantKeys(t *testing.T, got map[string]json.RawMessage, want ...string) {
	t.Helper()
	slices.Sort(want)
	if diff := cmp.Diff(want, slices.Sorted(maps.Keys(got))); diff != "" {
		t.Errorf("keys (-want +got):\n%s", diff)
	}
}

func TestStatusForPeople(t *testing.T) {
	t.Parallel()
	w := newWorld(t, twoJobs)
	w.must("seed")
	w.must("status")
	w.mustHold("status", w.out.String(), "fleet test", "jobs: 2, of them 0 success", "2 pending",
		"lab-1", "lab-2", "stopped")
	w.unreachable.Store(true)
	w.must("status")
	w.mustHold("status", w.out.String(), "the workers' state is not known", "unreachable")
}

// A file with a mistake keeps nobody from looking at the fleet.
func TestStatusWithABadFile(t *testing.T) {
	t.Parallel()
	w := newWorld(t, twoJobs)
	w.write("fleet.yaml", "fleet: test\nnum_wrokers: 1\n")
	w.must("status")
	w.mustHold("status", w.out.String(), "fleet test", "jobs: 0")
	if code := w.app.run(t.Context(), []string{"status", "--data-dir", w.path("none")}); code != workerimage.ExitUsage {
		t.Errorf("no data directory: got exit code %d, want %d", code, workerimage.ExitUsage)
	}
}

func TestStatusWatchEndsWithASignal(t *testing.T) {
	t.Parallel()
	w := newWorld(t, twoJobs)
	codes := make(chan int, 1)
	go func() { codes <- w.run("status", "--watch") }()
	w.await("fleet test")
	w.signals <- syscall.SIGINT
	if code := <-codes; code != 0 {
		t.Errorf("got exit code %d, want 0\n%s", code, w.err.String())
	}
}

func TestStop(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"stop"}, {"stop", "--now"}} {
		t.Run(strings.Join(args, " "), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, twoJobs)
			w.must("seed")
			w.write("data/.secrets/"+workerimage.SecretProxyURL, "left by an orchestrator that was killed")
			w.engine.Run = runUntilSignal
			spec := workerimage.Container{
				Name: "test-worker-0", Image: "postfleet-worker:dev", Network: "postfleet",
				Labels: map[string]string{
					workerimage.LabelFleet: "test", workerimage.LabelRole: workerimage.RoleWorker,
				},
			}
			if err := w.engine.EnsureNetwork(t.Context(), "postfleet", "test"); err != nil {
				t.Fatal(err)
			}
			if _, err := w.engine.Start(t.Context(), spec); err != nil {
				t.Fatal(err)
			}
			w.must(args...)
			w.mustHold("output", w.out.String(), "fleet test is down")
			if left, err := w.engine.List(t.Context(), "test"); err != nil || len(left) != 0 {
				t.Errorf("got containers %v, error %v; want none", left, err)
			}
			if len(w.engine.Networks()) != 0 {
				t.Errorf("got networks %v, want none", w.engine.Networks())
			}
			for _, name := range []string{"data/.secrets", "data/shutdown"} {
				if exists(w.path(name)) {
					t.Errorf("%s is still there", name)
				}
			}
		})
	}
}

// runUntilSignal is a worker that ends when it is drained.
func runUntilSignal(
	ctx context.Context, _ workerimage.Container, signals <-chan orchestrator.Signal,
) orchestrator.Exit {
	select {
	case <-signals:
	case <-ctx.Done():
	}
	return orchestrator.Exit{}
}

// A damaged ledger must not keep a fleet running.
func TestStopWithADamagedLedger(t *testing.T) {
	t.Parallel()
	w := newWorld(t, twoJobs)
	w.must("seed")
	w.write("data/progress.csv", "no ledger")
	w.must("stop")
	w.mustHold("log", w.err.String(), "the ledger cannot be read")
}

func TestConfigCheck(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "")
	w.must("config", "check")
	w.mustHold("output", w.out.String(), "ok: fleet test, 2 workers")
	w.write("fleet.yaml", "fleet: TEST\nnum_workers: 2\nrestart: {max: -1}\ndevices: [{name: a, connect: usb}]\n")
	if code := w.run("config", "check"); code != workerimage.ExitUsage {
		t.Errorf("got exit code %d, want %d", code, workerimage.ExitUsage)
	}
	w.mustHold("message", w.err.String(), "fleet.yaml: fleet: ", "fleet.yaml: num_workers: ",
		"fleet.yaml: restart.max: ", "fleet.yaml: devices[0].connect: ")
}

// The output is a fleet.yaml itself, and comes to the same.
func TestConfigShow(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "")
	w.app.environ = []string{"POSTFLEET_PROXY_ROTATE_URL=https://user:hunter2@proxy.example/"}
	w.must("config", "show")
	shown := w.out.String()
	w.mustHold("output", shown, "rotate_url: (redacted)", "# 1       lab-2   192.0.2.8:5555")
	if strings.Contains(shown, "hunter2") {
		t.Error("the output holds the secret")
	}
	w.write("fleet.yaml", shown)
	w.must("config", "show")
	if diff := cmp.Diff(shown, w.out.String()); diff != "" {
		t.Errorf("shown again (-first +second):\n%s", diff)
	}
}

func TestCompose(t *testing.T) {
	t.Parallel()
	w := newWorld(t, strings.Replace(twoJobs, "shop_b", "pay$hop", 1))
	before := w.tree()
	w.must("compose", "--simulate", "--workers", "2")
	mustBeSame(t, before, w.tree())
	var got struct {
		Name     string
		Services map[string]struct {
			Command []string
			User    string
		}
	}
	if err := yaml.Unmarshal([]byte(w.out.String()), &got); err != nil {
		t.Fatal(err)
	}
	want := []string{"phone-0", "phone-1", "worker-0", "worker-1"}
	if diff := cmp.Diff(want, slices.Sorted(maps.Keys(got.Services))); diff != "" {
		t.Errorf("services (-want +got):\n%s", diff)
	}
	command := got.Services["phone-1"].Command
	if !slices.Contains(command, "pay$$hop") {
		t.Errorf("got command %q, want the account with its dollar sign doubled", command)
	}
	if user := got.Services["worker-0"].User; user == "" || strings.HasPrefix(user, "0:") {
		t.Errorf("got user %q, want one that is not root", user)
	}
	w.mustHold("header", w.out.String(), "# ", "orchestrator seed --data-dir "+w.path("data"))
}

func TestComposeSaysWhereTheSecretGoes(t *testing.T) {
	t.Parallel()
	w := newWorld(t, twoJobs)
	w.app.environ = []string{"POSTFLEET_PROXY_ROTATE_URL=https://user:hunter2@proxy.example/"}
	w.must("compose")
	w.mustHold("header", w.out.String(), w.path("data/.secrets/"+workerimage.SecretProxyURL))
	if strings.Contains(w.out.String(), "hunter2") {
		t.Error("the output holds the secret")
	}
}

func TestSecretsNeedAnOwner(t *testing.T) {
	t.Parallel()
	if _, _, err := parseUser("nobody"); err == nil {
		t.Error("got no error for a user without numbers")
	}
	if uid, gid, err := parseUser("10:20"); uid != 10 || gid != 20 || err != nil {
		t.Errorf("got %d:%d, error %v; want 10:20", uid, gid, err)
	}
	if got := userOf(os.TempDir() + "/none"); got != fmt.Sprintf("%d:%d", workerimage.UID, workerimage.UID) {
		t.Errorf("got user %s for no directory, want the image's", got)
	}
}
