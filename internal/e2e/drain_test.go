//go:build integration

package e2e

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

// docker stop of one worker drains that one: its job ends, it is not made again,
// and the others do the rest.
func TestIntegrationDockerStop(t *testing.T) {
	jobs := manyJobs(8, 4)
	f := newFleet(t, "dockerstop", jobs)
	run := f.launch(2)
	fault(t, 0, `{"kind":"slow_post","for_ms":5000,"count":1}`)
	eventually(t, "worker 0 is posting", func() bool {
		for _, row := range f.rows() {
			if row["worker_id"] == "0" && row["phase"] == "posting" {
				return true
			}
		}
		return false
	})
	worker := f.name + "-worker-0"
	docker(t, "stop", worker) // it waits, for as long as the container's contract says
	if code := run.exit(); code != 0 {
		t.Errorf("exit code: got %d, want 0", code)
	}
	f.mustBePostedOnce(jobs)
	byWorker := map[string]int{}
	for _, row := range f.rows() {
		byWorker[row["worker_id"]]++
	}
	if byWorker["0"] != 1 || byWorker["1"] != len(jobs)-1 {
		t.Errorf("jobs by worker: got %v, want 1 of worker 0 and the rest of worker 1", byWorker)
	}
}

// The shutdown file drains as a signal does, and a phone that is frozen with a
// session open does not hold up the end: Appium alone would take minutes.
func TestIntegrationShutdownFile(t *testing.T) {
	const grace = 40 * time.Second
	t.Setenv("POSTFLEET_SHUTDOWN_GRACE", grace.String())
	jobs := manyJobs(8, 4)
	f := newFleet(t, "shutdown", jobs)
	run := f.launch(2)
	eventually(t, "both workers have posted", func() bool {
		return f.count("success") >= 2 && f.count("claimed") == 2
	})
	fault(t, 0, `{"kind":"freeze"}`)
	begun := time.Now()
	if err := os.WriteFile(filepath.Join(f.dir, "shutdown"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if code := run.exit(); code != 4 {
		t.Errorf("exit code: got %d, want 4 (pending rows left)", code)
	}
	if took := time.Since(begun); took > grace+15*time.Second {
		t.Errorf("the drain took %s, want it within the grace of %s and a moment", took, grace)
	}
	if claimed := f.count("claimed"); claimed != 0 {
		t.Errorf("claimed rows: got %d, want 0", claimed)
	}
	if _, err := os.Stat(filepath.Join(f.dir, "shutdown")); err == nil {
		t.Error("the shutdown file was left")
	}
	// What the frozen phone may have posted is found out by the next run.
	if code := f.launch(2).exit(); code != 0 {
		t.Errorf("the run after the drain: got exit code %d, want 0", code)
	}
	f.mustBePostedOnce(jobs)
}
