package main

import (
	"strings"
	"testing"
	"time"

	"postfleet/internal/jobs"
	"postfleet/internal/progress"
)

// posted notes in posted.csv that an earlier ledger's job 3 posted video a.
func (w *world) posted(account string) {
	w.t.Helper()
	sum, err := jobs.HashVideo(w.t.Context(), w.path("data/media/a.mp4"))
	if err == nil {
		err = jobs.AppendPosted(w.path("data/posted.csv"), jobs.Posted{
			Account: account, SHA256: sum, JobID: 3, At: time.Date(2026, 11, 2, 10, 0, 0, 0, time.UTC),
		})
	}
	if err != nil {
		w.t.Fatal(err)
	}
}

// TestSeedSkipsWhatWasPosted: by content, for the account, unless the row says
// otherwise.
func TestSeedSkipsWhatWasPosted(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "account_name,video_path,caption,allow_repeat\n"+
		"shop_a,a.mp4,one,\nshop_b,a.mp4,two,\nshop_a,copy.mp4,three,no\nshop_a,other.mp4,four,\n"+
		"shop_a,a.mp4,five,YES\nshop_a,gone.mp4,six,\n")
	w.write("data/media/copy.mp4", "video a")
	w.write("data/media/other.mp4", "video b")
	w.posted("shop_a")
	w.must("seed")
	w.mustHold("output", w.out.String(), "6 jobs in the ledger, 6 of them new, "+
		"1 skipped because their video cannot be read, 2 skipped as duplicates")
	rows := w.rows()
	for i, want := range []progress.Status{"skip", "pending", "skip", "pending", "pending", "skip"} {
		if rows[i].Status != want {
			t.Errorf("job %d: got %s (%s), want %s", i+1, rows[i].Status, rows[i].Error, want)
		}
	}
	const reason = "duplicate: this video was posted for the account at 2026-11-02T10:00:00Z (job 3); "
	if got := rows[2].Error; !strings.HasPrefix(got, reason) {
		t.Errorf("got reason %q, want it to begin with %q", got, reason)
	}
}

// TestSeedAsksNewRowsOnly: what a run has posted is no duplicate of itself.
func TestSeedAsksNewRowsOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t, twoJobs)
	w.must("seed")
	w.posted("shop_a")
	w.must("seed")
	w.mustHold("output", w.out.String(), "2 jobs in the ledger, 0 of them new\n")
	w.write("data/jobs.csv", twoJobs+"shop_a,a.mp4,three\nshop_b,a.mp4,four\n")
	w.must("seed")
	w.mustHold("output", w.out.String(), "4 jobs in the ledger, 2 of them new, 1 skipped as duplicates")
	for i, want := range []progress.Status{"pending", "pending", "skip", "pending"} {
		if row := w.rows()[i]; row.Status != want {
			t.Errorf("job %d: got %s (%s), want %s", i+1, row.Status, row.Error, want)
		}
	}
}

func TestSeedCountsUnreadableLines(t *testing.T) {
	t.Parallel()
	w := newWorld(t, twoJobs)
	w.write("data/posted.csv", "account,video_sha256,job_id,at\nshop_a,half a li\n")
	w.must("seed")
	w.mustHold("output", w.out.String(), "2 of them new; 1 lines of posted.csv passed over that cannot be read")
}

// TestSeedNeedsThePostedLog: without it nobody can tell what was posted.
func TestSeedNeedsThePostedLog(t *testing.T) {
	t.Parallel()
	w := newWorld(t, twoJobs)
	w.write("data/posted.csv/file", "")
	if code := w.run("seed"); code == 0 || exists(w.path("data/progress.csv")) {
		t.Errorf("got exit code %d, progress.csv there: %t; want an error and nothing seeded",
			code, exists(w.path("data/progress.csv")))
	}
	w.mustHold("message", w.err.String(), "read what was posted")
}
