package navigator_test

import (
	"fmt"
	"path/filepath"
	"testing"
	"testing/synctest"

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
	for number := 1; number <= 4; number++ {
		t.Run(fmt.Sprint("skin ", number), func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			synctest.Test(t, func(t *testing.T) {
				for worker := range 4 {
					p := newSample(t, number, app.English)
					model := &honest{skin: p.skin}
					book := learned.New(learned.Config{
						Path: filepath.Join(dir, learned.FileName), Worker: fmt.Sprint("w", worker),
					}, logging.Discard())
					help := navigator.Help{Memory: navigator.Learned(book), Model: model}
					values, err := p.post(t.Context(), r, help)
					if err != nil {
						t.Errorf("worker %d: %v", worker, err)
					}
					if len(p.posts) != 2 || p.shares != 1 {
						t.Errorf("worker %d: %d posts, %d taps on share", worker, len(p.posts), p.shares)
					}
					t.Logf("worker %d: %d questions, %d dumps, read %v", worker, model.calls, p.dumps, values)
					if worker == 0 && (model.calls == 0 || model.calls > 12) || worker > 0 && model.calls > 0 {
						t.Errorf("worker %d asked %d times: %v", worker, model.calls, model.asked)
					}
					if err := book.Close(); err != nil {
						t.Error(err)
					}
					p.app.Close()
				}
			})
		})
	}
}
