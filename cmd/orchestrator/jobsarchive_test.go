package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"postfleet/internal/progress/filelock"
	"postfleet/orchestrator"
	"postfleet/workerimage"
)

func TestJobsArchive(t *testing.T) {
	t.Parallel()
	w := newWorld(t, twoJobs)
	w.must("launch")
	ledger := w.read("data/progress.csv")
	w.write("data/results.csv", "what came of job 1")
	w.write("data/artifacts/job-1/attempt-1/screen.png", "a screen of job 1")
	w.must("jobs", "archive")
	place := strings.TrimSpace(strings.TrimPrefix(w.out.String(), "the ledger of 2 jobs is in "))
	if filepath.Dir(place) != w.path("data/archive") {
		t.Fatalf("got %q, want a folder of the archive named", w.out.String())
	}
	if got, err := os.ReadFile(filepath.Join(place, "progress.csv")); err != nil || string(got) != ledger {
		t.Errorf("got %q, %v in the archive; want %q", got, err, ledger)
	}
	for _, name := range []string{"results.csv", "artifacts/job-1/attempt-1/screen.png"} {
		if _, err := os.Stat(filepath.Join(place, name)); err != nil || exists(w.path("data/"+name)) {
			t.Errorf("%s was not moved, and job 1 is another one now: %v", name, err)
		}
	}
	w.mustHold("message", w.err.String(), "next: put the new rows into jobs.csv")
	w.write("data/media/b.mp4", "another video")
	w.write("data/jobs.csv", "account_name,video_path,caption\nshop_c,b.mp4,new\n")
	w.must("launch")
	w.mustHold("summary", w.out.String(), "1 jobs: 1 success")
}

func TestJobsArchiveUnfinished(t *testing.T) {
	t.Parallel()
	w := newJobsWorld(t)
	before := w.tree()
	if code := w.run("jobs", "archive"); code != workerimage.ExitUsage {
		t.Errorf("got exit code %d, want %d", code, workerimage.ExitUsage)
	}
	w.mustHold("message", w.err.String(), "nothing was archived", "3 jobs pending: 'orchestrator launch'",
		"jobs skip --status pending", "1 job claimed: 'orchestrator stop'", "1 job of unknown outcome: ",
		"jobs requeue ID… --i-have-checked")
	mustBeSame(t, before, w.tree())
}

func TestJobsArchiveWhileAnOrchestratorRuns(t *testing.T) {
	t.Parallel()
	w := newWorld(t, twoJobs)
	w.must("launch")
	lock, err := filelock.Hold(w.path("data/" + orchestrator.LockFile))
	if err != nil {
		t.Fatal(err)
	}
	before := w.tree()
	if code := w.run("jobs", "archive"); code != workerimage.ExitError {
		t.Errorf("got exit code %d, want %d", code, workerimage.ExitError)
	}
	w.mustHold("message", w.err.String(), "another orchestrator runs")
	mustBeSame(t, before, w.tree())
	if err := lock.Release(); err != nil {
		t.Fatal(err)
	}
	w.must("jobs", "archive")
}
