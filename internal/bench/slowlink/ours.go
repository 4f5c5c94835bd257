package main

import (
	"context"
	"path/filepath"
	"time"

	"postfleet/internal/device"
	"postfleet/internal/jobs"
	"postfleet/internal/logging"
	"postfleet/internal/navigator"
	"postfleet/internal/posting"
	"postfleet/internal/recipe"
)

// ours is what a worker does with a phone.
type ours struct {
	phone  *timed
	poster *posting.Poster
	// dir is for artifacts.
	dir string
	// jobs counts.
	jobs int
}

func newOurs(cfg device.Config, dir string) (*ours, error) {
	written, err := recipe.Load("builtin:instagram-reel")
	if err != nil {
		return nil, err
	}
	logger := logging.Discard()
	phone := &timed{Controller: device.New(cfg, logger)}
	nav := navigator.New(written, navigator.Config{}, logger)
	return &ours{phone: phone, poster: posting.New(posting.Config{}, phone, nav, nil, logger), dir: dir}, nil
}

// open makes the session, as a worker does before it takes a job.
func (o *ours) open(ctx context.Context) error { return o.phone.Connect(ctx) }

func (o *ours) close(ctx context.Context) error { return o.phone.Close(ctx) }

func (o *ours) post(ctx context.Context, j job) error {
	o.jobs++
	written := func(context.Context) error { return nil } // the ledger is not what is measured
	return o.poster.Run(ctx, posting.Attempt{
		Job:    jobs.PostJob{ID: o.jobs, Account: j.account, Video: j.path, Caption: j.caption},
		Number: 1, VideoPath: j.path, Artifacts: filepath.Join(o.dir, j.name),
		Posting: written, Posted: written,
	})
}

// timed is a phone that takes note of how long each call took.
type timed struct {
	*device.Controller
	tally tally
}

var _ posting.Device = (*timed)(nil)

func (t *timed) note(what string, began time.Time) { t.tally.add(what, time.Since(began)) }

// Connect implements posting.Device.
func (t *timed) Connect(ctx context.Context) error {
	defer t.note("connect", time.Now())
	return t.Controller.Connect(ctx)
}

// Launch implements posting.Device.
func (t *timed) Launch(ctx context.Context, app string) error {
	defer t.note("launch", time.Now())
	return t.Controller.Launch(ctx, app)
}

// Upload implements posting.Device.
func (t *timed) Upload(ctx context.Context, local, name string) (string, error) {
	defer t.note("upload", time.Now())
	return t.Controller.Upload(ctx, local, name)
}

// Remove implements posting.Device.
func (t *timed) Remove(ctx context.Context, remote string) error {
	defer t.note("remove", time.Now())
	return t.Controller.Remove(ctx, remote)
}

// Source implements posting.Device.
func (t *timed) Source(ctx context.Context) (string, error) {
	defer t.note("source", time.Now())
	return t.Controller.Source(ctx)
}

// Tap implements posting.Device.
func (t *timed) Tap(ctx context.Context, x, y int) error {
	defer t.note("tap", time.Now())
	return t.Controller.Tap(ctx, x, y)
}

// Type implements posting.Device.
func (t *timed) Type(ctx context.Context, text string) error {
	defer t.note("type", time.Now())
	return t.Controller.Type(ctx, text)
}
