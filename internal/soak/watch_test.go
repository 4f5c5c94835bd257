package main

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"postfleet/internal/evidence"
	"postfleet/internal/testbed"
)

func TestKindOf(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]string{
		"worker run":                                           kindWorker,
		"worker healthcheck":                                   "",
		"/sbin/docker-init -- worker run":                      "",
		"phonesim run --adb :5555":                             kindPhone,
		"adb -P 5037 nodaemon server":                          kindADB,
		"adb -P 5037 -s soak-phone-0:5555 shell ls":            "",
		"node --optimize-for-size /opt/appium/index.js server": kindAppium,
		"node -e 1": "",
		"sh":        "",
	} {
		if got := kindOf(strings.Fields(line)); got != want {
			t.Errorf("%s: got %q, want %q", line, got, want)
		}
	}
}

func TestSlotOf(t *testing.T) {
	t.Parallel()
	if got := slotOf("soak-worker-12"); got != 12 {
		t.Errorf("got %d, want 12", got)
	}
}

// TestWatcher looks at this very process.
func TestWatcher(t *testing.T) {
	t.Parallel()
	w, self := newWatcher(&testbed.Fleet{}, 0), testbed.Process{PID: os.Getpid()}
	for range leastSamples {
		w.add(kindOrchestrator, 0, 0, self)
	}
	w.add(kindADB, 0, 0, self)                          // seen once: a child that was about to become another
	w.add(kindADB, 1, 0, testbed.Process{PID: 1 << 30}) // ended meanwhile
	if got := w.of(kindOrchestrator, 0); len(got) != 1 || len(got[0].samples) != leastSamples ||
		got[0].samples[0].Resident == 0 {
		t.Errorf("this process: got %+v", got)
	}
	if got := append(w.of(kindADB, 0), w.of(kindADB, 1)...); len(got) != 0 {
		t.Errorf("got %+v, want none", got)
	}
	path := filepath.Join(t.TempDir(), "samples.csv")
	if err := w.save(path); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close() //nolint:errcheck // read only
	records, err := csv.NewReader(f).ReadAll()
	if err != nil || len(records) != 1+leastSamples+1 {
		t.Errorf("samples saved: got %v, %v", records, err)
	}
}

func TestCheckFiles(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		files map[string]int64
		fail  []string
	}{
		{"as they should be", map[string]int64{"logs/worker-0.log": 100, "logs/orchestrator.log": 1}, nil},
		{"a large one", map[string]int64{"logs/adb-0.log": 21 << 20}, []string{targets().logFile.Name}},
		{"rotated", map[string]int64{
			"logs/appium-0.log": 1, "logs/appium-0-2026-01-01T00-00-00.001.log": 20 << 20,
			"logs/appium-0-2026-01-01T00-00-00.002.log": 1, "logs/appium-0-2026-01-01T00-00-00.003.log": 1,
		}, nil},
		{"rotated too often", map[string]int64{
			"logs/appium-0.log": 1, "logs/appium-0-2026-01-01T00-00-00.001.log": 1,
			"logs/appium-0-2026-01-01T00-00-00.002.log": 1, "logs/appium-0-2026-01-01T00-00-00.003.log": 1,
			"logs/appium-0-2026-01-01T00-00-00.004.log": 1,
		}, []string{targets().logFiles.Name}},
		{
			"a temporary file",
			map[string]int64{"logs/worker-0.log": 1, "sim/.state-1.tmp": 1},
			[]string{targets().temporary.Name},
		},
		{"no logs", map[string]int64{"posts.json": 1}, []string{targets().logFile.Name, targets().logFiles.Name}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			for name, size := range tt.files {
				path := filepath.Join(dir, name)
				if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(path, nil, 0o600); err != nil {
					t.Fatal(err)
				}
				if err := os.Truncate(path, size); err != nil { // sparse
					t.Fatal(err)
				}
			}
			report := evidence.New(0, "")
			checkFiles(report, dir, newWatcher(&testbed.Fleet{Dir: dir}, 0), work{jobs: map[int]int{0: 10}, seconds: 1})
			var failed []string
			for _, c := range report.Failed() {
				failed = append(failed, c.Name)
			}
			if !slices.Equal(failed, tt.fail) {
				t.Errorf("got %v, want %v", failed, tt.fail)
			}
		})
	}
}

func TestMeasureDisk(t *testing.T) {
	t.Parallel()
	dir, report := t.TempDir(), evidence.New(0, "")
	for _, name := range []string{"artifacts/job-1/a", "artifacts/job-2/a", "results.csv"} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, make([]byte, 1<<20), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := measureDisk(report, dir, work{jobs: map[int]int{0: 50}}); err != nil {
		t.Fatal(err)
	}
	got := map[string]float64{}
	for _, f := range report.Figures {
		if f.Unit == "KB/100 jobs" {
			got[f.Params["of"].(string)] = f.Value
		}
	}
	if got["artifacts"] < 4<<10 || got["artifacts"] > 5<<10 || got["results.csv"] < 2<<10 || len(got) != 2 {
		t.Errorf("got %v, want 4 MB and 2 MB for 100 jobs", got)
	}
}

func TestParse(t *testing.T) {
	t.Parallel()
	cfg, err := parse([]string{"-minutes", "2", "-workers", "2"})
	if err != nil || cfg.jobs() < 240 || cfg.accounts() != 10 || !filepath.IsAbs(cfg.dir) {
		t.Errorf("got %+v, %v", cfg, err)
	}
	if _, err := parse([]string{"-minutes", "0.1"}); err == nil {
		t.Error("six seconds were taken for a soak")
	}
}
