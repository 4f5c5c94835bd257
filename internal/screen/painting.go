package screen

import (
	"cmp"
	"slices"
)

// painting is the order in which the elements of a window are drawn.
type painting struct {
	// first is when an element is drawn, last when the last element in it is.
	first, last map[*Node]int
	// touched are those that take touches, in the order of the drawing.
	touched []*Node
	screen  Rect
}

func newPainting(root *Node, screen Rect) painting {
	p := painting{first: map[*Node]int{}, last: map[*Node]int{}, screen: screen}
	p.draw(root)
	return p
}

func (p *painting) draw(n *Node) {
	p.first[n] = len(p.first)
	if n.Actionable() || n.Scrollable {
		p.touched = append(p.touched, n)
	}
	for _, c := range drawn(n.Children) {
		p.draw(c)
	}
	p.last[n] = len(p.first) - 1
}

// drawn sorts siblings from below to above; those of unknown order stay as
// they are in the document.
func drawn(siblings []*Node) []*Node {
	for _, n := range siblings {
		if n.DrawingOrder == 0 {
			return siblings
		}
	}
	return slices.SortedStableFunc(slices.Values(siblings), func(a, b *Node) int {
		return cmp.Compare(a.DrawingOrder, b.DrawingOrder)
	})
}

// covers reports whether a tap on the middle of n would touch something that
// is drawn later and is not in n. What nobody can touch covers nothing: apps
// lay empty frames over everything. Nor does the veil of a row cover the
// texts of the row.
func (p *painting) covers(n *Node) bool {
	x, y := n.Bounds.Centre()
	for _, above := range slices.Backward(p.touched) {
		if p.first[above] <= p.last[n] {
			return false
		}
		if above.Bounds.Contains(x, y) && !p.veil(above, n) {
			return true
		}
	}
	return false
}

// veil reports whether above is the nameless, touchable sheet that a row lays
// over its own contents, n among them.
func (p *painting) veil(above, n *Node) bool {
	row := above.Parent
	if row == nil || n.Actionable() || len(above.Children) > 0 || above.label() != "" ||
		above.Bounds != row.Bounds || row.Bounds.area()*largePart > p.screen.area() {
		return false
	}
	for around := n.Parent; around != nil; around = around.Parent {
		if around == row {
			return true
		}
	}
	return false
}
