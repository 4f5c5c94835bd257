package recipe

import (
	"errors"
	"fmt"
	"maps"
	"slices"
)

// Values are what the read steps of a flow found, by the recipe's names: one
// string for a single value, in the order of the screen for a list.
type Values map[string][]string

// Values reads everything s names from v, or says what is lacking.
func (s *Step) Values(v *View) (Values, error) {
	got := Values{}
	for _, name := range slices.Sorted(maps.Keys(s.Read)) {
		texts, err := s.Read[name].texts(v)
		if err != nil {
			return nil, fmt.Errorf("value %s: %w", name, err)
		}
		got[name] = texts
	}
	return got, nil
}

func (r Reading) texts(v *View) ([]string, error) {
	if !r.All {
		m, ok := r.Target.Find(v)
		if !ok {
			return nil, errors.New("looked for " + r.Target.String())
		}
		return []string{m.Node.Text}, nil
	}
	found, answer := r.Target.all(v)
	if answer == Unknown {
		return nil, errors.New("looked for " + r.Target.String())
	}
	texts := []string{}
	for _, n := range found {
		texts = append(texts, n.Text)
	}
	return texts, nil
}

// several reports whether what r reads may be there several times.
func (r Reading) several() bool {
	return !slices.ContainsFunc(r.Target, func(s Selector) bool { return s.element != nil && !s.element.Many })
}
