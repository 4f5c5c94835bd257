package recipe

import (
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

// Holds reports whether c is true of v. A nil condition always is. One whose
// answer is Unknown does not hold, and neither does its opposite.
func (c *Condition) Holds(v *View) bool { return c.Ask(v) == Yes }

// Ask is what c comes to on v. A nil condition is true of everything.
func (c *Condition) Ask(v *View) Answer {
	switch {
	case c == nil:
		return Yes
	case len(c.Any) > 0:
		best := No
		for i := range c.Any {
			best = either(best, c.Any[i].Ask(v))
		}
		return best
	case len(c.All) > 0:
		worst := No // of the opposites: all hold unless any does not
		for i := range c.All {
			worst = either(worst, c.All[i].Ask(v).not())
		}
		return worst.not()
	case c.Not != nil:
		return c.Not.Ask(v).not()
	case c.Slot != "":
		return answer(v.Slots[c.Slot] != "")
	}
	return c.ask(v)
}

func either(a, b Answer) Answer {
	switch {
	case a == Yes || b == Yes:
		return Yes
	case a == Unknown || b == Unknown:
		return Unknown
	default:
		return No
	}
}

// Find returns the elements that c asks for, in the order of the screen; none
// for a condition of several questions.
func (c *Condition) Find(v *View) []*screen.Node {
	if !c.identified() {
		return nil
	}
	for _, found := range c.lists(v) {
		if len(found) > 0 {
			return found
		}
	}
	return nil
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
