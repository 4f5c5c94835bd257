package worker_test

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"postfleet/internal/fault"
	"postfleet/internal/posting"
	"postfleet/internal/progress"
	"postfleet/internal/worker"
)

func TestAllJobsSucceed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, "a", "b", "a")
		must(t, b.run())
		for _, r := range b.rows() {
			if r.Status != progress.StatusSuccess || r.WorkerID != "0" || r.Attempts != 1 || b.poster.posts[r.ID] != 1 {
				t.Errorf("row %+v with %d posts, want one success by worker 0", r, b.poster.posts[r.ID])
			}
		}
		results := b.results()
		if len(results) != 3 {
			t.Fatalf("got %d rows in results.csv, want 3", len(results))
		}
		for i, r := range results {
			if r["job_id"] != strconv.Itoa(i+1) || r["status"] != "success" || r["worker_id"] != "0" ||
				r["device"] != "sim-0" || r["attempt"] != "1" || r["error"] != "" || r["model_calls"] != "0" {
				t.Errorf("results row %v", r)
			}
		}
		want := []string{
			"adb starts", "appium starts", "device connects",
			"device closes", "appium stops", "adb stops",
		}
		// Appium may be up before the phone was asked without it.
		got := slices.DeleteFunc(b.events, func(e string) bool { return e == "device answers" })
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("life (-want +got):\n%s", diff)
		}
	})
}

// A job that is posted though its proxy was not rotated is a success that says
// so; of one that fails, what it failed of counts.
func TestProxyNotRotatedIsInTheResults(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, "a", "b")
		b.poster.runFunc = func(ctx context.Context, a posting.Attempt) error {
			a.Unrotated(errors.New("no answer"))
			if a.Job.ID == 2 {
				return fault.Errorf(fault.Content, "refused; before it, proxy not rotated: no answer")
			}
			return b.poster.post(ctx, a)
		}
		must(t, b.run())
		results := b.results()
		if len(results) != 2 {
			t.Fatalf("got %d rows in results.csv, want 2", len(results))
		}
		for i, want := range []map[string]string{
			{"status": "success", "error": "proxy not rotated: no answer", "error_class": ""},
			{"status": "fail", "error": "refused; before it, proxy not rotated: no answer", "error_class": "content"},
		} {
			for column := range want {
				if results[i][column] != want[column] {
					t.Errorf("row %d: %s: got %q, want %q", i+1, column, results[i][column], want[column])
				}
			}
		}
		if row := b.rows()[0]; row.Status != progress.StatusSuccess || row.Error != "" {
			t.Errorf("in the ledger: got %+v, want a success without an error", row)
		}
	})
}

// TestOneWorkerBehavesAsMany: the fleet's size changes who did it, not what.
func TestOneWorkerBehavesAsMany(t *testing.T) {
	t.Parallel()
	outcome := func(workers int) (rows []progress.Row, ids map[string]bool) {
		synctest.Test(t, func(t *testing.T) {
			b := newBench(t, "a", "b", "c", "a", "d", "b")
			b.poster.runFunc = func(ctx context.Context, a posting.Attempt) error {
				select {
				case <-time.After(time.Second):
				case <-ctx.Done():
				}
				if a.Job.ID == 5 {
					return fault.Errorf(fault.Content, "refused")
				}
				return b.poster.post(ctx, a)
			}
			var wg sync.WaitGroup
			for n := range workers {
				cfg := b.cfg
				cfg.ID = strconv.Itoa(n)
				w := worker.New(cfg, b.parts(), nil)
				wg.Go(func() {
					if err := w.Run(t.Context()); err != nil {
						t.Error(err)
					}
				})
			}
			wg.Wait()
			ids = make(map[string]bool)
			for _, r := range b.rows() {
				ids[r.WorkerID] = true
				r.WorkerID, r.Time = "", time.Time{}
				rows = append(rows, r)
			}
		})
		return rows, ids
	}
	one, _ := outcome(1)
	many, ids := outcome(3)
	if diff := cmp.Diff(one, many); diff != "" {
		t.Errorf("(-one +many):\n%s", diff)
	}
	if len(ids) < 2 {
		t.Errorf("got all work done by %v, want it spread", ids)
	}
}

