package main

import (
	"strings"
	"testing"

	"postfleet/internal/progress"
	"postfleet/workerimage"
)

func TestJobsRequeue(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		args string
		code int
		// out is all of the output, want parts of what is said besides.
		out  string
		want []string
		// after are the statuses then; "" is as before.
		after string
	}{
		{
			args: "2", out: "requeued 1 job: 2\n", want: []string{"next: 'orchestrator launch'"},
			after: "success pending fail? pending? skip pending pending claimed",
		},
		{
			args: "2,5 6", out: "requeued 2 jobs: 2,5\n", want: []string{"1 job pending already: 6"},
			after: "success pending fail? pending? pending pending pending claimed",
		},
		{args: "6-7", want: []string{"2 jobs pending already: 6-7", "no job to requeue"}},
		{
			args: "--status skip", out: "requeued 1 job: 5\n",
			after: "success fail fail? pending? pending pending pending claimed",
		},
		{
			args: "--status fail", out: "requeued 1 job: 2\n",
			want:  []string{"1 job left out", "may have been posted: 3;", "jobs list --id 3"},
			after: "success pending fail? pending? skip pending pending claimed",
		},
		{
			args: "--status fail --i-have-checked", out: "requeued 2 jobs: 2-3\n",
			after: "success pending pending pending? skip pending pending claimed",
		},
		{
			args: "--status unknown", code: workerimage.ExitUsage, want: []string{
				"nothing was requeued", "job 3 may have been posted: look at the profile of shop_c for a.mp4",
				`"three lines, \"quoted\""`, "from about 20", "--i-have-checked",
			},
		},
		{
			args: "--status unknown,skip", code: workerimage.ExitUsage, want: []string{"job 3 may have been posted"},
		},
		{
			args: "--status unknown --i-have-checked", out: "requeued 1 job: 3\n",
			after: "success fail pending pending? skip pending pending claimed",
		},
		{
			args: "3 4 --i-have-checked", out: "requeued 2 jobs: 3-4\n",
			after: "success fail pending pending skip pending pending claimed",
		},
		{
			args: "2-4", code: workerimage.ExitUsage, want: []string{
				"nothing was requeued", "job 3 may have been posted", "profile of shop_c",
				"job 4 may have been posted", "profile of shop_d", `caption "four"`,
			},
		},
		{
			args: "1,2,8 --i-have-checked", code: workerimage.ExitUsage, want: []string{
				"nothing was requeued", "job 1: it was posted", "job 8: worker 7 is at it", "leave these out",
			},
		},
		{
			args: "--account shop_b --account shop_e", out: "requeued 2 jobs: 2,5\n",
			after: "success pending fail? pending? pending pending pending claimed",
		},
		{args: "--account shop_c", code: workerimage.ExitUsage, want: []string{"job 3 may have been posted"}},
		{args: "--account shop_a", want: []string{"no job to requeue"}},
		{args: "--account shop_d --i-have-checked", want: []string{"no job to requeue"}},
		{args: "1-5 --status skip --account shop_e --dry-run", out: "would requeue 1 job: 5\n"},
		{args: "2 --account shop_e", want: []string{"no job to requeue"}},
	} {
		t.Run(tt.args, func(t *testing.T) {
			t.Parallel()
			w := newJobsWorld(t)
			before := w.tree()
			code := w.run(append([]string{"jobs", "requeue"}, strings.Fields(tt.args)...)...)
			if got := w.out.String(); code != tt.code || got != tt.out {
				t.Errorf("got exit code %d, output %q; want %d, %q\n%s", code, got, tt.code, tt.out, w.err.String())
			}
			w.mustHold("message", w.err.String(), tt.want...)
			if tt.after == "" {
				tt.after = asSeeded
				mustBeSame(t, before, w.tree())
			}
			if got := w.statuses(); got != tt.after {
				t.Errorf("got   %q\nafter, want %q", got, tt.after)
			}
		})
	}
}

func TestJobsSkip(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		args  string
		code  int
		out   string
		want  []string
		after string
	}{
		{
			args: "2 6", out: "skipped 2 jobs: 2,6\n", want: []string{"next: 'orchestrator jobs requeue'"},
			after: "success skip fail? pending? skip skip pending claimed",
		},
		{args: "5", want: []string{"1 job skipped already: 5", "no job to skip"}},
		{
			args: "--status pending", out: "skipped 2 jobs: 6-7\n", want: []string{"1 job left out", ": 4;"},
			after: "success fail fail? pending? skip skip skip claimed",
		},
		{
			args: "--status fail", out: "skipped 1 job: 2\n", want: []string{"1 job left out", ": 3;"},
			after: "success skip fail? pending? skip pending pending claimed",
		},
		{
			args: "--account shop_a", out: "skipped 1 job: 7\n",
			after: "success fail fail? pending? skip pending skip claimed",
		},
		{args: "--account shop_b", want: []string{"no job to skip"}},
		{args: "3 4 6", code: workerimage.ExitUsage, want: []string{
			"nothing was skipped", "job 3 may have been posted", "job 4 may have been posted",
		}},
		{args: "1 6 8", code: workerimage.ExitUsage, want: []string{"job 1: it was posted", "job 8: worker 7"}},
		{args: "6 --dry-run", out: "would skip 1 job: 6\n"},
	} {
		t.Run(tt.args, func(t *testing.T) {
			t.Parallel()
			w := newJobsWorld(t)
			before := w.tree()
			args := append([]string{"jobs", "skip", "--reason", "the offer, it has ended"}, strings.Fields(tt.args)...)
			code := w.run(args...)
			if got := w.out.String(); code != tt.code || got != tt.out {
				t.Errorf("got exit code %d, output %q; want %d, %q\n%s", code, got, tt.code, tt.out, w.err.String())
			}
			w.mustHold("message", w.err.String(), tt.want...)
			if tt.after == "" {
				tt.after = asSeeded
				mustBeSame(t, before, w.tree())
			}
			if got := w.statuses(); got != tt.after {
				t.Errorf("got   %q\nafter, want %q", got, tt.after)
			}
		})
	}
}

func TestJobsSkipKeepsTheReason(t *testing.T) {
	t.Parallel()
	w := newJobsWorld(t)
	w.must("jobs", "skip", "6", "--reason", "the offer, it has ended")
	if row := w.rows()[pendingJob-1]; row.Status != progress.StatusSkip || row.Error != "the offer, it has ended" {
		t.Errorf("got %+v, want skip with the reason", row)
	}
}

// What was requeued is run by the next launch.
func TestRequeueThenLaunch(t *testing.T) {
	t.Parallel()
	w := newWorld(t, twoJobs+"shop_a,gone.mp4,three\n")
	w.must("launch")
	w.write("data/media/gone.mp4", "video")
	w.must("jobs", "requeue", "--status", "skip")
	w.must("launch")
	w.mustHold("summary", w.out.String(), "3 jobs: 3 success")
}
