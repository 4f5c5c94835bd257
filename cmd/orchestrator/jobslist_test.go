package main

import (
	"encoding/json"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"postfleet/internal/progress"
	"postfleet/workerimage"
)

func TestJobsList(t *testing.T) {
	t.Parallel()
	w := newJobsWorld(t)
	for _, tt := range []struct {
		args  string
		want  []int
		count string
	}{
		{"", []int{1, 2, 3, 4, 5, 6, 7, 8}, "8 jobs\n"},
		{"--status pending", []int{verifiedJob, pendingJob, pendingToo}, "3 of 8 jobs\n"},
		{"--status fail", []int{failedJob, unknownJob}, "2 of 8 jobs\n"},
		{"--status unknown", []int{unknownJob}, "1 of 8 jobs\n"},
		{"--status claimed,skip --status success", []int{succeeded, skippedJob, claimedJob}, "3 of 8 jobs\n"},
		{"--account shop_a", []int{succeeded, pendingToo}, "2 of 8 jobs\n"},
		{"--account shop_b --account shop_a --status pending", []int{pendingToo}, "1 of 8 jobs\n"},
		{"--id 7,1-2", []int{1, 2, 7}, "3 of 8 jobs\n"},
		{"--id 1-3 --status claimed", nil, "0 of 8 jobs\n"},
	} {
		w.must(append([]string{"jobs", "list"}, strings.Fields(tt.args)...)...)
		if got := w.err.String(); got != tt.count {
			t.Errorf("%q: got count line %q, want %q", tt.args, got, tt.count)
		}
		lines := strings.Split(strings.TrimSuffix(w.out.String(), "\n"), "\n")
		var got []int
		for _, line := range lines[1:] {
			id, err := strconv.Atoi(strings.Fields(line)[0])
			if err != nil {
				t.Fatalf("%q: got line %q, want it to begin with an id", tt.args, line)
			}
			got = append(got, id)
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%q: ids (-want +got):\n%s", tt.args, diff)
		}
	}
}

func TestJobsListColumns(t *testing.T) {
	t.Parallel()
	w := newJobsWorld(t)
	w.must("jobs", "list", "--id", "2-4,8", "--caption")
	text := w.out.String()
	w.mustHold("table", text, "ID  STATUS", "NOT BEFORE", "no such screen at all", "posting",
		`three lines, "quoted"`, "outcome unknown: the link was lost")
	if n := strings.Count(text, "\n"); n != 5 {
		t.Errorf("got %d lines, want 5:\n%s", n, text)
	}
	w.must("jobs", "list", "--id", "2-4")
	if strings.Contains(w.out.String(), "three lines") {
		t.Errorf("got captions that nobody asked for:\n%s", w.out.String())
	}
}

func TestJobsListJSON(t *testing.T) {
	t.Parallel()
	w := newJobsWorld(t)
	w.must("jobs", "list", "--json")
	var got []map[string]any
	if err := json.Unmarshal([]byte(w.out.String()), &got); err != nil || len(got) != 8 {
		t.Fatalf("got %d jobs, error %v; want 8", len(got), err)
	}
	for i, row := range w.rows() {
		var at, notBefore any
		if !row.Time.IsZero() {
			at = progress.FormatTime(row.Time)
		}
		if !row.NotBefore.IsZero() {
			notBefore = progress.FormatTime(row.NotBefore)
		}
		want := map[string]any{
			"job_id": float64(row.ID), "account_name": row.Account, "video_path": row.Video, "caption": row.Caption,
			"status": string(row.Status), "worker_id": row.WorkerID, "timestamp": at, "error": row.Error,
			"attempts": float64(row.Attempts), "phase": string(row.Phase), "not_before": notBefore,
			"deaths": float64(row.Deaths),
		}
		if diff := cmp.Diff(want, got[i]); diff != "" {
			t.Errorf("job %d (-want +got):\n%s", row.ID, diff)
		}
	}
	if n := strings.Count(w.out.String(), "\n"); n != 10 {
		t.Errorf("got %d lines, want one for each job, and the brackets", n)
	}
	if got := w.err.String(); got != "" {
		t.Errorf("got %q besides, want nothing", got)
	}
}

// gone is read by nobody any more.
type gone struct{}

func (gone) Write([]byte) (int, error) { return 0, syscall.EPIPE }

// full is a disk without room.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, errTest }

func TestJobsOutputThatEnds(t *testing.T) {
	t.Parallel()
	w := newJobsWorld(t)
	for _, args := range [][]string{
		{"jobs", "list"},
		{"jobs", "list", "--json"},
		{"jobs", "show", "1"},
		{"jobs", "show", "1", "--json"},
		{"jobs", "export"},
		{"jobs", "export", "--format", "json"},
	} {
		w.app.stdout = gone{}
		w.must(args...)
		w.app.stdout = full{}
		if code := w.run(args...); code != workerimage.ExitError {
			t.Errorf("%v: got exit code %d, want %d", args, code, workerimage.ExitError)
		}
		w.mustHold("message", w.err.String(), errTest.Error())
	}
}

func TestTextTable(t *testing.T) {
	t.Parallel()
	table := &textTable{header: []string{"ID", "ACCOUNT", "ERROR"}}
	table.add("1", "shop_a", "")
	table.add("12", "日本", "a long story, told\nin\x1b[31m several lines")
	for _, tt := range []struct {
		columns int
		want    string
	}{
		{0, "ID  ACCOUNT  ERROR\n1   shop_a   -\n12  日本     a long story, told in [31m several lines\n"},
		{30, "ID  ACCOUNT  ERROR\n1   shop_a   -\n12  日本     a long story, to…\n"},
		{5, "ID  ACCOUNT  ERROR\n1   shop_a   -\n12  日本     a long stor…\n"},
	} {
		var out strings.Builder
		if err := table.print(&out, tt.columns); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(tt.want, out.String()); diff != "" {
			t.Errorf("%d columns (-want +got):\n%s", tt.columns, diff)
		}
	}
}

func TestCut(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		in      string
		columns int
		want    string
	}{
		{"abc", 3, "abc"},
		{"abcd", 3, "ab…"},
		{"日本語", 6, "日本語"},
		{"日本語", 5, "日本…"},
		{"日本語", 4, "日…"},
		{"e\u0301e\u0301e\u0301", 3, "e\u0301e\u0301e\u0301"},
	} {
		if got := cut(tt.in, tt.columns); got != tt.want {
			t.Errorf("cut(%q, %d): got %q, want %q", tt.in, tt.columns, got, tt.want)
		}
	}
}

// A hundred thousand rows are listed before anybody wonders.
func BenchmarkJobsTable(b *testing.B) {
	rows := make([]*progress.Row, 100_000)
	for i := range rows {
		rows[i] = &progress.Row{
			ID: i + 1, Account: "shop_" + strconv.Itoa(i%50), Video: "2026/reel.mp4", Caption: "New in 🎬",
			Status: progress.StatusFail, WorkerID: "3", Time: time.Now(), Error: "no such screen", Attempts: 2,
		}
	}
	for b.Loop() {
		var out strings.Builder
		if err := jobsTable(rows, true, 0).print(&out, 0); err != nil {
			b.Fatal(err)
		}
	}
}
