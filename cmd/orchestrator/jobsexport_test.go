package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"postfleet/workerimage"
)

// The export of the whole ledger is what progress.csv is.
func TestJobsExport(t *testing.T) {
	t.Parallel()
	w := newJobsWorld(t)
	w.must("jobs", "export")
	if got, want := w.out.String(), w.read("data/progress.csv"); got != want {
		t.Errorf("got\n%s\nwant what progress.csv holds:\n%s", got, want)
	}
	w.must("jobs", "export", "--status", "unknown")
	lines := strings.SplitAfterN(w.read("data/progress.csv"), "\n", 2)
	want := lines[0] + "3,shop_c,a.mp4,\"three\nlines, \"\"quoted\"\"\",fail,"
	if got := w.out.String(); !strings.HasPrefix(got, want) || strings.Count(got, "shop_") != 1 {
		t.Errorf("got\n%s\nwant the header and job 3", got)
	}
	w.must("jobs", "export", "--format", "json", "--id", "2")
	var got []map[string]any
	if err := json.Unmarshal([]byte(w.out.String()), &got); err != nil || len(got) != 1 || got[0]["job_id"] != 2.0 {
		t.Errorf("got %v, %v; want job 2", got, err)
	}
}

func TestJobsExportToAFile(t *testing.T) {
	t.Parallel()
	w := newJobsWorld(t)
	for _, name := range []string{"out.csv", "data/out.csv", "out.csv"} {
		w.must("jobs", "export", "-o", w.path(name))
		if got, want := w.read(name), w.read("data/progress.csv"); got != want {
			t.Errorf("%s: got\n%s\nwant\n%s", name, got, want)
		}
		w.mustHold("message", w.err.String(), "8 jobs written to "+w.path(name))
		if got := w.out.String(); got != "" {
			t.Errorf("got output %q, want none", got)
		}
	}
	w.must("jobs", "export", "-o", "-")
	if got, want := w.out.String(), w.read("data/progress.csv"); got != want {
		t.Errorf("got %q on standard output, want %q", got, want)
	}
}

// An export does not cost the fleet its files, however they are named.
func TestJobsExportRefused(t *testing.T) {
	t.Parallel()
	w := newJobsWorld(t)
	w.write("data/results.csv", "results")
	links := t.TempDir()
	for link, target := range map[string]string{"link.csv": "data/progress.csv", "folder": "data"} {
		if err := os.Symlink(w.path(target), filepath.Join(links, link)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Link(w.path("data/jobs.csv"), filepath.Join(links, "hard.csv")); err != nil {
		t.Fatal(err)
	}
	before := w.tree()
	for _, name := range []string{
		"data/progress.csv", "data/jobs.csv", "data/results.csv", "data/posted.csv", "data/progress.csv.journal",
		"data/progress.csv.lock", "data/orchestrator.lock", "data/media/x.csv", "data/archive", "data/shutdown",
		"data/../data/progress.csv", links + "/link.csv", links + "/folder/progress.csv", links + "/folder/workers/x",
		links + "/hard.csv", "data", "data/media", os.DevNull,
	} {
		path := name
		if !filepath.IsAbs(name) {
			path = w.path("") + string(filepath.Separator) + name
		}
		if code := w.run("jobs", "export", "-o", path); code != workerimage.ExitUsage {
			t.Errorf("%s: got exit code %d, want %d", name, code, workerimage.ExitUsage)
		}
		w.mustHold(name, w.err.String(), "-o "+path)
	}
	if code := w.run("jobs", "export", "-o", w.path("no/such/folder.csv")); code != workerimage.ExitError {
		t.Errorf("got exit code %d, want %d", code, workerimage.ExitError)
	}
	mustBeSame(t, before, w.tree())
}
