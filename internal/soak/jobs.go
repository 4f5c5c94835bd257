package main

import (
	"context"
	"fmt"
	"strconv"

	"postfleet/internal/evidence"
	"postfleet/internal/progress"
	"postfleet/internal/testbed"
)

// checkJobs judges what the fleet did, and returns how much it was.
func checkJobs(
	ctx context.Context, cfg config, fleet *testbed.Fleet, code int, report *evidence.Report,
) (work, error) {
	want := targets()
	report.Check(want.exit, float64(code))
	asked, err := testbed.Asked(fleet.Dir)
	if err != nil {
		return work{}, err
	}
	posts, err := testbed.Posted(fleet.Dir)
	if err != nil {
		return work{}, err
	}
	rows, err := fleet.Rows(ctx)
	if err != nil {
		return work{}, err
	}
	containers, networks, err := fleet.Left(ctx)
	if err != nil {
		return work{}, err
	}
	found := testbed.Judge(rows, posts, asked)
	report.Check(want.twice, float64(len(found.Twice)))
	report.Check(want.lost, float64(len(found.Lost)))
	report.Check(want.contradictions, float64(len(found.Contradictions)))
	report.Check(want.failed, float64(found.Fail+len(found.Unknown)))
	report.Check(want.containers, float64(containers))
	report.Check(want.networks, float64(networks))
	done := count(rows, cfg.duration.Seconds())
	params := map[string]any{"workers": cfg.workers}
	report.Measure("jobs done", float64(found.Success), "jobs", params)
	report.Measure("jobs done", float64(done.total())/done.seconds*60, "jobs/min", params)
	fmt.Fprintf(cfg.stdout, "soak: %d jobs in %s\n", found.Success, cfg.duration)
	return done, nil
}

// count is how many rows each worker has ended.
func count(rows []progress.Row, seconds float64) work {
	done := work{jobs: map[int]int{}, seconds: seconds}
	for _, r := range rows {
		slot, err := strconv.Atoi(r.WorkerID)
		if err == nil && r.Status != progress.StatusPending {
			done.jobs[slot]++
		}
	}
	return done
}
