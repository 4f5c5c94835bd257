package ui

// Column stacks its children from the top down.
func Column(children ...*Node) *Node {
	return &Node{Class: ClassColumn, Enabled: true, Children: children}
}

// Row puts its children side by side, left to right.
func Row(children ...*Node) *Node {
	n := Column(children...)
	n.box.horizontal = true
	return n
}

// Space is empty room that takes what the sized children leave.
func Space() *Node { return &Node{Class: ClassFrame, Enabled: true} }

// Label is text that cannot be touched.
func Label(name, text string) *Node {
	return &Node{Class: ClassText, Name: name, Text: text, Enabled: true, style: Style{Ink: ink, Size: textSize}}
}

// Button is a clickable, filled button.
func Button(name, text string) *Node {
	n := &Node{Class: ClassButton, Name: name, Text: text, Clickable: true, Enabled: true}
	n.style = Style{Ink: paper, Fill: accent, Size: textSize, Bold: true, Center: true, Radius: radius}
	return n
}

// Entry is a clickable row of a menu or a list.
func Entry(name, text string) *Node {
	n := &Node{Class: ClassText, Name: name, Text: text, Clickable: true, Enabled: true}
	n.style = Style{Ink: ink, Size: textSize, Line: true}
	return n
}

// Field is a text field with its text and hint.
func Field(name, text, hint string) *Node {
	n := &Node{Class: ClassField, Name: name, Text: text, Hint: hint, Clickable: true, Enabled: true}
	n.style = Style{Ink: ink, Fill: wash, Size: textSize, Radius: radius}
	return n
}

// Tab is one of the icons of a bar: it shows its description, but has no text.
func Tab(name, desc string) *Node {
	n := &Node{Class: ClassFrame, Name: name, Desc: desc, Clickable: true, Enabled: true}
	n.style = Style{Ink: ink, Size: textSize, Center: true}
	return n
}

// Picture stands for an image, described for screen readers.
func Picture(name, desc string) *Node {
	return &Node{Class: ClassImage, Name: name, Desc: desc, Enabled: true, style: Style{Fill: shade}}
}

// Icon is a clickable picture of a sign, described for screen readers.
func Icon(name, glyph, desc string) *Node {
	n := Picture(name, desc).Tappable()
	n.style = Style{Ink: faint, Size: titleSize, Center: true, Glyph: glyph}
	return n
}

// Sized gives n a fixed size in pixels along its parent's direction. Children
// without a size share what is left.
func (n *Node) Sized(px int) *Node {
	n.box.size = px
	return n
}

// Padded keeps n's children px pixels away from its edges and gap pixels from
// each other.
func (n *Node) Padded(px, gap int) *Node {
	n.box.padding, n.box.gap = px, gap
	return n
}

// Styled changes how n looks.
func (n *Node) Styled(change func(*Style)) *Node {
	change(&n.style)
	return n
}

// Named gives n a name.
func (n *Node) Named(name string) *Node {
	n.Name = name
	return n
}

// Unlabelled leaves n without a resource id, whatever its name is.
func (n *Node) Unlabelled() *Node {
	n.anonymous = true
	return n
}

// Keyed tells n apart from its neighbours of the same name.
func (n *Node) Keyed(key string) *Node {
	n.Key = key
	return n
}

// Described sets n's content description.
func (n *Node) Described(desc string) *Node {
	n.Desc = desc
	return n
}

// Tappable makes n clickable.
func (n *Node) Tappable() *Node {
	n.Clickable = true
	return n
}

// As sets n's Android class.
func (n *Node) As(class string) *Node {
	n.Class = class
	return n
}

// Playing gives n a part in a dialog.
func (n *Node) Playing(r Role) *Node {
	n.Role = r
	return n
}
