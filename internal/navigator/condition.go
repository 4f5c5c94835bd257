package navigator

import "strings"

// condition is a question about the screen: elements that are there, or
// several questions together. Exactly one kind of key is used at a time.
type condition struct {
	selector `yaml:",inline"`

	// Slot asks whether the job's value of that name is not empty.
	Slot slot        `yaml:"slot"`
	Any  []condition `yaml:"any"`
	All  []condition `yaml:"all"`
	Not  *condition  `yaml:"not"`
}

// holds reports whether c is true of t. A nil condition always is.
func (c *condition) holds(t *tree, slots map[string]string) bool {
	switch {
	case c == nil:
		return true
	case len(c.Any) > 0:
		for i := range c.Any {
			if c.Any[i].holds(t, slots) {
				return true
			}
		}
		return false
	case len(c.All) > 0:
		for i := range c.All {
			if !c.All[i].holds(t, slots) {
				return false
			}
		}
		return true
	case c.Not != nil:
		return !c.Not.holds(t, slots)
	case c.Slot != "":
		return slots[c.Slot] != ""
	}
	return len(c.find(t, slots)) > 0
}

// String is how error messages name what was expected.
func (c *condition) String() string {
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
	return c.selector.String()
}

func joined(cs []condition) string {
	parts := make([]string, 0, len(cs))
	for i := range cs {
		parts = append(parts, cs[i].String())
	}
	return strings.Join(parts, ", ")
}
