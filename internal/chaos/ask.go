package main

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"postfleet/internal/testbed"
)

// ask hears the phones and the workers' adb servers while they are there. Those
// that do not answer are struck just now, or gone.
func (r *round) ask(ctx context.Context) {
	for n := range r.cfg.workers {
		posts, err := r.fleet.Posts(ctx, n)
		if err == nil {
			r.remember(posts)
		}
		out, err := r.fleet.Engine.Docker(ctx, "exec", r.fleet.Worker(n), "adb", "-H", "127.0.0.1", "forward", "--list")
		if err == nil {
			r.mu.Lock()
			r.forwards = max(r.forwards, len(strings.FieldsFunc(out, func(c rune) bool { return c == '\n' })))
			r.mu.Unlock()
		}
	}
}

func (r *round) remember(posts []testbed.Post) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, p := range posts {
		r.seen[p] = true
	}
}

// posted is what the phones said at the end, and how many posts they spoke of
// before and not then.
func (r *round) posted() (posts []testbed.Post, forgotten int, err error) {
	posts, err = testbed.Posted(r.fleet.Dir)
	if err != nil {
		return nil, 0, err
	}
	for p := range r.seen {
		if !slices.Contains(posts, p) {
			forgotten++
		}
	}
	return posts, forgotten, nil
}

// workerID is a worker's id in the ledger.
func workerID(n int) string { return strconv.Itoa(n) }
