package main

import (
	"context"
	"errors"
	"net"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"postfleet/internal/config"
	"postfleet/internal/progress"
	"postfleet/internal/progress/filelock"
	"postfleet/orchestrator"
	"postfleet/workerimage"
)

func TestLaunchRunsEveryJob(t *testing.T) {
	t.Parallel()
	w := newWorld(t, twoJobs)
	w.must("launch")
	w.mustHold("summary", w.out.String(), "2 jobs: 2 success, 0 fail, 0 skip, 0 pending")
	w.mustHold("log file", w.read("data/logs/orchestrator.log"), `"msg":"jobs read"`)
	if got := strings.Count(w.read("data/progress.csv"), ",success,"); got != 2 {
		t.Errorf("got %d success rows, want 2:\n%s", got, w.read("data/progress.csv"))
	}
	if left, err := w.engine.List(t.Context(), "test"); err != nil || len(left) != 0 {
		t.Errorf("got containers %v, error %v; want none", left, err)
	}
}

// A second run finds nothing to do, whether or not an engine answers.
func TestLaunchAgain(t *testing.T) {
	t.Parallel()
	for _, reachable := range []bool{true, false} {
		t.Run("engine answers "+strconv.FormatBool(reachable), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, twoJobs)
			w.must("launch")
			ledger := w.read("data/progress.csv")
			w.unreachable.Store(!reachable)
			w.engine.Run = func(context.Context, workerimage.Container, <-chan orchestrator.Signal) orchestrator.Exit {
				t.Error("a container was started, want none")
				return orchestrator.Exit{}
			}
			w.must("launch")
			w.mustHold("summary", w.out.String(), "2 jobs: 2 success")
			if got := w.read("data/progress.csv"); got != ledger {
				t.Errorf("the ledger changed: got\n%s\nwant\n%s", got, ledger)
			}
		})
	}
}

// What a second run finds and cannot clean up is an error; the next one can.
func TestLaunchAgainTellsWhatStays(t *testing.T) {
	t.Parallel()
	w := newWorld(t, twoJobs)
	w.must("launch")
	w.engine.Run = func(context.Context, workerimage.Container, <-chan orchestrator.Signal) orchestrator.Exit {
		return orchestrator.Exit{}
	}
	_, err := w.engine.Start(t.Context(), workerimage.Container{
		Name: "test-old", Image: "postfleet-worker:dev", Labels: map[string]string{workerimage.LabelFleet: "test"},
	})
	if err != nil {
		t.Fatal(err)
	}
	var stays atomic.Bool
	stays.Store(true)
	w.engine.Fail = func(method, _ string) error {
		if method == "RemoveNetwork" && stays.Load() {
			return errors.New("network is busy")
		}
		return nil
	}
	if code := w.run("launch"); code != workerimage.ExitError {
		t.Errorf("exit code: got %d, want %d", code, workerimage.ExitError)
	}
	w.mustHold("output", w.out.String()+w.err.String(), "network is busy")
	stays.Store(false)
	w.must("launch")
}

func TestLaunchGoesOnWithAppendedRows(t *testing.T) {
	t.Parallel()
	w := newWorld(t, twoJobs)
	w.must("launch")
	w.write("data/jobs.csv", twoJobs+"shop_c,a.mp4,three\n")
	w.must("launch")
	w.mustHold("summary", w.out.String(), "3 jobs: 3 success")
}

func TestLaunchExitCodes(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		outcome progress.Outcome
		code    int
		want    []string
	}{
		{"fail", progress.Fail("the app said no"), workerimage.ExitFailed, []string{
			"failed: job 1 (shop_a, a.mp4): the app said no", "what the phone showed: ",
		}},
		{"unknown", progress.Unknown("the link dropped"), workerimage.ExitFailed, []string{
			"outcome unknown: job 1 (shop_a, a.mp4): the link dropped", "next: look at the profiles",
		}},
		{"account", progress.FailAccount("logged out"), workerimage.ExitFailed, []string{"2 fail"}},
		{"skip", progress.Skip("not wanted"), workerimage.ExitDone, []string{
			"skipped: job 2 (shop_b, a.mp4): not wanted",
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, twoJobs)
			w.engine.Run = func(
				ctx context.Context, spec workerimage.Container, signals <-chan orchestrator.Signal,
			) orchestrator.Exit {
				return workWith(ctx, spec, signals, func(context.Context, progress.Claim) progress.Outcome {
					return tt.outcome
				})
			}
			if code := w.run("launch"); code != tt.code {
				t.Errorf("got exit code %d, want %d\n%s", code, tt.code, w.err.String())
			}
			w.mustHold("summary", w.out.String(), tt.want...)
		})
	}
}

