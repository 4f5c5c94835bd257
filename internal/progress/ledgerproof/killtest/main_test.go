package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"postfleet/internal/evidence"
	"postfleet/internal/progress/ledgerproof"
)

// TestMain makes the test binary the worker processes too.
func TestMain(m *testing.M) {
	ran, err := ledgerproof.Child(context.Background())
	if err != nil {
		panic(err)
	}
	if !ran {
		m.Run()
	}
}

func short(t *testing.T) (config, *bytes.Buffer) {
	t.Helper()
	out := new(bytes.Buffer)
	return config{
		dir: t.TempDir(), seed: 7, timeout: time.Minute, stdout: out,
		proof: ledgerproof.Config{
			Processes: 2, Rows: 6, Kills: 6, JobTime: 5 * time.Millisecond, CallTime: time.Millisecond,
		},
	}, out
}

func reportIn(t *testing.T, dir string) evidence.Report {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "report.json"))
	if err != nil {
		t.Fatal(err)
	}
	var r evidence.Report
	if err := json.Unmarshal(text, &r); err != nil {
		t.Fatal(err)
	}
	return r
}

func TestRun(t *testing.T) {
	cfg, out := short(t)
	if err := run(t.Context(), cfg); err != nil {
		t.Fatalf("%v:\n%s", err, out)
	}
	r := reportIn(t, cfg.dir)
	if len(r.Figures) == 0 || len(r.Checks) != len(targets(6)) || r.Seed != 7 {
		t.Errorf("got %+v", r)
	}
}

// TestRunWithoutPython: what cannot be checked is in the report and does not hold.
func TestRunWithoutPython(t *testing.T) {
	cfg, _ := short(t)
	t.Setenv("PATH", t.TempDir())
	if err := run(t.Context(), cfg); err == nil || !strings.Contains(err.Error(), "install python3") {
		t.Errorf("got %v, want what to install", err)
	}
	r := reportIn(t, cfg.dir)
	if len(r.Checks) == 0 || len(r.Failed()) != len(r.Checks) {
		t.Errorf("got %d of %d checks failed, want all", len(r.Failed()), len(r.Checks))
	}
}
