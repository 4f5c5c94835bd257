package main

import (
	"context"
	"errors"
	"io"
	"os"
	"testing"
	"time"

	"postfleet/internal/evidence"
)

// The test binary is also the orchestrator's core on a fake engine.
func TestMain(m *testing.M) {
	if dir := os.Getenv(envFake); dir != "" {
		if err := fakeFleet(context.Background(), dir, os.Stdin, os.Stdout); err != nil {
			panic(err)
		}
		return
	}
	m.Run()
}

func TestMeasureFake(t *testing.T) {
	t.Parallel()
	cfg := config{dir: t.TempDir(), workers: 2, span: 100 * time.Millisecond, stderr: io.Discard}
	got, err := inFolder(t.Context(), cfg, subjects(cfg, "")[0])
	if err != nil {
		t.Fatal(err)
	}
	if got.span < cfg.span || got.rss == 0 || got.peak < got.rss {
		t.Errorf("got %+v, want memory over %s", got, cfg.span)
	}
	if left, err := os.ReadDir(cfg.dir); err != nil || len(left) != 0 {
		t.Errorf("got %v, %v left in the folder, want nothing", left, err)
	}
}

// Nothing can be claimed of the rows: a worker that comes for one is idle.
func TestRowsWait(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := makeData(t.Context(), dir, 3); err != nil {
		t.Fatal(err)
	}
	ledger, err := openLedger(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer ledger.Close() //nolint:errcheck // the test's own
	rows, err := ledger.Snapshot(t.Context())
	if err != nil || len(rows) != 3 {
		t.Fatalf("got %d rows, %v, want 3", len(rows), err)
	}
	for _, r := range rows {
		if r.Status != "pending" || time.Until(r.NotBefore) < time.Hour {
			t.Errorf("got %+v, want a pending row that waits", r)
		}
	}
}

func TestChecks(t *testing.T) {
	t.Parallel()
	good := idle{span: time.Minute, cpu: 600 * time.Millisecond, rss: 59e6, peak: 70e6}
	cases := []struct {
		name    string
		workers int
		got     idle
		err     error
		holds   []bool // memory, processor
	}{
		{"all well", targetWorkers, good, nil, []bool{true, true}},
		{"too much memory", targetWorkers, idle{time.Minute, 0, 61e6, 61e6}, nil, []bool{false, true}},
		{"too much work", targetWorkers, idle{time.Minute, 2 * time.Second, 1e6, 1e6}, nil, []bool{true, false}},
		{"fewer workers", 4, good, nil, []bool{false, false}},
		{"no figure", targetWorkers, idle{}, errors.New("the phones have ended"), []bool{false, false}},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			report := evidence.New(0, "")
			put(report, config{workers: tc.workers}, subjects(config{}, "20.10")[1], tc.got, tc.err)
			for i, c := range report.Checks {
				if c.Holds != tc.holds[i] {
					t.Errorf("%s: got holds %t, want %t", c.Name, c.Holds, tc.holds[i])
				}
			}
			if len(report.Checks) != len(tc.holds) {
				t.Errorf("got %d checks, want %d", len(report.Checks), len(tc.holds))
			}
		})
	}
}
