package main

import (
	"encoding/json"
	"maps"
	"slices"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"postfleet/workerimage"
)

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
