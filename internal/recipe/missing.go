package recipe

import "slices"

// Missing are the elements that t may mean and that are not on the screen,
// states and slots apart: what would be good to know of it. The irreversible
// step's are not among them.
func (t Target) Missing(v *View) []string {
	var names []string
	for i := range t {
		names = t[i].missing(v, names)
	}
	return names
}

// Missing are the elements that c asks for and that are not on the screen, for
// as long as c does not hold. Those that it asks not to be there are among them
// while that is not certain.
func (c *Condition) Missing(v *View) []string {
	if c == nil || c.Ask(v) == Yes {
		return nil
	}
	return c.missing(v, nil)
}

func (c *Condition) missing(v *View, names []string) []string {
	for _, part := range [][]Condition{c.Any, c.All} {
		for i := range part {
			if part[i].Ask(v) != Yes {
				names = part[i].missing(v, names)
			}
		}
	}
	switch {
	case c.Not != nil && c.Not.Ask(v) == Unknown:
		return c.Not.missing(v, names)
	case c.identified():
		return c.Selector.missing(v, names)
	}
	return names
}

func (s *Selector) missing(v *View, names []string) []string {
	if s.element == nil || !s.element.told() || s.there(v) || slices.Contains(names, s.Element) {
		return names
	}
	return append(names, s.Element)
}

// Missing are the elements that s reads and that are not on the screen, unless
// it is certain that they are not there.
func (s *Step) Missing(v *View) []string {
	var names []string
	for name, r := range s.Read {
		if r.needed() && !s.empty(name, v) {
			for _, more := range r.Target.Missing(v) {
				if !slices.Contains(names, more) {
					names = append(names, more)
				}
			}
		}
	}
	slices.Sort(names)
	return names
}

// Elements are the elements that s expects, needs or reads.
func (s *Step) Elements() []string {
	var names []string
	for _, c := range []*Condition{s.Expect, s.Needs} {
		names = c.elements(names)
	}
	for _, r := range s.Read {
		for i := range r.Target {
			names = append(names, r.Target[i].Element)
		}
	}
	slices.Sort(names)
	return slices.DeleteFunc(slices.Compact(names), func(name string) bool { return name == "" })
}

func (c *Condition) elements(names []string) []string {
	if c == nil {
		return names
	}
	for _, part := range [][]Condition{c.Any, c.All} {
		for i := range part {
			names = part[i].elements(names)
		}
	}
	return append(names, c.Element)
}
