package recipe

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"postfleet/internal/screen"
)

// Target names one element: alternatives in order of trust. In the file it is
// a list of selectors, or the name of an element.
type Target []Selector

// Match is an element that was found.
type Match struct {
	Node *screen.Node
	// Element is its name, "" for a selector of the target's own.
	Element string
	// By is the selector that found it, "" when View.Tell made it known.
	By string
}

// Told reports whether somebody else than the recipe found it.
func (m Match) Told() bool { return m.Node != nil && m.Element != "" && m.By == "" }

// Find returns the one element that the first fitting alternative names: an
// alternative that names several is no match.
func (t Target) Find(v *View) (m Match, ok bool) {
	for i := range t {
		for by, found := range t[i].lists(v) {
			if len(found) == 1 {
				m = Match{Node: found[0], Element: t[i].Element}
				if by != nil {
					m.By = by.String()
				}
				return m, true
			}
		}
	}
	return Match{}, false
}

// all returns every match of the first alternative that has one.
func (t Target) all(v *View) []*screen.Node {
	for i := range t {
		for _, found := range t[i].lists(v) {
			if len(found) > 0 {
				return found
			}
		}
	}
	return nil
}

// own are the selectors that t comes to, elements resolved.
func (t Target) own() []Selector {
	var all []Selector
	for i := range t {
		if t[i].element == nil {
			all = append(all, t[i])
		}
		all = append(all, t[i].finds()...)
	}
	return all
}

// String is how error messages name what was looked for. Slots appear by name.
func (t Target) String() string {
	parts := make([]string, 0, len(t))
	for i := range t {
		parts = append(parts, t[i].String())
	}
	return strings.Join(parts, " or ")
}

// UnmarshalYAML implements yaml.Unmarshaler.
func (t *Target) UnmarshalYAML(n *yaml.Node) error {
	switch {
	case n.Kind == yaml.ScalarNode && n.Tag == "!!str":
		*t = Target{{Element: n.Value}}
		return nil
	case n.Kind != yaml.SequenceNode:
		return &yaml.TypeError{Errors: []string{
			fmt.Sprintf("line %d: a target is the name of an element, or a list of selectors", n.Line),
		}}
	}
	errs := unknownKeys(n.Content)
	if err := n.Decode((*[]Selector)(t)); err != nil {
		typed, ok := errors.AsType[*yaml.TypeError](err)
		if !ok {
			return err
		}
		errs = append(errs, typed.Errors...)
	}
	if errs != nil {
		return &yaml.TypeError{Errors: errs}
	}
	return nil
}

// unknownKeys speaks of keys that no selector has, in the library's words: it
// asks for known keys only above an UnmarshalYAML, not below it.
func unknownKeys(selectors []*yaml.Node) []string {
	var errs []string
	for _, s := range selectors {
		for i := 0; s.Kind == yaml.MappingNode && i < len(s.Content); i += 2 {
			key := s.Content[i]
			if !slices.Contains(keysOf("recipe.Selector"), key.Value) {
				const words = "line %d: field %s not found in type recipe.Selector"
				errs = append(errs, fmt.Sprintf(words, key.Line, key.Value))
			}
		}
	}
	return errs
}
