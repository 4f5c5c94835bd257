package main

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"postfleet/internal/progress"
	"postfleet/internal/progress/fileledger"
	"postfleet/workerimage"
)

// TestBadInput: each mistake is told by name, and nothing is changed.
func TestBadInput(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		args    []string
		prepare func(w *world)
		code    int
		want    []string
	}{
		{
			name: "no jobs.csv", code: workerimage.ExitUsage, want: []string{"jobs.csv", "--data-dir"},
			prepare: func(w *world) { w.remove("data/jobs.csv") },
		},
		{
			name: "missing column", code: workerimage.ExitUsage, want: []string{"jobs.csv", "caption"},
			prepare: func(w *world) { w.write("data/jobs.csv", "account_name,video_path\nshop_a,a.mp4\n") },
		},
		{
			name: "video outside the media folder", code: workerimage.ExitUsage,
			want: []string{"jobs.csv", "row 2", "../jobs.csv"},
			prepare: func(w *world) {
				w.write("data/jobs.csv", "account_name,video_path,caption\nshop_a,../jobs.csv,x\n")
			},
		},
		{
			name: "changed row", code: workerimage.ExitUsage, want: []string{"jobs.csv", "job 2", "two", "other"},
			prepare: func(w *world) {
				w.must("seed")
				w.write("data/jobs.csv", strings.Replace(twoJobs, "two", "other", 1))
			},
		},
		{
			name: "removed row", code: workerimage.ExitUsage, want: []string{"jobs.csv", "has 1 jobs"},
			prepare: func(w *world) {
				w.must("seed")
				w.write("data/jobs.csv", "account_name,video_path,caption\nshop_a,a.mp4,one\n")
			},
		},
		{
			name: "unknown key", code: workerimage.ExitUsage, want: []string{"fleet.yaml: num_wrokers", "num_workers"},
			prepare: func(w *world) { w.write("fleet.yaml", w.read("fleet.yaml")+"num_wrokers: 2\n") },
		},
		{
			name: "fewer devices than workers", args: []string{"--workers", "3"}, code: workerimage.ExitUsage,
			want: []string{"--workers: num_workers", "2 devices"},
		},
		{
			name: "duplicate udid", code: workerimage.ExitUsage, want: []string{"devices[1].udid", "R5CT20ABCDE"},
			prepare: func(w *world) {
				w.write("fleet.yaml", "devices:\n  - {name: a, connect: usb, udid: R5CT20ABCDE}\n"+
					"  - {name: b, connect: usb, udid: R5CT20ABCDE}\n")
			},
		},
		{
			name: "overlapping port blocks", code: workerimage.ExitUsage,
			want: []string{"system_port_base", "overlaps"},
			prepare: func(w *world) {
				w.write("fleet.yaml", "system_port_base: 4720\ndevices: [{name: a, connect: sim}]\n")
			},
		},
		{
			name: "bad recipe", code: workerimage.ExitUsage, want: []string{"recipe", "mine.yaml"},
			prepare: func(w *world) {
				w.write("mine.yaml", "nonsense: true\n")
				w.write("fleet.yaml", w.read("fleet.yaml")+"recipe: "+w.path("mine.yaml")+"\n")
			},
		},
		{
			name: "truncated ledger", code: workerimage.ExitLedger, want: []string{"progress.csv", "damaged"},
			prepare: func(w *world) {
				w.must("seed")
				whole := w.read("data/progress.csv")
				w.write("data/progress.csv", whole[:len(whole)-10])
				w.remove("data/progress.csv.prev") // or it would be rebuilt
			},
		},
		{
			name: "ledger that is no CSV", code: workerimage.ExitLedger, want: []string{"progress.csv"},
			prepare: func(w *world) {
				w.must("seed")
				w.write("data/progress.csv", "\x00\x01\x02")
				w.remove("data/progress.csv.journal")
			},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, twoJobs)
			if tt.prepare != nil {
				tt.prepare(w)
			}
			before := w.tree()
			if code := w.run(append([]string{"launch"}, tt.args...)...); code != tt.code {
				t.Errorf("got exit code %d, want %d", code, tt.code)
			}
			w.mustHold("message", w.err.String(), tt.want...)
			after := w.tree()
			for name := range after {
				if strings.Contains(name, ".damaged-") { // the ledger's copy of what it refused
					delete(after, name)
				}
			}
			mustBeSame(t, before, after)
		})
	}
}

func (w *world) remove(name string) {
	w.t.Helper()
	if err := os.Remove(w.path(name)); err != nil {
		w.t.Fatal(err)
	}
}

func mustBeSame(t *testing.T, before, after map[string]string) {
	t.Helper()
	if diff := cmp.Diff(before, after); diff != "" {
		t.Errorf("files changed (-before +after):\n%s", diff)
	}
}

// What spreadsheets write is accepted.
func TestSpreadsheetFiles(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, text string }{
		{"byte order mark", "\ufeff" + twoJobs},
		{"CRLF", strings.ReplaceAll(twoJobs, "\n", "\r\n")},
		{"no last line end", strings.TrimSuffix(twoJobs, "\n")},
		{"empty row", twoJobs + ",,\n"},
		{"further column", "campaign,account_name,video_path,caption\nx,shop_a,a.mp4,one\nx,shop_b,a.mp4,two\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, tt.text)
			w.must("seed")
			w.mustHold("output", w.out.String(), "2 jobs in the ledger, 2 of them new")
			rows := w.rows()
			if rows[0].Caption != "one" || rows[1].Caption != "two" || rows[0].Account != "shop_a" {
				t.Errorf("got rows %+v", rows)
			}
		})
	}
}

func (w *world) rows() []progress.Row {
	w.t.Helper()
	ledger, err := fileledger.Open(w.path("data"), fileledger.Options{})
	if err != nil {
		w.t.Fatal(err)
	}
	rows, err := ledger.Snapshot(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	if err := ledger.Close(); err != nil {
		w.t.Fatal(err)
	}
	return rows
}

// A missing video is the row's misfortune, not the run's.
func TestMissingVideoIsSkipped(t *testing.T) {
	t.Parallel()
	w := newWorld(t, twoJobs+"shop_a,gone.mp4,three\n")
	w.must("launch")
	w.mustHold("summary", w.out.String(), "3 jobs: 2 success, 0 fail, 1 skip", "skipped: job 3 (shop_a, gone.mp4)")
	if row := w.rows()[2]; row.Status != progress.StatusSkip || !strings.Contains(row.Error, "gone.mp4") {
		t.Errorf("got %+v, want skip with the video's name", row)
	}
}

func TestSeedTwiceAddsOnlyNewRows(t *testing.T) {
	t.Parallel()
	w := newWorld(t, twoJobs)
	w.must("seed")
	w.write("data/jobs.csv", twoJobs+"shop_c,a.mp4,three\n,,\n")
	w.must("seed")
	w.mustHold("output", w.out.String(), "3 jobs in the ledger, 1 of them new", "1 empty rows")
}
