package jobs_test

import (
	"encoding/csv"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"postfleet/internal/jobs"
)

const header = "timestamp,job_id,account_name,video_path,status,error,error_class,worker_id,device,attempt," +
	"duration_s,model_calls,model_cost_usd"

func result(id int) jobs.Result {
	return jobs.Result{
		Time:  time.Date(2026, 3, 4, 5, 6, 7, 8000, time.FixedZone("x", 3600)),
		JobID: id, Account: "shop, a", Video: "v.mp4",
		Status: "fail", Error: "first \"line\"\nsecond", ErrorClass: "device", WorkerID: "2", Device: "pixel",
		Attempt: 3, Duration: 1500 * time.Millisecond, ModelCalls: 4, ModelCostUSD: 0.25,
	}
}

// readResults reads the file as any other program would.
func readResults(t *testing.T, path string) [][]string {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatalf("results.csv is no CSV: %v", err)
	}
	return rows
}

func TestAppendResult(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "results.csv")
	for id := range 2 {
		if err := jobs.AppendResult(path, result(id)); err != nil {
			t.Fatal(err)
		}
	}
	rows := readResults(t, path)
	if got := strings.Join(rows[0], ","); got != header {
		t.Errorf("got header %s, want %s", got, header)
	}
	want := []string{
		"2026-03-04T04:06:07.000008Z", "1", "shop, a", "v.mp4", "fail", `first "line" second`, "device",
		"2", "pixel", "3", "1.500", "4", "0.25",
	}
	if len(rows) != 3 || !slices.Equal(rows[2], want) {
		t.Errorf("got %q, want the third row %q", rows, want)
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(path), ".*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// TestAppendResultMendsTornLine cuts a good file at every byte.
func TestAppendResultMendsTornLine(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	whole := filepath.Join(dir, "whole.csv")
	for id := range 2 {
		if err := jobs.AppendResult(whole, result(id)); err != nil {
			t.Fatal(err)
		}
	}
	data, err := os.ReadFile(whole)
	if err != nil {
		t.Fatal(err)
	}
	begin := len(header) + 1 + (len(data)-len(header)-1)/2
	var wg sync.WaitGroup
	for cut := begin; cut <= len(data); cut++ {
		wg.Go(func() {
			path := filepath.Join(dir, strconv.Itoa(cut)+".csv")
			if err := os.WriteFile(path, data[:cut], 0o600); err != nil {
				t.Error(err)
				return
			}
			if err := jobs.AppendResult(path, result(9)); err != nil {
				t.Error(err)
				return
			}
			rows := readResults(t, path)
			if last := rows[len(rows)-1]; last[1] != "9" || rows[1][1] != "0" {
				t.Errorf("cut at %d: got %q", cut, rows)
			}
		})
	}
	wg.Wait()
}

func TestAppendResultToEmptiedFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "results.csv")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := jobs.AppendResult(path, result(1)); err != nil {
		t.Fatal(err)
	}
	if rows := readResults(t, path); len(rows) != 2 || strings.Join(rows[0], ",") != header {
		t.Errorf("got %q, want the header and a row", rows)
	}
}

const envAppend = "POSTFLEET_TEST_APPEND"

// TestMain is also the program of the processes that append at once.
func TestMain(m *testing.M) {
	if path := os.Getenv(envAppend); path != "" {
		appendMany(path)
		return
	}
	m.Run()
}

const appends = 40

func appendMany(path string) {
	for id := range appends {
		r := result(id)
		r.Error = strings.Repeat("x", 3000) // rows that span pages
		if err := jobs.AppendResult(path, r); err != nil {
			panic(err)
		}
	}
}

func TestAppendResultFromManyProcesses(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "results.csv")
	const processes = 3
	var wg sync.WaitGroup
	for range processes {
		wg.Go(func() {
			cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^$")
			cmd.Env = append(os.Environ(), envAppend+"="+path)
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("%v: %s", err, out)
			}
		})
	}
	wg.Wait()
	rows := readResults(t, path)
	if got, want := len(rows), 1+processes*appends; got != want {
		t.Errorf("got %d rows, want %d", got, want)
	}
	for _, r := range rows[1:] {
		if strings.Join(r, ",") == header {
			t.Error("the header is there twice")
		}
	}
}
