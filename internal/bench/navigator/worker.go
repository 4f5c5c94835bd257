package main

import (
	"context"
	"fmt"
	"path/filepath"
	"strconv"
	"time"

	"postfleet/internal/claude"
	"postfleet/internal/claude/budget"
	"postfleet/internal/claude/price"
	"postfleet/internal/guide"
	"postfleet/internal/jobs"
	"postfleet/internal/navigator"
	"postfleet/internal/phonesim/handset"
	"postfleet/internal/posting"
)

// mode is navigator.mode of the configuration.
type mode string

const (
	modeRecipe mode = "recipe"
	modeBoth   mode = "recipe+claude"
	modeClaude mode = "claude"
)

// What a job may cost by default, see docs/config.md.
const (
	maxCalls  = 12
	maxCents  = 15
	artifacts = "artifacts"
)

// worker is one of a fleet, with its phone.
type worker struct {
	site   *site
	number int
	key    string
	phone  *handset.Handset
	guide  *guide.Guide // nil in mode recipe
	poster *posting.Poster
	jobs   int
}

// hire makes a worker. Its account has none to three posts, as number says. Close
// its phone and its guide.
func (s *site) hire(number int, as role) (*worker, error) {
	w := &worker{site: s, number: number, key: "key-of-worker-" + strconv.Itoa(number)}
	var err error
	if w.phone, err = newPhone(s.lab, s.skin, as.language, w.account(), number%4); err != nil {
		return nil, err
	}
	cfg := navigator.Config{Poll: s.cfg.poll}
	if as.mode != modeRecipe {
		w.guide, err = guide.Open(guide.Config{
			DataDir: s.data, Worker: strconv.Itoa(number), Fleet: "bench", Key: claude.Key(w.key), BaseURL: s.url,
			Job: budget.ForJob(maxCalls, price.USD(maxCents/100.0)), Run: budget.NoLimit(),
			IgnoreSelectors: as.mode == modeClaude,
		}, nil)
		if err != nil {
			w.phone.Close()
			return nil, err
		}
		cfg.Help = w.guide.Help(w.phone, s.recipe.AppID())
	}
	w.poster = posting.New(posting.Config{}, w.phone, navigator.New(s.recipe, cfg, nil), nil, nil)
	return w, nil
}

func (w *worker) account() string { return "shop_" + strconv.Itoa(w.number) }

// result is what came of one job.
type result struct {
	err error
	// posts, shares and calls are how many posts there are of the job, how often
	// what publishes was tapped, and how many requests the model's endpoint got.
	posts, shares, calls int
	took                 time.Duration
	// artifacts is where an attempt that failed left them.
	artifacts string
}

// posted reports whether there is the one post that there should be.
func (r result) posted() bool { return r.err == nil && r.posts == 1 && r.shares == 1 }

// post does one job.
func (w *worker) post(ctx context.Context) result {
	const perWorker = 1000
	w.jobs++
	id := w.number*perWorker + w.jobs
	job := jobs.PostJob{
		ID: id, Account: w.account(), Video: "reel.mp4",
		Caption: fmt.Sprintf("Post %d of %s 🎉 #new", w.jobs, w.account()),
	}
	r := result{artifacts: filepath.Join(w.site.data, artifacts, fmt.Sprintf("job-%d", id), "attempt-1")}
	if w.guide != nil {
		w.guide.Begin(strconv.Itoa(id))
	}
	calls, shares, began := w.site.stub.callsBy(w.key), w.phone.Shares(), time.Now()
	noted := func(context.Context) error { return nil }
	r.err = w.poster.Run(ctx, posting.Attempt{
		Job: job, Number: 1, VideoPath: w.site.video, Artifacts: r.artifacts, Posting: noted, Posted: noted,
	})
	r.took = time.Since(began)
	r.calls, r.shares = w.site.stub.callsBy(w.key)-calls, w.phone.Shares()-shares
	r.posts = w.phone.Service.Count(job.Caption)
	return r
}
