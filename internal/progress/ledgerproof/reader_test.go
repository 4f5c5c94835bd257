package ledgerproof

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"postfleet/internal/jobs"
)

const tableHeader = "job_id,account_name,video_path,caption,status,worker_id," +
	"timestamp,error,attempts,phase,not_before\n"

// replace puts text in the place of progress.csv, whole.
func replace(t *testing.T, dir, text string) {
	t.Helper()
	next := filepath.Join(dir, "next")
	if err := os.WriteFile(next, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(next, filepath.Join(dir, "progress.csv")); err != nil {
		t.Fatal(err)
	}
}

// TestReader: the other program finds what is wrong with a table.
func TestReader(t *testing.T) {
	t.Parallel()
	all := []jobs.PostJob{
		{ID: 1, Account: "a", Video: "v.mp4", Caption: "two\r\nlines"}, {ID: 2, Account: "b", Video: "w.mp4"},
	}
	const (
		row1 = "1,a,v.mp4,\"two\r\nlines\",claimed,0,2026-01-01T00:00:00.25Z,,0,posting,\n"
		row2 = "2,b,w.mp4,,pending,,2026-01-01T00:00:00Z,,0,,\n"
		good = tableHeader + row1 + row2
	)
	with := func(old, is string) string { return strings.Replace(good, old, is, 1) }
	tests := []struct {
		name, then       string
		unreadable, back bool
	}{
		{"same", good, false, false},
		{"later", with("00.25Z", "00.3Z"), false, false},
		{"later second, without a fraction", with("00.25Z", "01Z"), false, false},
		{"further", with("posting", "posted"), false, false},
		{"earlier", with("00.25Z", "00.2Z"), false, true},
		{"earlier, by more digits", with("00.25Z", "00.249999Z"), false, true},
		{"phase back", with("posting", ""), false, true},
		{"empty", "", true, false},
		{"header alone", tableHeader, true, false},
		{"row missing", tableHeader + row1, true, false},
		{"cut short", good[:len(good)-12], true, false},
		{"rows in another order", tableHeader + row2 + row1, true, false},
		{"caption changed", with("\r\n", "\n"), true, false},
		{"other header", with("caption", "Caption"), true, false},
		{"no timestamp", with("2026-01-01T00:00:00Z", ""), true, false},
		{"twelve fields", with("\n2,", ",\n2,"), true, false},
	}
	dir := t.TempDir()
	replace(t, dir, good)
	r, err := beginReader(t.Context(), dir, all)
	if err != nil {
		t.Fatal(err)
	}
	look := func(text string) reads {
		replace(t, dir, text)
		seen, err := r.look()
		if err != nil {
			t.Fatal(err)
		}
		return seen
	}
	for _, tt := range tests {
		before := look(good)
		after := look(tt.then)
		if (after.Unreadable > before.Unreadable) != tt.unreadable || (after.Back > before.Back) != tt.back {
			t.Errorf("%s: got %+v after %+v", tt.name, after, before)
		}
	}
	if seen, err := r.end(); err != nil || seen.Reads < 2*len(tests) || len(seen.Problems) == 0 {
		t.Errorf("got %+v, %v in the end", seen, err)
	}
}

// TestReaderMissing: without Python the proof fails, and says what is missing.
func TestReaderMissing(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	_, err := Run(t.Context(), Config{Dir: t.TempDir(), Processes: 1, Rows: 1, JobTime: time.Millisecond})
	if err == nil || !strings.Contains(err.Error(), "install python3") {
		t.Errorf("got %v, want what to install", err)
	}
}
