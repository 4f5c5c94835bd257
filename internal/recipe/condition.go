package recipe

import (
	"slices"
	"strings"

	"postfleet/internal/screen"
)

// Condition is a question about the screen: elements that are there, or
// several questions together. Exactly one kind of key is used at a time.
type Condition struct {
	Selector `yaml:",inline"`

	// Slot asks whether the job's value of that name is not empty.
	Slot slot        `yaml:"slot"`
	Any  []Condition `yaml:"any"`
	All  []Condition `yaml:"all"`
	Not  *Condition  `yaml:"not"`
}

// Holds reports whether c is true of v. A nil condition always is.
func (c *Condition) Holds(v View) bool {
	holds := func(c Condition) bool { return c.Holds(v) }
	switch {
	case c == nil:
		return true
	case len(c.Any) > 0:
		return slices.ContainsFunc(c.Any, holds)
	case len(c.All) > 0:
		return !slices.ContainsFunc(c.All, func(c Condition) bool { return !c.Holds(v) })
	case c.Not != nil:
		return !c.Not.Holds(v)
	case c.Slot != "":
		return v.Slots[c.Slot] != ""
	}
	return len(c.find(v)) > 0
}

// Find returns the elements that c asks for, in the order of the screen; none
// for a condition of several questions.
func (c *Condition) Find(v View) []*screen.Node {
	if !c.identified() {
		return nil
	}
	return c.find(v)
}

// String is how error messages name what was expected.
func (c *Condition) String() string {
	switch {
	case len(c.Any) > 0:
		return "any of (" + joined(c.Any) + ")"
	case len(c.All) > 0:
		return "all of (" + joined(c.All) + ")"
	case c.Not != nil:
		return "not (" + c.Not.String() + ")"
	case c.Slot != "":
		return "slot " + c.Slot + " is not empty"
	}
	return c.Selector.String()
}

func joined(cs []Condition) string {
	parts := make([]string, 0, len(cs))
	for i := range cs {
		parts = append(parts, cs[i].String())
	}
	return strings.Join(parts, ", ")
}
