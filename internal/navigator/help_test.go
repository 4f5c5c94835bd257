package navigator_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"testing/synctest"

	"postfleet/internal/fault"
	"postfleet/internal/learned"
	"postfleet/internal/logging"
	"postfleet/internal/navigator"
	"postfleet/internal/phonesim/app"
	"postfleet/internal/recipe"
)

func builtin(t *testing.T) *recipe.Recipe {
	t.Helper()
	r, err := recipe.Load("builtin:instagram-reel")
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestHelp: a changed app is learned once, by one worker, with few questions;
// the others ask nothing.
func TestHelp(t *testing.T) {
	t.Parallel()
	r := builtin(t)
	for number := 1; number <= 2; number++ {
		t.Run(fmt.Sprint("skin ", number), func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			synctest.Test(t, func(t *testing.T) {
				for worker := range 3 {
					p := newSample(t, number, app.English)
					if worker == 2 { // an account that has never posted
						p.Service.Set()
					}
					before := p.posts()
					model := &honest{skin: p.skin}
					book := learned.New(learned.Config{
						Path: filepath.Join(dir, learned.FileName), Worker: fmt.Sprint("w", worker),
					}, logging.Discard())
					help := navigator.Help{Memory: navigator.Learned(book), Model: model}
					values, err := p.post(t.Context(), r, help)
					if err != nil {
						t.Errorf("worker %d: %v", worker, err)
					}
					if p.posts() != before+1 || p.Shares() != 1 {
						t.Errorf("worker %d: %d posts, %d taps on share", worker, p.posts(), p.Shares())
					}
					t.Logf("worker %d: %d questions, %d dumps, read %v", worker, model.calls, p.dumps(), values)
					if worker == 0 && (model.calls == 0 || model.calls > 12) || worker > 0 && model.calls > 0 {
						t.Errorf("worker %d asked %d times: %v", worker, model.calls, model.asked)
					}
					if err := book.Close(); err != nil {
						t.Error(err)
					}
					p.Close()
				}
			})
		})
	}
}

// TestHelpIsNotNeeded: an app that the recipe knows is no business of memory
// or model, nor does it cost dumps.
func TestHelpIsNotNeeded(t *testing.T) {
	t.Parallel()
	r := builtin(t)
	for _, language := range []app.Language{app.English, app.French} {
		synctest.Test(t, func(t *testing.T) {
			p, alone := newSample(t, 0, language), newSample(t, 0, language)
			defer p.Close()
			defer alone.Close()
			model, memory := &honest{skin: p.skin}, newNotebook()
			if _, err := p.post(t.Context(), r, navigator.Help{Memory: memory.of("w"), Model: model}); err != nil {
				t.Fatal(err)
			}
			if _, err := alone.post(t.Context(), r, navigator.Help{}); err != nil {
				t.Fatal(err)
			}
			if model.calls > 0 || len(memory.records) > 0 {
				t.Errorf("%s: %d questions, %d things learned", language, model.calls, len(memory.records))
			}
			if p.dumps() != alone.dumps() {
				t.Errorf("%s: %d dumps with help at hand, %d without", language, p.dumps(), alone.dumps())
			}
		})
	}
}

// TestNoHelp: the recipe alone fails on a changed app, and publishes nothing.
func TestNoHelp(t *testing.T) {
	t.Parallel()
	r := builtin(t)
	synctest.Test(t, func(t *testing.T) {
		p := newSample(t, 2, app.English)
		defer p.Close()
		_, err := p.post(t.Context(), r, navigator.Help{})
		if err == nil || fault.Of(err) != fault.Infra {
			t.Errorf("got %v (%s), want an error of class infra", err, fault.Of(err))
		}
		if p.posts() != 1 || p.Shares() != 0 {
			t.Errorf("%d posts, %d taps on share", p.posts(), p.Shares())
		}
	})
}

// TestTwenty: twenty workers meet a changed app at once. Each screen is asked
// about once, and all of them post.
func TestTwenty(t *testing.T) {
	t.Parallel()
	r := builtin(t)
	synctest.Test(t, func(t *testing.T) {
		memory := newNotebook()
		model := &honest{}
		var workers sync.WaitGroup
		for worker := range 20 {
			p := newSample(t, 2, app.English)
			model.skin = p.skin
			workers.Go(func() {
				defer p.Close()
				help := navigator.Help{Memory: memory.of(fmt.Sprint("w", worker)), Model: model}
				if _, err := p.post(t.Context(), r, help); err != nil {
					t.Errorf("worker %d: %v", worker, err)
				}
				if p.posts() != 2 || p.Shares() != 1 {
					t.Errorf("worker %d: %d posts, %d taps on share", worker, p.posts(), p.Shares())
				}
			})
		}
		workers.Wait()
		for outline, n := range model.asked {
			if n > 1 {
				t.Errorf("asked %d times about %s", n, outline)
			}
		}
		t.Logf("%d questions about %d screens", model.calls, len(model.asked))
	})
}

// TestIgnoreSelectors: the model alone finds the way, but for what publishes.
func TestIgnoreSelectors(t *testing.T) {
	t.Parallel()
	r := builtin(t)
	for _, number := range []int{0, 1} {
		synctest.Test(t, func(t *testing.T) {
			p := newSample(t, number, app.English)
			defer p.Close()
			model := &honest{skin: p.skin}
			if _, err := p.post(t.Context(), r, navigator.Help{Model: model, IgnoreSelectors: true}); err != nil {
				t.Errorf("skin %d: %v", number, err)
			}
			if model.calls < 8 || model.calls > 12 || p.Shares() != 1 || p.posts() != 2 {
				t.Errorf("skin %d: %d questions, %d shares, %d posts", number, model.calls, p.Shares(), p.posts())
			}
		})
	}
}

// TestHearsay: what was read with others' help says so.
func TestHearsay(t *testing.T) {
	t.Parallel()
	r := builtin(t)
	for number, want := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			p := newSample(t, number, app.English)
			defer p.Close()
			p.App.Start()
			nav := navigator.New(r, navigator.Config{Help: navigator.Help{Model: &honest{skin: p.skin}}}, nil)
			walk := nav.Walk(p, slots("hello"), nil)
			for _, flow := range []string{recipe.FlowSwitchAccount, recipe.FlowProfile} {
				if _, err := walk.Run(t.Context(), flow); err != nil {
					t.Fatal(err)
				}
			}
			if walk.Hearsay() != want {
				t.Errorf("skin %d: got %t, want %t", number, walk.Hearsay(), want)
			}
		})
	}
}

// broken is a memory that cannot be read.
type broken struct{ navigator.Memory }

func (broken) Lookup(context.Context, learned.Place, learned.Wanted) (learned.Use, learned.Reason, error) {
	return learned.Use{}, "", errors.New("disk full")
}

func (broken) Await(context.Context, learned.Place, learned.Wanted) (learned.Use, navigator.Lease, error) {
	return learned.Use{}, nil, errors.New("disk full")
}

// TestBrokenMemory: without its memory a walk is as good as the recipe.
func TestBrokenMemory(t *testing.T) {
	t.Parallel()
	r := builtin(t)
	for number, want := range []string{"", "no help: wait for what others learn: disk full"} {
		synctest.Test(t, func(t *testing.T) {
			p := newSample(t, number, app.English)
			defer p.Close()
			model := &honest{skin: p.skin}
			_, err := p.post(t.Context(), r, navigator.Help{Memory: broken{}, Model: model})
			if !says(err, want) || model.calls > 0 {
				t.Errorf("skin %d: got %v after %d questions, want %q in it", number, err, model.calls, want)
			}
		})
	}
}
