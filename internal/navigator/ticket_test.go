package navigator_test

import (
	"context"
	"testing"
	"testing/synctest"

	"postfleet/internal/learned"
	"postfleet/internal/navigator"
	"postfleet/internal/phonesim/app"
)

// watched is a memory in which another worker tries what is known of an element
// for some lookups, and that looks what else the one who waits for it holds.
type watched struct {
	navigator.Memory

	book         *notebook
	worker, name string
	n            int
	held         map[string]bool
}

func (m *watched) Lookup(
	ctx context.Context, at learned.Place, w learned.Wanted,
) (learned.Use, learned.Reason, error) {
	if w.Name != m.name || m.n == 0 {
		return m.Memory.Lookup(ctx, at, w)
	}
	m.n--
	for _, note := range m.book.records {
		if note.tries == m.worker && note.at.Screen.Same(at.Screen) {
			m.held[note.name] = true
		}
	}
	return learned.Use{}, learned.BeingLearned, nil
}

// TestWaitingHoldsNothing: who waits for what another worker tries does not hold
// what that one needs next on the same screen, or both would wait for a minute.
func TestWaitingHoldsNothing(t *testing.T) {
	t.Parallel()
	r := builtin(t)
	synctest.Test(t, func(t *testing.T) {
		memory := newNotebook()
		for _, worker := range []string{"learner", "other"} {
			p := newSample(t, 1, app.English)
			model := &honest{skin: p.skin}
			m := &watched{
				Memory: memory.of(worker), book: memory, worker: worker, name: "gallery_video", held: map[string]bool{},
			}
			if worker == "other" {
				m.n = 10
			}
			if _, err := p.post(t.Context(), r, navigator.Help{Memory: m, Model: model}); err != nil {
				t.Errorf("%s: %v", worker, err)
			}
			if m.n > 0 || len(m.held) > 0 || worker == "other" && model.calls > 0 {
				t.Errorf("%s: %d lookups left, held %v, %d questions", worker, m.n, m.held, model.calls)
			}
			p.Close()
		}
	})
}
