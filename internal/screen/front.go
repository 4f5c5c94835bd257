package screen

import (
	"slices"
	"strings"
)

// largePart is the part of the screen, as 1/n, above which what can be touched
// is no button.
const largePart = 6

// front is what can be seen and touched of the app: the elements of its top
// window that are on the screen and not under others.
type front struct {
	nodes []*Node // in document order
	root  *Node
	// shown are the same elements.
	shown map[*Node]bool
	// busy are those with something to touch in them.
	busy map[*Node]bool
	// screen is the area of the whole screen.
	screen Rect
	// scrim is the unlabelled element over the whole screen whose only use is
	// to close what is above it; nil without one.
	scrim *Node
}

// front finds nothing when the app has no window on the screen.
func (t *Tree) front(app string) front {
	f := front{root: t.topWindow(app), shown: map[*Node]bool{}, busy: map[*Node]bool{}, screen: t.area()}
	if f.root == nil {
		return f
	}
	paint := newPainting(f.root, f.screen)
	for _, n := range t.Nodes {
		if _, ok := paint.first[n]; !ok || !f.screen.Contains(n.Bounds.Centre()) || paint.covers(n) {
			continue
		}
		f.nodes = append(f.nodes, n)
		f.shown[n] = true
		if n.Actionable() {
			f.mark(n)
		}
		if f.isScrim(n) {
			f.scrim = n
		}
	}
	return f
}

func (f *front) mark(touchable *Node) {
	for p := touchable.Parent; p != nil && !f.busy[p]; p = p.Parent {
		f.busy[p] = true
	}
}

func (f *front) isScrim(n *Node) bool {
	return n != f.root && n.Actionable() && n.label() == "" && len(n.Children) == 0 &&
		n.Bounds.area()*10 >= f.screen.area()*9
}

// holder is the touchable element whose label includes that of n: the nearest
// around it, unless that is n itself, a list or, like a card or a sheet, a good
// part of the screen with things to touch in it. nil means that n stands for
// itself.
func (f *front) holder(n *Node) *Node {
	if n.Actionable() || n.Scrollable {
		return nil
	}
	for p := n.Parent; p != nil; p = p.Parent {
		switch {
		case !f.shown[p]:
		case p.Scrollable, p.Actionable() && f.large(p) && f.busy[p]:
			return nil
		case p.Actionable():
			return p
		}
	}
	return nil
}

// large reports whether n is too large for a button.
func (f *front) large(n *Node) bool { return n.Bounds.area()*largePart > f.screen.area() }

// names are the labels of the touchable elements: their own, and those of what
// they hold.
func (f *front) names() map[*Node][]string {
	names := map[*Node][]string{}
	for _, n := range f.nodes {
		at := n
		if holder := f.holder(n); holder != nil {
			at = holder
		}
		if label := n.label(); label != "" && !slices.ContainsFunc(names[at], func(have string) bool {
			return strings.Contains(have, label)
		}) {
			names[at] = append(names[at], label)
		}
	}
	return names
}

// area is the screen: what the dump says of it, or all that is in the dump.
func (t *Tree) area() Rect {
	if t.Screen.Empty() {
		return t.Bounds
	}
	return t.Screen
}

// topWindow is the root of the app's window in front, nil without one. Where
// a dump holds several windows their order is not documented; but one that
// covers less must be above, or nobody would see it. Windows without anything
// to touch, such as a toast, are never in front of others.
func (t *Tree) topWindow(app string) *Node {
	var top *Node
	for _, n := range t.Nodes {
		if n.Parent != nil || n.Package != app {
			continue
		}
		if top == nil || n.answers() && (!top.answers() || n.Bounds.area() < top.Bounds.area()) {
			top = n
		}
	}
	return top
}

// answers reports whether anything in n can be touched.
func (n *Node) answers() bool {
	return n.Actionable() || slices.ContainsFunc(n.Children, (*Node).answers)
}

// touchable reports whether there is anything to touch.
func (f *front) touchable() bool { return slices.ContainsFunc(f.nodes, (*Node).Actionable) }
