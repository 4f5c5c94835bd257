//go:build integration

package e2e

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"path/filepath"
)

// rows reads progress.csv; nil while there is none.
func (f *fleet) rows() []map[string]string { return f.table("progress.csv") }

func (f *fleet) table(name string) []map[string]string {
	f.t.Helper()
	b, err := os.ReadFile(filepath.Join(f.dir, name))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		f.t.Fatal(err)
	}
	records, err := csv.NewReader(bytes.NewReader(b)).ReadAll()
	if err != nil || len(records) == 0 {
		f.t.Fatalf("%s cannot be read as CSV: %v\n%s", name, err, b)
	}
	var rows []map[string]string
	for _, record := range records[1:] {
		row := map[string]string{}
		for i, column := range records[0] {
			row[column] = record[i]
		}
		rows = append(rows, row)
	}
	return rows
}

// count returns how many ledger rows have the status.
func (f *fleet) count(status string) int {
	n := 0
	for _, row := range f.rows() {
		if row["status"] == status {
			n++
		}
	}
	return n
}

type post struct {
	Account string `json:"account"`
	Caption string `json:"caption"`
	SHA256  string `json:"video_sha256"`
}

// posts reads posts.json.
func (f *fleet) posts() []post {
	f.t.Helper()
	b, err := os.ReadFile(filepath.Join(f.dir, "posts.json"))
	if err != nil {
		f.t.Fatal(err)
	}
	var posts []post
	if err := json.Unmarshal(b, &posts); err != nil {
		f.t.Fatalf("posts.json: %v\n%s", err, b)
	}
	return posts
}

// gatherPosts writes posts.json from phones that run without an orchestrator.
func (f *fleet) gatherPosts(phones int) {
	f.t.Helper()
	var all []post
	for n := range phones {
		var posts []post
		if err := control(f.t.Context(), n, http.MethodGet, "/posts", "", &posts); err != nil {
			f.t.Fatal(err)
		}
		all = append(all, posts...)
	}
	b, err := json.Marshal(all)
	if err != nil {
		f.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(f.dir, "posts.json"), b, 0o600); err != nil {
		f.t.Fatal(err)
	}
}

// mustBePostedOnce holds the phones' posts to the jobs whose rows are success.
func (f *fleet) mustBePostedOnce(jobs []job) {
	f.t.Helper()
	seen := map[post]int{}
	for _, p := range f.posts() {
		seen[post{Account: p.Account, Caption: p.Caption}]++
	}
	rows := f.rows()
	for i, j := range jobs {
		want := 0
		if rows[i]["status"] == "success" {
			want = 1
		}
		if got := seen[post{Account: j.account, Caption: j.caption}]; got != want {
			f.t.Errorf("job %d (%s), %s: posted %d times, want %d", i+1, j.account, rows[i]["status"], got, want)
		}
	}
}
