package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"postfleet/internal/evidence"
)

// tiny is the smallest run that has a cell of which something is claimed.
func tiny(t *testing.T) (config, *bytes.Buffer) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	var out bytes.Buffer
	return config{
		report: filepath.Join(dir, "tracker.json"), dir: filepath.Join(dir, "work"), program: self,
		rows: numbers{smallRows}, processes: numbers{fewProcesses},
		round: 50 * time.Millisecond, rounds: 1, seedRows: 20,
		anyDisk: true, stdout: &out, stderr: t.Output(),
	}, &out
}

// TestRun says nothing of how fast anything is, only that all is measured and
// every check is in the report.
func TestRun(t *testing.T) {
	cfg, out := tiny(t)
	t.Setenv(envProgram, strconv.Itoa(cfg.seedRows))
	if err := run(t.Context(), cfg); err == nil || !strings.Contains(err.Error(), "checks do not hold") {
		t.Errorf("got %v, want that checks of cells not measured do not hold", err)
	}
	left, err := os.ReadDir(cfg.dir)
	if err != nil || len(left) > 0 {
		t.Errorf("got %v left over (%v)", left, err)
	}
	report := readReport(t, cfg.report)
	checkFigures(t, report)
	checkChecks(t, report)
	for _, d := range designs() {
		if !strings.Contains(out.String(), d.name) {
			t.Errorf("the table has no %s:\n%s", d.name, out)
		}
	}
}

func readReport(t *testing.T, path string) evidence.Report {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var report evidence.Report
	if err := json.Unmarshal(b, &report); err != nil {
		t.Fatal(err)
	}
	return report
}

func checkFigures(t *testing.T, report evidence.Report) {
	t.Helper()
	got := map[string]bool{}
	for _, f := range report.Figures {
		design, _ := f.Params["design"].(string)
		got[f.Name+" of "+design] = true
		if design != "" && (f.Params["processes"] != 4.0 || f.Params["rows"] != 100.0) {
			t.Errorf("figure %s: got %v", f.Name, f.Params)
		}
	}
	for _, d := range designs() {
		for _, name := range []string{
			"cycles", "cycles, slowest round", "cycles, fastest round",
			"claim latency p50", "claim latency p99", "claim latency max",
			"cycles of a process, least", "cycles of a process, mean", "cycles of a process, most",
			"cores that others kept busy",
		} {
			if !got[name+" of "+d.name] {
				t.Errorf("no figure %q of %s", name, d.name)
			}
		}
	}
	for _, name := range []string{
		"seeding", "seeding, processor time", "seeding, peak memory",
		"status", "status, processor time", "status, peak memory",
	} {
		if !got[name+" of "] {
			t.Errorf("no figure %q", name)
		}
	}
}

func checkChecks(t *testing.T, report evidence.Report) {
	t.Helper()
	made := 0
	for _, c := range report.Checks {
		if c.Value != nil {
			made++
		} else if c.Holds || c.Why == "" {
			t.Errorf("not made: %+v", c)
		}
		if strings.HasPrefix(c.Name, "rows held") && !c.Holds {
			t.Errorf("got %+v", c)
		}
	}
	// Three of the one cell and three of all claims, of 20 of cells, three of
	// claims and three of seeding.
	if made != 6 || len(report.Checks) != 26 {
		t.Errorf("got %d checks, %d made; want 26 and 6: %+v", len(report.Checks), made, report.Checks)
	}
}

// TestRunOnOtherStatus: a seeding whose status is wrong is no measurement.
func TestRunOnOtherStatus(t *testing.T) {
	cfg, _ := tiny(t)
	t.Setenv(envProgram, "19")
	cfg.seedRows = targetSeedRows / 1000
	report := evidence.New(0, "")
	if err := scale(t.Context(), cfg, report); err != nil {
		t.Fatal(err)
	}
	if len(report.Checks) != 3 || len(report.Failed()) != 3 || !strings.Contains(report.Checks[0].Why, "19") {
		t.Errorf("got %+v", report.Checks)
	}
}

func TestRefusesMemory(t *testing.T) {
	t.Parallel()
	const dir = "/dev/shm"
	if memory, err := inMemory(dir); err != nil || !memory {
		t.Skipf("%s is not in memory here (%v)", dir, err)
	}
	_, err := makePlace(config{dir: dir})
	if err == nil || !strings.Contains(err.Error(), "tmpfs") {
		t.Errorf("got %v, want it refused", err)
	}
}

func TestNumbers(t *testing.T) {
	t.Parallel()
	var n numbers
	if err := n.Set("100,10000"); err != nil || n.String() != "100,10000" {
		t.Errorf("got %v, %v", n, err)
	}
	for _, text := range []string{"", "0", "4,", "four"} {
		if err := n.Set(text); err == nil {
			t.Errorf("%q: got %v, want an error", text, n)
		}
	}
}
