package claude_test

import (
	"testing"

	"postfleet/internal/claude"
	"postfleet/internal/claude/budget"
	"postfleet/internal/claude/price"
	"postfleet/internal/screen"
	"postfleet/internal/screen/screentest"
)

// With the limits that a fleet has by default a job can ask its twelve questions
// of a model of the middle, and not one more.
func TestDefaultLimits(t *testing.T) {
	t.Parallel()
	const calls, pictures = 12, 2
	w := newWorld(t, options{
		job: budget.ForJob(calls, price.USD(0.15)), run: budget.ForRun(price.USD(5)),
		cfg: claude.Config{Model: "claude-sonnet-5-5"},
	})
	tree, err := screen.Parse(screentest.Screens()[0].Source(screentest.Moment{}))
	if err != nil {
		t.Fatal(err)
	}
	q := question()
	q.Outline, q.Tree = tree.Outline(screentest.App), tree
	for n := range calls {
		if q.PNG = nil; n < pictures {
			q.PNG = picture(t, 540, 1200)
		}
		if _, err := w.client.Ask(t.Context(), q); err != nil {
			t.Fatalf("question %d: %v", n+1, err)
		}
	}
	if _, err := w.client.Ask(t.Context(), q); err == nil || len(w.sim.Requests()) != calls {
		t.Errorf("got %v, and %d requests", err, len(w.sim.Requests()))
	}
}
