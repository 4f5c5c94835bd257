package main

import (
	"context"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"postfleet/internal/evidence"
	"postfleet/internal/jobs"
)

// checkLedger holds progress.csv and results.csv to their targets.
func checkLedger(report *evidence.Report, dir string) {
	want := targets()
	rows, err := table(filepath.Join(dir, "progress.csv"))
	if err != nil {
		cannot(report, err, want.jobs, want.success, want.workers)
	} else {
		bad, workers := 0, map[string]bool{}
		for _, row := range rows {
			workers[row["worker_id"]] = true
			if row["status"] != "success" {
				bad++
			}
		}
		report.Check(want.jobs, float64(len(rows)))
		report.Check(want.success, float64(bad))
		report.Check(want.workers, float64(len(workers)))
	}

	results, err := table(filepath.Join(dir, "results.csv"))
	if err != nil {
		cannot(report, err, want.results)
		return
	}
	perJob := map[string]int{}
	for _, row := range results {
		perJob[row["job_id"]]++
	}
	lacking := notOnce(rows, func(row map[string]string) int { return perJob[row["job_id"]] })
	report.Check(want.results, float64(lacking))
}

// post is a phone's record of one post.
type post struct {
	Account string `json:"account"`
	Caption string `json:"caption"`
	SHA256  string `json:"video_sha256"`
}

// checkPosts holds what the phones say against the spreadsheet.
func checkPosts(report *evidence.Report, dir string) {
	want := targets()
	posts, err := readPosts(filepath.Join(dir, "posts.json"))
	if err != nil {
		cannot(report, err, want.posts, want.once)
		return
	}
	report.Check(want.posts, float64(len(posts)))
	asked, err := askedPosts(dir)
	if err != nil {
		cannot(report, err, want.once)
		return
	}
	seen := map[post]int{}
	for _, p := range posts {
		seen[p]++
	}
	report.Check(want.once, float64(notOnce(asked, func(p post) int { return seen[p] })))
}

// notOnce counts the items whose count is anything but one.
func notOnce[T any](items []T, count func(T) int) int {
	n := 0
	for _, item := range items {
		if count(item) != 1 {
			n++
		}
	}
	return n
}

func readPosts(path string) ([]post, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read posts: %w", err)
	}
	var posts []post
	if err := json.Unmarshal(b, &posts); err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	return posts, nil
}

// askedPosts is what jobs.csv asks for.
func askedPosts(dir string) ([]post, error) {
	media := filepath.Join(dir, "media")
	input, err := jobs.Read(filepath.Join(dir, "jobs.csv"), media)
	if err != nil {
		return nil, err
	}
	posts := make([]post, 0, len(input.Jobs))
	for _, job := range input.Jobs {
		video, err := os.ReadFile(filepath.Join(media, job.Video))
		if err != nil {
			return nil, fmt.Errorf("read the video of job %d: %w", job.ID, err)
		}
		sum := sha256.Sum256(video)
		posts = append(posts, post{Account: job.Account, Caption: job.Caption, SHA256: hex.EncodeToString(sum[:])})
	}
	return posts, nil
}

// checkLeftovers asks the engine what of the fleet is still there.
func checkLeftovers(ctx context.Context, report *evidence.Report) {
	want := targets()
	filter := "label=postfleet.fleet=" + fleet
	for _, ask := range []struct {
		target evidence.Target
		args   []string
	}{
		{want.containers, []string{"ps", "-aq", "--filter", filter}},
		{want.networks, []string{"network", "ls", "-q", "--filter", filter}},
	} {
		out, err := docker(ctx, ask.args...)
		if err != nil {
			cannot(report, err, ask.target)
			continue
		}
		report.Check(ask.target, float64(len(strings.Fields(out))))
	}
}

func cannot(report *evidence.Report, err error, targets ...evidence.Target) {
	for _, t := range targets {
		report.CannotCheck(t, err.Error())
	}
}

// table reads a CSV file as one map a row.
func table(path string) ([]map[string]string, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read table: %w", err)
	}
	records, err := csv.NewReader(f).ReadAll()
	err = errors.Join(err, f.Close())
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	if len(records) == 0 {
		return nil, fmt.Errorf("read %s: no header", path)
	}
	rows := make([]map[string]string, 0, len(records)-1)
	for _, record := range records[1:] {
		row := map[string]string{}
		for i, name := range records[0] {
			row[name] = record[i]
		}
		rows = append(rows, row)
	}
	return rows, nil
}
