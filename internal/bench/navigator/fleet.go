package main

import (
	"cmp"
	"context"
	"errors"
	"strings"
	"sync"

	"postfleet/internal/claudesim"
	sample "postfleet/internal/phonesim/app"
	"postfleet/internal/screen"
)

// fleetSkin is the update that the fleet meets.
const fleetSkin = 7

// fleetRun is what came of a whole fleet that met one update at once.
type fleetRun struct {
	results []result
	// asked counts the requests by the screen that they were about.
	asked map[string]int
	// retries are requests with a question that was put before.
	retries int
	err     error
}

// fleet has as many workers as there are post at once.
func (l *lab) fleet(ctx context.Context) (r fleetRun) {
	s, err := l.open(ctx, "fleet", fleetSkin)
	if err != nil {
		return fleetRun{err: err}
	}
	r.results = make([]result, l.cfg.fleet)
	errs := make([]error, l.cfg.fleet)
	var all sync.WaitGroup
	for n := range r.results {
		all.Go(func() { r.results[n], errs[n] = s.post(ctx, firstWarm+n, role{mode: modeBoth}) })
	}
	all.Wait()
	r.err = errors.Join(append(errs, s.close())...)
	r.asked = map[string]int{}
	for _, name := range s.askedSince(0) {
		r.asked[name]++
	}
	for _, n := range s.stub.server.Conversations() {
		r.retries += n - 1
	}
	return r
}

// askedSince are the screens that requests were about, but for the first n.
func (s *site) askedSince(n int) []string {
	var names []string
	for _, request := range s.stub.server.Requests()[n:] {
		names = append(names, s.pages.name(request.Prompt.Lines))
	}
	return names
}

// most is how often the screen that was asked about most was.
func (r fleetRun) most() int {
	most := 0
	for _, n := range r.asked {
		most = max(most, n)
	}
	return most
}

// pages are the app's screens by what is in their outlines: a profile without
// posts is another one than with some.
type pages map[string]map[string]bool

func pagesOf(number int) (pages, error) {
	skin, err := sample.NewSkin(number, sample.English)
	if err != nil {
		return nil, err
	}
	all := pages{}
	for _, shot := range sample.Shots(skin, sample.Content{}) {
		tree, err := screen.Parse(shot.Source())
		if err != nil {
			return nil, err
		}
		all[shot.Name] = map[string]bool{}
		for _, line := range tree.Outline(sample.Package).Lines {
			if line.Node != nil {
				_, id, _ := strings.Cut(line.Node.ID, ":id/")
				all[shot.Name][cmp.Or(id, line.Node.Desc, line.Node.Text)] = true
			}
		}
	}
	return all, nil
}

// name is the page that lines are most likely of: the one that has most of what
// they have, and least else.
func (p pages) name(lines []claudesim.Line) string {
	has := map[string]bool{}
	for _, l := range lines {
		id, _, _ := strings.Cut(l.Rest, " ")
		has[cmp.Or(id, l.Label)] = true
	}
	best, likeness := "", 0.0
	for name, page := range p {
		both := 0
		for what := range has {
			if page[what] {
				both++
			}
		}
		like := float64(both) / float64(max(1, len(has)+len(page)-both))
		if like > likeness || like == likeness && name < best {
			best, likeness = name, like
		}
	}
	return best
}
