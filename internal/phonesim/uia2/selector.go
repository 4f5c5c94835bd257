package uia2

import "postfleet/internal/phonesim/ui"

// uiSelector is a parsed UiSelector expression.
type uiSelector struct {
	// tests must all hold; the int is the node's place among its siblings.
	tests []func(n *ui.Node, index int) bool
	// instance picks one of the matches; -1 takes them all.
	instance int
	// child, when set, is searched below the matches.
	child *uiSelector
}

// findBySelector evaluates a UiSelector expression.
func findBySelector(screen ui.Screen, context *ui.Node, expression string) ([]*ui.Node, error) {
	sel, err := parseSelector(expression)
	if err != nil {
		return nil, errSelector(expression, err)
	}
	root := screen.Active()
	if context != nil {
		root = context
	}
	return sel.below(root, context == nil), nil
}

// below returns the matches under root, in the order of the tree; root itself
// counts when told so.
func (s *uiSelector) below(root *ui.Node, inclusive bool) []*ui.Node {
	var found []*ui.Node
	var visit func(n *ui.Node, index int)
	visit = func(n *ui.Node, index int) {
		if (n != root || inclusive) && s.holds(n, index) {
			found = append(found, n)
		}
		for i, c := range n.Children {
			visit(c, i)
		}
	}
	visit(root, 0)
	if s.instance >= 0 {
		found = found[min(s.instance, len(found)):min(s.instance+1, len(found))]
	}
	if s.child == nil {
		return found
	}
	var below []*ui.Node
	seen := map[*ui.Node]bool{}
	for _, n := range found {
		for _, c := range s.child.below(n, false) {
			if !seen[c] {
				seen[c] = true
				below = append(below, c)
			}
		}
	}
	return below
}

func (s *uiSelector) holds(n *ui.Node, index int) bool {
	for _, test := range s.tests {
		if !test(n, index) {
			return false
		}
	}
	return true
}
