package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"postfleet/internal/evidence"
	"postfleet/internal/testbed"
)

// workplace is a data directory with one job, done by one worker.
func workplace(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	write(t, dir, "jobs.csv", "account_name,video_path,caption\nshop_a,a.mp4,\"one\ntwo\"\n")
	write(t, dir, "media/a.mp4", "video")
	write(t, dir, "progress.csv", "job_id,status,worker_id\n1,success,0\n")
	write(t, dir, "results.csv", "job_id,status\n1,success\n")
	return dir
}

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// values returns what each check saw; -1 for one that could not be made.
func values(r *evidence.Report) map[string]float64 {
	seen := map[string]float64{}
	for _, c := range r.Checks {
		seen[c.Name] = -1
		if c.Value != nil {
			seen[c.Name] = *c.Value
		}
	}
	return seen
}

func TestCheckPosts(t *testing.T) {
	t.Parallel()
	good, err := testbed.Asked(workplace(t))
	if err != nil {
		t.Fatal(err)
	}
	other := good[0]
	other.SHA256 = "another video"
	tests := []struct {
		name  string
		posts []testbed.Post
		bad   float64
	}{
		{"posted once", good, 0},
		{"posted twice", append(good, good...), 1},
		{"not posted", nil, 1},
		{"another video", []testbed.Post{other}, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dir := workplace(t)
			b, err := json.Marshal(tt.posts)
			if err != nil {
				t.Fatal(err)
			}
			write(t, dir, "posts.json", string(b))
			r := evidence.New(0, "")
			checkPosts(r, dir)
			if got := values(r)[targets().once.Name]; got != tt.bad {
				t.Errorf("jobs not posted once: got %v, want %v", got, tt.bad)
			}
		})
	}
}

func TestCheckLedger(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, file, text string
		check            string
		want             float64
	}{
		{"as it should be", "results.csv", "job_id,status\n1,success\n", targets().results.Name, 0},
		{"two results rows", "results.csv", "job_id,status\n1,fail\n1,success\n", targets().results.Name, 1},
		{"no results row", "results.csv", "job_id,status\n", targets().results.Name, 1},
		{"failed row", "progress.csv", "job_id,status,worker_id\n1,fail,0\n", targets().success.Name, 1},
		{"unreadable ledger", "progress.csv", "", targets().success.Name, -1},
		{"workers", "progress.csv", "job_id,status,worker_id\n1,success,0\n2,success,1\n", targets().workers.Name, 2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dir := workplace(t)
			write(t, dir, tt.file, tt.text)
			r := evidence.New(0, "")
			checkLedger(r, dir)
			if got := values(r)[tt.check]; got != tt.want {
				t.Errorf("%s: got %v, want %v", tt.check, got, tt.want)
			}
		})
	}
}
