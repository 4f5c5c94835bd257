package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"

	sample "postfleet/internal/phonesim/app"
)

// skinRun is what came of one update of the app.
type skinRun struct {
	number int
	// alone is the post by the recipe alone; kept are the artifacts it left.
	alone result
	kept  []string
	// cold is the first post with model, warm the further ones; foreign is the
	// first by a phone in another language, in which nobody has posted yet.
	cold, foreign result
	warm          []result
	// asked are the screens that the model was asked about by the warm ones.
	asked []string
	// claude is a post without the recipe's selectors and without a memory.
	claude result
	err    error
}

// The workers of a skin by number; further ones count from firstWarm.
const (
	byRecipe = iota + 1
	byColdWorker
	byClaude
	byForeigner
	firstWarm
)

// skins posts in all updates of the app, all at once.
func (l *lab) skins(ctx context.Context) []skinRun {
	runs := make([]skinRun, l.cfg.skins)
	var all sync.WaitGroup
	for i := range runs {
		all.Go(func() {
			runs[i] = skinRun{number: i + 1}
			runs[i].err = l.skin(ctx, &runs[i])
		})
	}
	all.Wait()
	return runs
}

// skin does the posts of one update: by the recipe alone and by the model alone
// while the others post one after the other.
func (l *lab) skin(ctx context.Context, r *skinRun) (err error) {
	shared, err := l.open(ctx, fmt.Sprintf("skin-%d", r.number), r.number)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, shared.close()) }()
	var aside sync.WaitGroup
	var aloneErr, claudeErr error
	aside.Go(func() { r.alone, aloneErr = shared.post(ctx, byRecipe, role{mode: modeRecipe}) })
	aside.Go(func() { r.claude, claudeErr = l.byClaude(ctx, r.number) })
	r.cold, err = shared.post(ctx, byColdWorker, role{mode: modeBoth})
	if err == nil {
		r.warm, err = shared.warm(ctx)
		r.asked = shared.askedSince(r.cold.calls)
	}
	if err == nil {
		r.foreign, err = shared.post(ctx, byForeigner, role{modeBoth, sample.German})
	}
	aside.Wait()
	r.kept = kept(r.alone.artifacts)
	return errors.Join(err, aloneErr, claudeErr)
}

// byClaude posts without selectors, at a site of its own.
func (l *lab) byClaude(ctx context.Context, skin int) (r result, err error) {
	own, err := l.open(ctx, fmt.Sprintf("claude-%d", skin), skin)
	if err != nil {
		return result{}, err
	}
	defer func() { err = errors.Join(err, own.close()) }()
	return own.post(ctx, byClaude, role{mode: modeClaude})
}

// warm has further workers post at once, each of them its share one by one.
func (s *site) warm(ctx context.Context) ([]result, error) {
	results, errs := make([][]result, s.cfg.crew), make([]error, s.cfg.crew)
	var all sync.WaitGroup
	for n := range s.cfg.crew {
		all.Go(func() {
			results[n], errs[n] = s.work(ctx, firstWarm+n, role{mode: modeBoth}, s.cfg.warm/s.cfg.crew)
		})
	}
	all.Wait()
	return slices.Concat(results...), errors.Join(errs...)
}

// kept are the artifacts that are there and hold something.
func kept(dir string) []string {
	var names []string
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil
	}
	for _, e := range entries {
		if info, err := os.Stat(filepath.Join(dir, e.Name())); err == nil && info.Size() > 0 {
			names = append(names, e.Name())
		}
	}
	return names
}

// original has fresh workers post in the app that the recipe is written for, one
// in each language.
func (l *lab) original(ctx context.Context) (results []result, err error) {
	s, err := l.open(ctx, "original", 0)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	for i, language := range sample.Languages()[:l.cfg.languages] {
		r, failed := s.post(ctx, firstWarm+i, role{modeBoth, language})
		results, err = append(results, r), errors.Join(err, failed)
	}
	return results, err
}
