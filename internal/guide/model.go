package guide

import (
	"context"

	"postfleet/internal/claude"
	"postfleet/internal/navigator"
)

var _ navigator.Model = model{}

// model says a navigator's questions in the client's words.
type model struct{ client *claude.Client }

// Model implements navigator.Model.
func (m model) Model() string { return m.client.Model() }

// Ask implements navigator.Model.
func (m model) Ask(ctx context.Context, q navigator.Question) (navigator.Answer, error) {
	a, err := m.client.Ask(ctx, claude.Question{
		Goal: q.Goal, Step: q.Step, Wanted: named(q.Wanted), Known: named(q.Known),
		Outline: q.Outline, PNG: q.PNG, Tree: q.Tree, Tried: q.Tried, Slots: q.Slots,
	})
	if err != nil {
		return navigator.Answer{}, err
	}
	return navigator.Answer{
		Elements: a.Elements, Dismiss: a.Dismiss, Verb: navigator.Verb(a.Verb), Reason: string(a.Reason),
	}, nil
}

func named(list []navigator.Named) []claude.Named {
	out := make([]claude.Named, len(list))
	for i, n := range list {
		out[i] = claude.Named(n)
	}
	return out
}
