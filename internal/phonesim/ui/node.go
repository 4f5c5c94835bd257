package ui

import (
	"image"
	"iter"
	"strings"
	"unicode/utf8"
)

// Classes of Android views that the screens are made of.
const (
	ClassFrame  = "android.widget.FrameLayout"
	ClassColumn = "android.widget.LinearLayout"
	ClassText   = "android.widget.TextView"
	ClassButton = "android.widget.Button"
	ClassField  = "android.widget.EditText"
	ClassImage  = "android.widget.ImageView"
	ClassGrid   = "android.widget.GridView"
	ClassList   = "android.widget.ListView"
)

// Role is what a node is to a dialog, for the alert commands.
type Role int

// The roles. Most nodes have none.
const (
	RoleNone Role = iota
	// RoleMessage is the title or a text of the dialog.
	RoleMessage
	// RoleAccept is the button that agrees.
	RoleAccept
	// RoleDismiss is the button that declines.
	RoleDismiss
)

// Node is one view. Fill it with the builders of this package; NewWindow
// completes it. A node belongs to one tree only.
type Node struct {
	Class   string
	Package string
	// Name is the view's own name ("share_button"); "" for a nameless view.
	// Screens recognise what was touched by it, whatever ResourceID says.
	Name string
	// Key tells apart the rows of a list: an account, a file.
	Key string
	// ResourceID is the full id that drivers see, "package:id/name".
	ResourceID string
	// Ref identifies the view for as long as it is on the screen.
	Ref string

	Text string
	Desc string
	// Hint is shown in place of an empty Text.
	Hint string
	Role Role

	Clickable  bool
	Enabled    bool
	Selected   bool
	Focused    bool
	Password   bool
	Scrollable bool

	// Bounds are in pixels of the screen.
	Bounds   image.Rectangle
	Children []*Node

	box   box
	style Style
	// anonymous nodes get no ResourceID.
	anonymous bool
}

// Editable reports whether text can be typed into n.
func (n *Node) Editable() bool { return n.Class == ClassField }

// ShownText is the text as drivers report it: the hint when the field is
// empty, dots for a password.
func (n *Node) ShownText() string {
	switch {
	case n.Text == "":
		return n.Hint
	case n.Password:
		return strings.Repeat("•", utf8.RuneCountInString(n.Text))
	}
	return n.Text
}

// Center is the point that a click on n touches.
func (n *Node) Center() image.Point {
	return n.Bounds.Min.Add(n.Bounds.Max).Div(2)
}

// All yields n and everything below it, parents before children, in the order
// of the XML.
func (n *Node) All() iter.Seq[*Node] {
	return func(yield func(*Node) bool) { n.walk(yield) }
}

func (n *Node) walk(yield func(*Node) bool) bool {
	if !yield(n) {
		return false
	}
	for _, c := range n.Children {
		if !c.walk(yield) {
			return false
		}
	}
	return true
}