func TestMissingVideoIsSkipped(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, "a", "b")
		must(t, os.Remove(filepath.Join(b.dir, "media", "v1.mp4")))
		must(t, b.run())
		if got := b.rows()[0]; got.Status != progress.StatusSkip || !strings.Contains(got.Error, "v1.mp4") {
			t.Errorf("got %+v, want a skip that names the video", got)
		}
		if got := b.results(); len(got) != 2 || got[0]["status"] != "skip" || got[0]["error_class"] != "input" {
			t.Errorf("got results %v", got)
		}
		if len(b.poster.runs) != 1 {
			t.Errorf("got %d attempts, want 1", len(b.poster.runs))
		}
	})
}

func TestAttemptIsTold(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, "a", "b")
		text := "account_name,video_path,caption,music\na,v1.mp4,caption 1,jazz\nb,v2.mp4,changed since,rock\n"
		must(t, os.WriteFile(filepath.Join(b.dir, "jobs.csv"), []byte(text), 0o600))
		must(t, b.run())
		got := b.poster.runs[0]
		if got.Number != 1 || got.VideoPath != filepath.Join(b.dir, "media", "v1.mp4") ||
			got.Artifacts != filepath.Join(b.dir, "artifacts", "job-1", "attempt-1") || got.Job.Caption != "caption 1" {
			t.Errorf("got %+v", got)
		}
		if got.Job.Extra["music"] != "jazz" {
			t.Errorf("got extra columns %v, want those of jobs.csv", got.Job.Extra)
		}
		if extra := b.poster.runs[1].Job.Extra; extra != nil {
			t.Errorf("got extra columns %v of a row that is another by now", extra)
		}
	})
}

// TestWaits: a row that waits for its time keeps the worker, and the worker
// frees what the dead hold.
func TestWaits(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, "a", "b")
		dead, err := b.ledger.Join(t.Context(), "9")
		must(t, err)
		_, err = dead.Claim(t.Context(), progress.Terms{Only: []string{"b"}})
		must(t, err)
		begun := time.Now()
		b.poster.runFunc = func(ctx context.Context, a posting.Attempt) error {
			if a.Number == 1 && a.Job.ID == 1 {
				must(t, dead.Leave())
				return fault.Errorf(fault.Infra, "glitch")
			}
			return b.poster.post(ctx, a)
		}
		must(t, b.run())
		if got := time.Since(begun); got < time.Minute || got > time.Minute+5*time.Second {
			t.Errorf("took %v, want the retry delay and little more", got)
		}
		if diff := cmp.Diff([]progress.Status{"success", "success"}, b.statuses()); diff != "" {
			t.Error(diff)
		}
		var order []int
		for _, a := range b.poster.runs {
			order = append(order, a.Job.ID)
		}
		if !slices.Equal(order, []int{1, 2, 1}) {
			t.Errorf("got order %v, want 1 2 1", order)
		}
	})
}

// TestLogLines: every line about a job says which, whose and by whom.
func TestLogLines(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, "a")
		must(t, b.run())
		about := 0
		for line := range strings.Lines(b.logs.String()) {
			var rec map[string]any
			must(t, json.Unmarshal([]byte(line), &rec))
			if rec["worker_id"] != "0" {
				t.Errorf("no worker in %s", line)
			}
			if msg, _ := rec["msg"].(string); strings.HasPrefix(msg, "job") || strings.HasPrefix(msg, "share") {
				about++
				if rec["job_id"] != 1.0 || rec["account_name"] != "a" || rec["attempt"] != 1.0 {
					t.Errorf("no job, account or attempt in %s", line)
				}
			}
		}
		if about < 3 {
			t.Errorf("got %d lines about the job, want claim, tap and end", about)
		}
	})
}
