package recipe

import (
	"iter"
	"maps"
	"slices"

	"postfleet/internal/screen"
)

// Element is a view of the app that steps, guards, failures and readings refer
// to by name.
type Element struct {
	// Is is one plain sentence that tells a person or a model which view it is.
	Is string `yaml:"is"`
	// Find are selectors in order of trust.
	Find []Selector `yaml:"find"`
	// Many says that there may be several, such as the entries of a list.
	Many bool `yaml:"many"`

	// publishes: the irreversible step acts on it. walked: a step refers to it.
	// data: its texts are compared with slots, or read.
	publishes, walked, data bool
}

// Data reports whether e's texts are those of people, such as an account's name,
// and not the app's.
func (e *Element) Data() bool { return e.data }

// Elements are the names of the elements that may be found by other means than
// the recipe's selectors, in alphabetical order: those that steps refer to, but
// for the irreversible step's target.
func (r *Recipe) Elements() []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(r.doc.Elements)), func(name string) bool {
		return !r.doc.Elements[name].told()
	})
}

// told reports whether others than the recipe may say where e is.
func (e *Element) told() bool { return e.walked && !e.publishes }

// Words are what the file says of e: with others, it is another element.
func (e *Element) Words() []string {
	words := []string{e.Is}
	for i := range e.Find {
		words = append(words, e.Find[i].String())
	}
	return words
}

// Element returns the element of that name, nil for none.
func (r *Recipe) Element(name string) *Element { return r.doc.Elements[name] }

// lists yields what each of s's alternatives matches, in order of trust: one
// alternative for a selector of its own; for an element those of the element,
// narrowed by s, then what View.Tell made known, which no selector has found: by
// is nil.
func (s *Selector) lists(v *View) iter.Seq2[*Selector, []*screen.Node] {
	return func(yield func(by *Selector, found []*screen.Node) bool) {
		if s.element == nil {
			yield(s, s.narrow(s.named(v), v))
			return
		}
		for i := range s.ownFinds(v) {
			own := &s.element.Find[i]
			if !yield(own, s.narrow(own.narrow(own.named(v), v), v)) {
				return
			}
		}
		if told := v.pointed[s.Element]; len(told) > 0 {
			yield(nil, s.narrow(slices.Clone(told), v))
		}
	}
}

// there reports whether what s names is on the screen, slots, index and states
// apart.
func (s *Selector) there(v *View) bool {
	if s.element == nil {
		return s.named(v) != nil
	}
	for i := range s.ownFinds(v) {
		if s.element.Find[i].there(v) {
			return true
		}
	}
	return len(v.pointed[s.Element]) > 0
}

// ask is whether something on the screen is what s names.
func (s *Selector) ask(v *View) Answer {
	for _, found := range s.lists(v) {
		if len(found) > 0 {
			return Yes
		}
	}
	if v.known || s.there(v) {
		return No
	}
	return Unknown
}

// ownFinds are those of finds that v takes account of.
func (s *Selector) ownFinds(v *View) []Selector {
	if v.blind && s.element.told() {
		return nil
	}
	return s.finds()
}

// finds are the selectors of the element that s names.
func (s *Selector) finds() []Selector {
	if s.element == nil {
		return nil
	}
	return s.element.Find
}
