package screen

import (
	"fmt"
	"strings"
)

// entry is an element that gets a line.
type entry struct {
	node  *Node
	parts []*Node
	name  string
	// list is the list it is an item of, nil outside of lists; item is that
	// list's child it is, or is in.
	list, item *Node
}

// room is how much an outline may say.
type room struct {
	label, items int
	// texts says that labels which cannot be touched have a line, too.
	texts bool
}

func (f *front) entries() []entry {
	names, parts := f.names(), map[*Node][]*Node{}
	for _, n := range f.nodes {
		if holder := f.holder(n); holder != nil && n.label() != "" {
			parts[holder] = append(parts[holder], n)
		}
	}
	var entries []entry
	for _, n := range f.nodes {
		if len(names[n]) == 0 && !n.Actionable() && !n.Scrollable && !n.collection() {
			continue
		}
		e := entry{node: n, parts: parts[n], name: strings.Join(names[n], " · ")}
		for p := n; p.Parent != nil && e.list == nil; p = p.Parent {
			if p.Parent.collection() {
				e.list, e.item = p.Parent, p
			}
		}
		entries = append(entries, e)
	}
	return entries
}

// write makes the lines of the entries that find room.
func write(entries []entry, r room) Outline {
	var o Outline
	shown := map[*Node]map[*Node]bool{} // items of each list
	left := map[*Node]int{}             // entries left out of each list
	number := 0
	for i, e := range entries {
		if e.list != nil && shown[e.list] == nil {
			shown[e.list] = map[*Node]bool{}
		}
		switch {
		case e.list != nil && !shown[e.list][e.item] && len(shown[e.list]) >= r.items:
			left[e.list]++
			o.Hidden++
		case !r.texts && !e.node.Actionable() && !e.node.Scrollable:
			o.Hidden++
		default:
			if e.list != nil {
				shown[e.list][e.item] = true
			}
			number++
			o.Lines = append(o.Lines, e.line(number, r.label))
		}
		if e.list != nil && left[e.list] > 0 && (i+1 == len(entries) || entries[i+1].list != e.list) {
			o.Lines = append(o.Lines, more("  ", left[e.list]))
			left[e.list] = 0
		}
	}
	return o
}

func (e entry) line(number, limit int) Line {
	var b strings.Builder
	if e.list != nil {
		b.WriteString("  ")
	}
	fmt.Fprintf(&b, "%d %s %s", number, e.node.role(), quoted(e.name, limit))
	if id := clean(idTail(e.node.ID)); id != "" {
		b.WriteString(" " + id)
	}
	for _, flag := range e.node.flags() {
		b.WriteString(" " + flag)
	}
	return Line{Number: number, Node: e.node, Parts: e.parts, Text: b.String()}
}

// role is one word for what one can do with n.
func (n *Node) role() string {
	tail := classTail(n.Class)
	switch {
	case n.Editable():
		return "input"
	case strings.HasSuffix(tail, "Switch") || strings.HasSuffix(tail, "SwitchCompat"):
		return "switch"
	case strings.HasSuffix(tail, "RadioButton"):
		return "radio"
	case n.Checkable:
		return "check"
	case n.Clickable || n.LongClickable:
		return "button"
	case n.collection():
		return "list"
	case n.Scrollable:
		return "page"
	case strings.Contains(tail, "Image"):
		return "image"
	}
	return "text"
}

func (n *Node) flags() []string {
	var flags []string
	for _, f := range []struct {
		is   bool
		name string
	}{
		{n.Selected, "selected"},
		{n.Checked, "checked"},
		{n.Focused, "focused"},
		{n.Editable() && n.Text != "" && n.Text != n.Hint, "filled"},
		{n.Actionable() && !n.Enabled, "disabled"},
	} {
		if f.is {
			flags = append(flags, f.name)
		}
	}
	return flags
}
