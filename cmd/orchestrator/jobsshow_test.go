package main

import (
	"encoding/json"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"postfleet/internal/jobs"
)

func newShowWorld(t *testing.T) *world {
	t.Helper()
	w := newJobsWorld(t)
	at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	for _, r := range []jobs.Result{
		{JobID: unknownJob, Account: "shop_c", Video: "old.mp4", Status: "success", Device: "an archived job"},
		{
			JobID: unknownJob, Account: "shop_c", Video: "a.mp4", Status: "fail",
			Error: "outcome unknown: the link was lost", ErrorClass: "outcome_unknown",
			WorkerID: "1", Device: "lab-1", Attempt: 1, Duration: 83 * time.Second,
			ModelCalls: 2, ModelCostUSD: 0.5,
		},
	} {
		r.Time = at
		if err := jobs.AppendResult(w.path("data/results.csv"), r); err != nil {
			t.Fatal(err)
		}
	}
	w.write("data/artifacts/job-3/attempt-10/screen.png", "12345")
	w.write("data/artifacts/job-3/attempt-2/source.xml", "")
	w.write("data/artifacts/job-3/notes.txt", "no attempt")
	return w
}

func TestJobsShow(t *testing.T) {
	t.Parallel()
	w := newShowWorld(t)
	w.must("jobs", "show", "3")
	w.mustHold("story", w.out.String(), "job 3: fail\n", "account     shop_c\n",
		"error       outcome unknown: the link", "    | three\n    | lines, \"quoted\"\n",
		"next: look at the profile of shop_c", "jobs requeue 3 --i-have-checked",
		"ATTEMPT", "lab-1", "1m23s", "outcome_unknown: ", filepath.Join("job-3", "attempt-2")+"\n  source.xml",
		filepath.Join("job-3", "attempt-10")+"\n  screen.png           5B\n")
	w.must("jobs", "show", "6")
	w.mustHold("story", w.out.String(), "job 6: pending\n", "no attempt of it in results.csv")
}

func TestJobsShowJSON(t *testing.T) {
	t.Parallel()
	w := newShowWorld(t)
	w.must("jobs", "show", "3", "--json")
	var got struct {
		Caption   string           `json:"caption"`
		Results   []map[string]any `json:"results"`
		Artifacts []artifactDir    `json:"artifacts"`
	}
	if err := json.Unmarshal([]byte(w.out.String()), &got); err != nil {
		t.Fatal(err)
	}
	if want := w.rows()[unknownJob-1].Caption; got.Caption != want {
		t.Errorf("got caption %q, want %q", got.Caption, want)
	}
	results := []map[string]any{{
		"timestamp": "2026-03-01T12:00:00Z", "status": "fail", "error": "outcome unknown: the link was lost",
		"error_class": "outcome_unknown", "worker_id": "1", "device": "lab-1", "attempt": 1.0, "duration_s": 83.0,
		"model_calls": 2.0, "model_cost_usd": 0.5,
	}}
	if diff := cmp.Diff(results, got.Results); diff != "" {
		t.Errorf("results (-want +got):\n%s", diff)
	}
	root := w.path("data/artifacts/job-3/")
	artifacts := []artifactDir{
		{Attempt: 2, Path: filepath.Join(root, "attempt-2"), Files: []artifactFile{{Name: "source.xml"}}},
		{Attempt: 10, Path: filepath.Join(root, "attempt-10"), Files: []artifactFile{{Name: "screen.png", Bytes: 5}}},
	}
	if diff := cmp.Diff(artifacts, got.Artifacts); diff != "" {
		t.Errorf("artifacts (-want +got):\n%s", diff)
	}
	w.must("jobs", "show", "6", "--json")
	var keys map[string]json.RawMessage
	if err := json.Unmarshal([]byte(w.out.String()), &keys); err != nil {
		t.Fatal(err)
	}
	wantKeys(t, keys, "job_id", "account_name", "video_path", "caption", "status", "worker_id", "timestamp", "error",
		"attempts", "phase", "not_before", "deaths", "results", "artifacts")
	if string(keys["results"]) != "[]" || string(keys["artifacts"]) != "[]" {
		t.Errorf("got results %s, artifacts %s; want empty arrays", keys["results"], keys["artifacts"])
	}
}
