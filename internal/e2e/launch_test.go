//go:build integration

package e2e

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// The fourth test group of the brief: the orchestrator with three workers and
// ten jobs, each posted once, the work spread, everything gone afterwards.
func TestIntegrationThreeWorkersTenJobs(t *testing.T) {
	jobs := manyJobs(10, 5)
	f := newFleet(t, "many", jobs)
	if code := f.launch(3).exit(); code != 0 {
		t.Fatalf("exit code: got %d, want 0", code)
	}
	f.mustBePostedOnce(jobs)
	if got := f.count("success"); got != len(jobs) {
		t.Errorf("success rows: got %d, want %d", got, len(jobs))
	}
	workers := map[string]bool{}
	for _, row := range f.rows() {
		workers[row["worker_id"]] = true
	}
	if len(workers) < 2 {
		t.Errorf("worker ids: got %v, want at least 2", workers)
	}
	if got := len(f.table("results.csv")); got != len(jobs) {
		t.Errorf("results rows: got %d, want %d", got, len(jobs))
	}
	if left := f.containers(); len(left) != 0 {
		t.Errorf("containers left: %v", left)
	}

	started := time.Now()
	if code := f.launch(3).exit(); code != 0 {
		t.Errorf("second run: got exit code %d, want 0", code)
	}
	if took := time.Since(started); took > 3*time.Second {
		t.Errorf("second run: took %s, want under 3 s", took)
	}
}

// The seventh group: one worker behaves as many.
func TestIntegrationOneWorker(t *testing.T) {
	jobs := manyJobs(3, 2)
	jobs = append(jobs, job{"acc_0", "no-such-reel.mp4", "never posted"})
	f := newFleet(t, "one", jobs)
	if code := f.launch(1).exit(); code != 0 {
		t.Fatalf("exit code: got %d, want 0", code)
	}
	f.mustBePostedOnce(jobs)
	if row := f.rows()[3]; row["status"] != "skip" || !strings.Contains(row["error"], "no-such-reel.mp4") {
		t.Errorf("row of the missing video: got status %q, error %q; want skip, naming the file",
			row["status"], row["error"])
	}
}

// The fifth group: SIGINT with long jobs. What runs ends, the rest stays
// pending, nothing is left running.
func TestIntegrationInterrupt(t *testing.T) {
	jobs := manyJobs(8, 4)
	f := newFleet(t, "interrupt", jobs)
	run := f.launch(2)
	for n := range 2 {
		fault(t, n, `{"kind":"slow_post","for_ms":8000}`)
	}
	eventually(t, "both workers are in a job", func() bool { return f.count("claimed") == 2 })
	run.signal(syscall.SIGINT)
	if code := run.exit(); code != 4 {
		t.Errorf("exit code: got %d, want 4 (pending rows left)", code)
	}
	if claimed := f.count("claimed"); claimed != 0 {
		t.Errorf("claimed rows: got %d, want 0", claimed)
	}
	if done, pending := f.count("success"), f.count("pending"); done < 2 || pending == 0 || done+pending != len(jobs) {
		t.Errorf("got %d success and %d pending rows, want what ran done and the rest pending", done, pending)
	}
	f.mustBePostedOnce(jobs)

	// And the rest is done by the next run.
	if code := f.launch(2).exit(); code != 0 {
		t.Errorf("the run after the drain: got exit code %d, want 0", code)
	}
	f.mustBePostedOnce(jobs)
}

// The sixth group, on simulated phones under the real driver: two sessions at
// once on distinct system ports, and each phone is driven by its own worker only.
func TestIntegrationTwoSessions(t *testing.T) {
	jobs := manyJobs(4, 4)
	f := newFleet(t, "sessions", jobs)
	run := f.launch(2)
	for n := range 2 {
		fault(t, n, `{"kind":"slow_post","for_ms":6000}`)
	}
	type state struct {
		Sessions       []any `json:"sessions"`
		ADBConnections []struct {
			Remote string `json:"remote"`
		} `json:"adb_connections"`
	}
	var states [2]state
	eventually(t, "both phones have a session", func() bool {
		for n := range states {
			states[n] = state{}
			err := control(t.Context(), n, http.MethodGet, "/state", "", &states[n])
			if err != nil || len(states[n].Sessions) != 1 {
				return false
			}
		}
		return true
	})
	for n, s := range states {
		name := fmt.Sprintf("%s-worker-%d", f.name, n)
		if len(s.ADBConnections) != 1 {
			t.Errorf("phone %d: got %d adb connections, want 1", n, len(s.ADBConnections))
			continue
		}
		worker := docker(t, "inspect", "-f", "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}", name)
		if remote := s.ADBConnections[0].Remote; !strings.HasPrefix(remote, worker+":") {
			t.Errorf("phone %d is driven from %s, want its own worker %s", n, remote, worker)
		}
		forwards := strings.Split(docker(t, "exec", name, "adb", "-H", "127.0.0.1", "forward", "--list"), "\n")
		slices.Sort(forwards)
		phone := fmt.Sprintf("%s-phone-%d:5555", f.name, n)
		want := []string{
			fmt.Sprintf("%s tcp:%d tcp:6790", phone, 8200+10*n), // system port to UiAutomator2
			fmt.Sprintf("%s tcp:%d tcp:7810", phone, 8201+10*n), // its pictures
		}
		if !slices.Equal(forwards, want) {
			t.Errorf("worker %d forwards %q, want its own ports only: %q", n, forwards, want)
		}
	}
	if code := run.exit(); code != 0 {
		t.Errorf("exit code: got %d, want 0", code)
	}
	f.mustBePostedOnce(jobs)
}
