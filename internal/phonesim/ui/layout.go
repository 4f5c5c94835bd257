package ui

import "image"

// box says how a node shares its room among its children.
type box struct {
	horizontal   bool
	size         int
	padding, gap int
}

// layout gives n the room r and divides it among the children: those with a
// size get it as long as room is left, the rest share the remainder equally.
// Siblings never overlap and never leave their parent.
func layout(n *Node, r image.Rectangle) {
	n.Bounds = r
	if len(n.Children) == 0 {
		return
	}
	inner := r.Inset(n.box.padding)
	from, to := inner.Min.Y, inner.Max.Y
	if n.box.horizontal {
		from, to = inner.Min.X, inner.Max.X
	}
	each, rest := share(n, to-from)
	for _, c := range n.Children {
		size := c.box.size
		if size == 0 {
			size, rest = each+rest, 0
		}
		end := min(from+size, to)
		layout(c, slice(inner, n.box.horizontal, from, end))
		from = min(end+n.box.gap, to)
	}
}

// share divides what the sized children leave of room pixels: each of the
// others gets as much, and the first of them what cannot be divided.
func share(n *Node, room int) (each, rest int) {
	room -= n.box.gap * (len(n.Children) - 1)
	flexible := 0
	for _, c := range n.Children {
		room -= c.box.size
		if c.box.size == 0 {
			flexible++
		}
	}
	if flexible == 0 || room < 0 {
		return 0, 0
	}
	return room / flexible, room % flexible
}

func slice(r image.Rectangle, horizontal bool, from, to int) image.Rectangle {
	if horizontal {
		return image.Rect(from, r.Min.Y, to, r.Max.Y)
	}
	return image.Rect(r.Min.X, from, r.Max.X, to)
}
