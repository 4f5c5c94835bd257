package recipe

import (
	"strings"

	"postfleet/internal/screen"
)

// Target names one element: alternatives in order of trust.
type Target []Selector

// Find returns the one element that the first fitting alternative names, or
// nil: an alternative that names several is no match.
func (t Target) Find(v View) *screen.Node {
	for i := range t {
		if found := t[i].find(v); len(found) == 1 {
			return found[0]
		}
	}
	return nil
}

// all returns every match of the first alternative that has one.
func (t Target) all(v View) []*screen.Node {
	for i := range t {
		if found := t[i].find(v); len(found) > 0 {
			return found
		}
	}
	return nil
}

// String is how error messages name what was looked for. Slots appear by name.
func (t Target) String() string {
	parts := make([]string, 0, len(t))
	for i := range t {
		parts = append(parts, t[i].String())
	}
	return strings.Join(parts, " or ")
}