func TestLaunchRefusesASecondOrchestrator(t *testing.T) {
	t.Parallel()
	w := newWorld(t, twoJobs)
	lock, err := filelock.Hold(w.path("data/" + orchestrator.LockFile))
	if err != nil {
		t.Fatal(err)
	}
	before := w.tree()
	if code := w.run("launch"); code != workerimage.ExitError {
		t.Errorf("got exit code %d, want %d", code, workerimage.ExitError)
	}
	w.mustHold("message", w.err.String(), "another orchestrator runs on "+w.path("data"), "orchestrator stop")
	mustBeSame(t, before, w.tree())
	if err := lock.Release(); err != nil {
		t.Fatal(err)
	}
	w.must("launch")
}

func TestLaunchRefusesTakenPorts(t *testing.T) {
	t.Parallel()
	w := newWorld(t, twoJobs)
	port := int(20000 + lastPort.Add(20))
	taken, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:"+strconv.Itoa(port+2))
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close() //nolint:errcheck // the test's own
	w.app.environ = []string{"POSTFLEET_BASE_APPIUM_PORT=" + strconv.Itoa(port)}
	if code := w.run("launch"); code != workerimage.ExitUsage {
		t.Errorf("got exit code %d, want %d", code, workerimage.ExitUsage)
	}
	w.mustHold("message", w.err.String(), strconv.Itoa(port+2), "test-worker-1", "base_appium_port")
}

// What no worker could be made without is found out before anything is changed.
func TestLaunchChangesNothingWithoutAnEngine(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		spoil func(w *world)
		want  []string
	}{
		{"unreachable", func(w *world) { w.unreachable.Store(true) }, []string{"unreachable"}},
		{"no image", func(w *world) { w.engine.Images = nil }, []string{"no such image", "postfleet-worker:dev"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, twoJobs)
			tt.spoil(w)
			before := w.tree()
			if code := w.run("launch"); code != workerimage.ExitError {
				t.Errorf("got exit code %d, want %d", code, workerimage.ExitError)
			}
			w.mustHold("message", w.err.String(), tt.want...)
			mustBeSame(t, before, w.tree())
		})
	}
}

func TestLaunchWarnsOfWhatHasNoEffect(t *testing.T) {
	t.Parallel()
	w := newWorld(t, twoJobs)
	w.app.environ = []string{"POSTFLEET_NAVIGATOR_MODEL=claude-opus-5-5"}
	w.must("launch")
	w.mustHold("log", w.err.String(), "setting without effect", "navigator.model")
}

// Simulated phones know every account of jobs.csv.
func TestPlanOfASimulatedFleet(t *testing.T) {
	t.Parallel()
	w := newWorld(t, twoJobs+"shop_a,a.mp4,three\n")
	in, err := readJobs(w.path("data"))
	if err != nil {
		t.Fatal(err)
	}
	resolved, err := loadFleet(config.Options{Path: w.path("fleet.yaml"), Simulate: true})
	if err != nil {
		t.Fatal(err)
	}
	plan, err := planOf(t.Context(), resolved, "1:1", accountsOf(in.Jobs), samePath)
	if err != nil {
		t.Fatal(err)
	}
	if len(plan.Slots) != 2 {
		t.Fatalf("got %d slots, want 2", len(plan.Slots))
	}
	for _, s := range plan.Slots {
		if s.Phone == nil {
			t.Fatalf("worker %d has no phone", s.ID)
		}
		command := strings.Join(s.Phone.Command, " ")
		if !strings.HasSuffix(command, "--account shop_a --account shop_b") {
			t.Errorf("got %q, want each account once", command)
		}
		if s.Worker.StopTimeout >= resolved.Derived.Timeouts.Grace {
			t.Errorf("got stop timeout %v, want it within the grace", s.Worker.StopTimeout)
		}
	}
}
