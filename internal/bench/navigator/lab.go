package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"postfleet/internal/claudesim/insider"
	sample "postfleet/internal/phonesim/app"
	"postfleet/internal/phonesim/ui"
	"postfleet/internal/recipe"
)

// patience bounds what takes no time when all is well.
const patience = 10 * time.Second

// lab is what all measurements share.
type lab struct {
	cfg    config
	dir    string
	recipe *recipe.Recipe
	// renderer draws screenshots; nil draws none.
	renderer *ui.Renderer
	video    string
}

// newLab makes a lab in a new directory, which clear removes.
func newLab(cfg config) (*lab, error) {
	l := &lab{cfg: cfg}
	var err error
	if l.recipe, err = recipe.Load("builtin:instagram-reel"); err != nil {
		return nil, err
	}
	if !cfg.blank {
		if l.renderer, err = ui.NewRenderer(); err != nil {
			return nil, err
		}
	}
	if err := os.MkdirAll(cfg.dir, 0o755); err != nil {
		return nil, fmt.Errorf("make the working directory: %w", err)
	}
	if l.dir, err = os.MkdirTemp(cfg.dir, "run-"); err != nil {
		return nil, fmt.Errorf("make the working directory: %w", err)
	}
	l.video = filepath.Join(l.dir, "reel.mp4")
	if err := os.WriteFile(l.video, []byte("a reel"), 0o600); err != nil {
		return nil, errors.Join(fmt.Errorf("make a video: %w", err), l.clear())
	}
	return l, nil
}

func (l *lab) clear() error { return os.RemoveAll(l.dir) }

// site is one data directory, one version of the app and one endpoint of the
// model.
type site struct {
	*lab

	skin int
	data string
	// pages are the app's, in English.
	pages pages
	stub  *stub
	url   string
	stop  func() error
}

// open opens a site with no memory. Close it when its workers are closed.
func (l *lab) open(ctx context.Context, name string, skin int) (*site, error) {
	s := &site{lab: l, skin: skin, data: filepath.Join(l.dir, name)}
	if err := os.MkdirAll(s.data, 0o755); err != nil {
		return nil, fmt.Errorf("make a data directory: %w", err)
	}
	var err error
	if s.pages, err = pagesOf(skin); err != nil {
		return nil, err
	}
	m, err := insider.New(l.recipe.Elements(), skin)
	if err != nil {
		return nil, err
	}
	s.stub = newStub(m)
	if s.url, s.stop, err = l.cfg.serveFunc(ctx, s.stub); err != nil {
		return nil, err
	}
	return s, nil
}

func (s *site) close() error { return s.stop() }

// work has a new worker do so many jobs.
func (s *site) work(ctx context.Context, number int, as role, jobs int) ([]result, error) {
	w, err := s.hire(number, as)
	if err != nil {
		return nil, err
	}
	defer w.phone.Close()
	results := make([]result, jobs)
	for i := range results {
		results[i] = w.post(ctx)
	}
	if w.guide == nil {
		return results, nil
	}
	return results, w.guide.Close()
}

// post has a new worker do one job.
func (s *site) post(ctx context.Context, number int, as role) (result, error) {
	results, err := s.work(ctx, number, as, 1)
	if len(results) == 0 {
		return result{}, err
	}
	return results[0], err
}

// role is how a worker works.
type role struct {
	mode     mode
	language sample.Language
}
