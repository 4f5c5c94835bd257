package main

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"postfleet/internal/evidence"
	"postfleet/internal/phonesim/geelark"
	"postfleet/internal/testbed"
)

func cannot(report *evidence.Report, err error, targets ...evidence.Target) {
	for _, t := range targets {
		report.CannotCheck(t, err.Error())
	}
}

// checkPosts holds what the phones say against jobs and ledger.
func checkPosts(ctx context.Context, report *evidence.Report, bed *testbed.Fleet, cloud *testbed.Cloud) {
	want := targets()
	posts, postsErr := cloud.Posts(ctx)
	asked, askedErr := testbed.Asked(bed.Dir)
	rows, rowsErr := bed.Rows(ctx)
	if err := errors.Join(postsErr, askedErr, rowsErr); err != nil {
		cannot(report, err, want.success, want.posts, want.once)
		return
	}
	found := testbed.Judge(rows, posts, asked)
	report.Check(want.success, float64(found.Success))
	report.Check(want.posts, float64(len(posts)))
	report.Check(want.once, float64(len(found.Twice)+len(found.Lost)+len(found.Contradictions)+len(found.Waiting)))
}

// checkMeter holds the cloud's meter to its targets.
func checkMeter(ctx context.Context, report *evidence.Report, dir string, cloud *testbed.Cloud) {
	want := targets()
	meter, meterErr := cloud.Meter(ctx)
	limits, limitsErr := cloud.Limits(ctx)
	worked, workedErr := jobSeconds(filepath.Join(dir, "results.csv"))
	if err := errors.Join(meterErr, limitsErr, workedErr); err != nil {
		cannot(report, err, want.running, want.shared, want.foreign, want.cost, want.limit)
		return
	}
	var starting float64
	shared, foreign, starts, busiest := 0, 0, 0, 0
	for _, p := range meter.Phones {
		starting += p.StartingSeconds
		starts += p.Starts
		foreign += p.ForeignStops + p.RepeatedStarts
		shared += sharedRuns(p)
	}
	for _, calls := range limits {
		busiest = max(busiest, calls.MaxPerMinute)
	}
	report.Measure("phones ran", meter.Seconds, "s", nil)
	report.Measure("jobs took", worked, "s", nil)
	report.Measure("starts took", starting, "s", map[string]any{"starts": starts})
	report.Check(want.running, float64(meter.Running))
	report.Check(want.shared, float64(shared))
	report.Check(want.foreign, float64(foreign))
	report.Check(want.cost, meter.Seconds/(worked+starting))
	report.Check(want.limit, float64(busiest))
}

// sharedRuns counts the runs of a phone in which more than one worker was
// connected, or another one than had started it.
func sharedRuns(p geelark.PhoneMeter) int {
	n := 0
	for _, run := range p.Runs {
		hosts := []string{run.By}
		for _, c := range p.Connections {
			during := !c.From.Before(run.From) && (run.To == nil || c.From.Before(*run.To))
			if during && !slices.Contains(hosts, c.Host) {
				hosts = append(hosts, c.Host)
			}
		}
		if len(hosts) > 1 {
			n++
		}
	}
	return n
}

// jobSeconds is how long all attempts took together.
func jobSeconds(path string) (float64, error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, fmt.Errorf("read results: %w", err)
	}
	records, err := csv.NewReader(f).ReadAll()
	if err = errors.Join(err, f.Close()); err != nil {
		return 0, fmt.Errorf("read results: %w", err)
	}
	if len(records) == 0 {
		return 0, errors.New("read results: no header")
	}
	column := slices.Index(records[0], "duration_s")
	if column < 0 {
		return 0, errors.New("read results: no duration_s")
	}
	var sum float64
	for _, r := range records[1:] {
		seconds, err := strconv.ParseFloat(r[column], 64)
		if err != nil {
			return 0, fmt.Errorf("read results: %w", err)
		}
		sum += seconds
	}
	return sum, nil
}

// checkLeft looks at the book of phones, which is to be empty.
func checkLeft(report *evidence.Report, dir string) {
	want := targets().booked
	var book struct {
		Phones []struct {
			StartedAt time.Time `json:"started_at"`
		} `json:"phones"`
	}
	text, err := os.ReadFile(filepath.Join(dir, "phones.json"))
	if err == nil {
		err = json.Unmarshal(text, &book)
	}
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			err = fmt.Errorf("no phone was ever booked: %w", err)
		}
		cannot(report, err, want)
		return
	}
	report.Check(want, float64(len(book.Phones)))
}
