package navigator_test

import (
	"context"
	"testing"
	"testing/synctest"

	"postfleet/internal/learned"
	"postfleet/internal/navigator"
	"postfleet/internal/phonesim/app"
)

// late is a memory in which elements turn up only after so many lookups, as when
// another worker is learning them.
type late struct {
	navigator.Memory

	names map[string]int
}

func (m *late) Lookup(
	ctx context.Context, at learned.Place, w learned.Wanted,
) (learned.Use, learned.Reason, error) {
	if m.names[w.Name] > 0 {
		m.names[w.Name]--
		return learned.Use{}, learned.NoEntry, nil
	}
	return m.Memory.Lookup(ctx, at, w)
}

// TestNowhereYet: a record that leads nowhere, because the list it is of happens
// to be empty, is of use as soon as the list is not. The profile of the account
// in front has no posts, that of the job's has; and on the first one everything
// that is known is looked up, since what the step needs is not to be had.
func TestNowhereYet(t *testing.T) {
	t.Parallel()
	r := builtin(t)
	synctest.Test(t, func(t *testing.T) {
		memory := newNotebook()
		for _, worker := range []string{"learner", "other"} {
			p := newSample(t, 1, app.English)
			model := &honest{skin: p.skin}
			help := navigator.Help{Memory: memory.of(worker), Model: model}
			if worker == "other" {
				help.Memory = &late{help.Memory, map[string]int{"profile_account": 3, "create_tab": 3}}
			}
			if _, err := p.post(t.Context(), r, help); err != nil {
				t.Errorf("%s: %v", worker, err)
			}
			if worker == "other" && model.calls > 0 {
				t.Errorf("%d questions about what is known: %v", model.calls, model.asked)
			}
			p.Close()
		}
	})
}
