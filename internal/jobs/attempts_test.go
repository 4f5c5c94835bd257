package jobs_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"postfleet/internal/jobs"
)

func TestReadResults(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "results.csv")
	if got, err := jobs.ReadResults(path, 1); err != nil || len(got) != 0 {
		t.Fatalf("got %v, %v for no file; want none", got, err)
	}
	at := time.Date(2026, 3, 1, 12, 0, 0, 5, time.UTC)
	first := jobs.Result{
		Time: at, JobID: 1, Account: "a", Video: "1.mp4", Status: "pending", Error: `no "device", yet`,
		ErrorClass: "device", WorkerID: "2", Device: "lab-1", Attempt: 1, Duration: 1500 * time.Millisecond,
		ModelCalls: 3, ModelCostUSD: 0.25,
	}
	second := jobs.Result{Time: at.Add(time.Hour), JobID: 1, Account: "a", Video: "1.mp4", Status: "success"}
	for _, r := range []jobs.Result{first, {Time: at, JobID: 11, Account: "b", Video: "2.mp4"}, second} {
		if err := jobs.AppendResult(path, r); err != nil {
			t.Fatal(err)
		}
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteString("x\"y,1\n2026-03-01T12:00:00Z,1"); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	got, err := jobs.ReadResults(path, 1)
	if err != nil {
		t.Fatal(err)
	}
	// The last one was cut short: what it has of the job is told.
	torn := jobs.Result{Time: at.Truncate(time.Second), JobID: 1}
	if diff := cmp.Diff([]jobs.Result{first, second, torn}, got); diff != "" {
		t.Errorf("results (-want +got):\n%s", diff)
	}
}
