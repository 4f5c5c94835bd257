package main

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"postfleet/internal/evidence"
	"postfleet/internal/testbed"
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

// checkPosts holds what the phones say against the spreadsheet.
func checkPosts(report *evidence.Report, dir string) {
	want := targets()
	posts, err := testbed.Posted(dir)
	if err != nil {
		cannot(report, err, want.posts, want.once)
		return
	}
	report.Check(want.posts, float64(len(posts)))
	asked, err := testbed.Asked(dir)
	if err != nil {
		cannot(report, err, want.once)
		return
	}
	seen := map[testbed.Post]int{}
	for _, p := range posts {
		seen[p]++
	}
	report.Check(want.once, float64(notOnce(asked, func(p testbed.Post) int { return seen[p] })))
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
		out, err := testbed.Docker(ctx, ask.args...)
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
