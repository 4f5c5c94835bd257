package recipe

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
)

// Values are what the read steps of a flow found, by the recipe's names: one
// string for a single value, in the order of the screen for a list.
type Values map[string][]string

// Values reads everything s names from v, or says what is lacking.
func (s *Step) Values(v *View) (Values, error) {
	got := Values{}
	for _, name := range slices.Sorted(maps.Keys(s.Read)) {
		texts, err := s.texts(name, v)
		if err != nil {
			return nil, fmt.Errorf("value %s: %w", name, err)
		}
		got[name] = texts
	}
	return got, nil
}

func (s *Step) texts(name string, v *View) ([]string, error) {
	r := s.Read[name]
	if !r.All {
		m, ok := r.Target.Find(v)
		if !ok {
			return nil, errors.New("looked for " + r.Target.String())
		}
		return []string{m.Node.Text}, nil
	}
	texts := []string{}
	for _, n := range r.Target.all(v) {
		texts = append(texts, n.Text)
	}
	if len(texts) == 0 && r.needed() && !s.empty(name, v) {
		return nil, errors.New("looked for " + r.Target.String())
	}
	return texts, nil
}

// empty reports whether the list of that name is certainly empty when nothing
// of it is found: there are no captions where there are no posts.
func (s *Step) empty(name string, v *View) bool {
	r := s.Read[name]
	if !r.All {
		return false
	}
	if count, ok := s.Read[ValuePostCount].Target.Find(v); ok && name == ValueCaptions {
		if n, err := strconv.Atoi(count.Node.Text); err == nil && n == 0 {
			return true
		}
	}
	return v.complete
}

// needed: a list of which nothing is found may be one that is not recognised.
func (r Reading) needed() bool { return !r.Optional }

// several reports whether what r reads may be there several times.
func (r Reading) several() bool {
	return !slices.ContainsFunc(r.Target, func(s Selector) bool { return s.element != nil && !s.element.Many })
}
