package main

import (
	"context"
	"io"
	"strings"
	"sync"
	"syscall"
	"testing"

	"postfleet/internal/progress"
	"postfleet/internal/progress/filelock"
	"postfleet/orchestrator"
	"postfleet/workerimage"
)

func TestSeedAppend(t *testing.T) {
	t.Parallel()
	w := newWorld(t, strings.TrimSuffix(twoJobs, "\n"))
	w.write("more.csv", "caption,account_name,video_path\r\n\"three\r\nlines\",shop_c,a.mp4\r\n")
	w.must("seed", "--append", w.path("more.csv"))
	w.mustHold("output", w.out.String(), "1 rows added to "+w.path("data/jobs.csv")+": jobs 3",
		"3 jobs in the ledger, 1 of them new")
	if got, want := w.read("data/jobs.csv"), twoJobs+"shop_c,a.mp4,\"three\r\nlines\"\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if row := w.rows()[2]; row.Account != "shop_c" || row.Caption != "three\r\nlines" {
		t.Errorf("got %+v", row)
	}
	w.must("launch")
	w.mustHold("summary", w.out.String(), "3 jobs: 3 success")
}

func TestSeedAppendFromStandardInput(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "")
	w.app.stdin = strings.NewReader(twoJobs)
	w.must("seed", "--append", "-")
	w.mustHold("output", w.out.String(), "jobs 1-2", "2 jobs in the ledger, 2 of them new")
	if got := w.read("data/jobs.csv"); got != twoJobs {
		t.Errorf("got %q, want %q", got, twoJobs)
	}
}

// Whoever types the rows can change his mind.
func TestSeedAppendInterrupted(t *testing.T) {
	t.Parallel()
	w := newWorld(t, twoJobs)
	in, typing := io.Pipe()
	w.app.stdin = in
	w.signals <- syscall.SIGINT
	before := w.tree()
	if code := w.run("seed", "--append", "-"); code != workerimage.ExitError {
		t.Errorf("got exit code %d, want %d", code, workerimage.ExitError)
	}
	w.mustHold("message", w.err.String(), "interrupted")
	mustBeSame(t, before, w.tree())
	if err := typing.Close(); err != nil { // ends the read, for the leak check
		t.Fatal(err)
	}
}

func TestSeedAppendTwice(t *testing.T) {
	t.Parallel()
	w := newWorld(t, twoJobs)
	w.write("more.csv", "account_name,video_path,caption\nshop_c,a.mp4,three\nshop_a,a.mp4,one\n")
	before := w.tree()
	if code := w.run("seed", "--append", w.path("more.csv")); code != workerimage.ExitUsage {
		t.Errorf("got exit code %d, want %d", code, workerimage.ExitUsage)
	}
	w.mustHold("message", w.err.String(), "more.csv: row 3 (line 3): a.mp4 for account shop_a", "is job 1 already",
		"nothing was added", "--allow-duplicates")
	mustBeSame(t, before, w.tree())
	w.must("seed", "--append", w.path("more.csv"), "--allow-duplicates")
	w.mustHold("output", w.out.String(), "4 jobs in the ledger, 2 of them new")
}

// Whatever is wrong, it is told by name, and nothing is changed.
func TestSeedAppendRefused(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, more string
		prepare    func(w *world)
		code       int
		want       []string
	}{
		{
			name: "bad rows", more: "account_name,video_path,caption\nshop_c,../x,three\n,a.mp4,four\n",
			code: workerimage.ExitUsage,
			want: []string{"more.csv: row 2 (line 2), column video_path", "row 3 (line 3), column"},
		},
		{
			name: "further column", more: "account_name,video_path,caption,music\nshop_c,a.mp4,three,jazz\n",
			code: workerimage.ExitUsage, want: []string{"more.csv: column music", "add it there"},
		},
		{
			name: "bad jobs.csv", more: twoJobs, code: workerimage.ExitUsage, want: []string{"jobs.csv: row 2"},
			prepare: func(w *world) { w.write("data/jobs.csv", "account_name,video_path,caption\nshop_a\n") },
		},
		{
			name: "changed jobs.csv", more: strings.ReplaceAll(twoJobs, "shop", "store"), code: workerimage.ExitUsage,
			want: []string{"jobs.csv", "job 2", "other"},
			prepare: func(w *world) {
				w.must("seed")
				w.write("data/jobs.csv", strings.Replace(twoJobs, "two", "other", 1))
			},
		},
		{
			name: "lost jobs.csv", more: twoJobs, code: workerimage.ExitUsage,
			want: []string{"the ledger has 2 jobs", "jobs.csv is not there", "jobs archive"},
			prepare: func(w *world) {
				w.must("seed")
				w.remove("data/jobs.csv")
			},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, twoJobs)
			w.write("more.csv", tt.more)
			if tt.prepare != nil {
				tt.prepare(w)
			}
			before := w.tree()
			if code := w.run("seed", "--append", w.path("more.csv")); code != tt.code {
				t.Errorf("got exit code %d, want %d", code, tt.code)
			}
			w.mustHold("message", w.err.String(), tt.want...)
			mustBeSame(t, before, w.tree())
		})
	}
}

func TestSeedAppendWhileAnotherWrites(t *testing.T) {
	t.Parallel()
	w := newWorld(t, twoJobs)
	w.write("more.csv", "account_name,video_path,caption\nshop_c,a.mp4,three\n")
	lock, err := filelock.Hold(w.path("data/jobs.csv.lock"))
	if err != nil {
		t.Fatal(err)
	}
	if code := w.run("seed", "--append", w.path("more.csv")); code != workerimage.ExitError {
		t.Errorf("got exit code %d, want %d", code, workerimage.ExitError)
	}
	w.mustHold("message", w.err.String(), "another 'seed --append'", "nothing was added")
	if got := w.read("data/jobs.csv"); got != twoJobs {
		t.Errorf("got %q, want %q", got, twoJobs)
	}
	if err := lock.Release(); err != nil {
		t.Fatal(err)
	}
	w.must("seed", "--append", w.path("more.csv"))
}

// A fleet that runs takes the rows that come to it meanwhile.
func TestSeedAppendWhileAFleetRuns(t *testing.T) {
	t.Parallel()
	w := newWorld(t, twoJobs)
	w.write("more.csv", "account_name,video_path,caption\nshop_c,a.mp4,three\n")
	person := *w.app
	var out, errs buffer
	person.stdout, person.stderr, person.signals = &out, &errs, nil
	var once sync.Once
	w.engine.Run = func(
		ctx context.Context, spec workerimage.Container, signals <-chan orchestrator.Signal,
	) orchestrator.Exit {
		return workWith(ctx, spec, signals, func(ctx context.Context, _ progress.Claim) progress.Outcome {
			once.Do(func() {
				args := []string{"seed", "--append", w.path("more.csv"), "--data-dir", w.path("data")}
				if code := person.run(ctx, args); code != 0 {
					t.Errorf("got exit code %d, want 0\n%s", code, errs.String())
				}
			})
			return progress.Success()
		})
	}
	w.must("launch")
	w.mustHold("summary", w.out.String(), "3 jobs: 3 success")
}
