package ui

import (
	"image"
	"slices"
	"strconv"
)

// Width and Height are the size of the simulated screen in pixels.
const (
	Width  = 1080
	Height = 2208
)

// Bounds is the whole screen.
func Bounds() image.Rectangle { return image.Rect(0, 0, Width, Height) }

// Window is one window on the screen: an app's, or a dialog's above it.
type Window struct {
	Root *Node
	// Dialog windows are drawn over a darkened screen and are what the alert
	// commands speak of.
	Dialog bool
}

// Screen is everything that is on the screen at one moment.
type Screen struct {
	// Name is what the app calls it ("caption"). Drivers never see it.
	Name string
	// Windows are ordered from the bottom up; the last one is active. There is
	// always at least one.
	Windows []Window
}

// NewWindow completes a tree: it lays it out over the whole screen, takes out
// what found no room there, and gives every node its package, resource id and
// Ref. The serial is the number of this appearance of the window: views of
// another appearance are other views.
func NewWindow(pkg string, serial uint64, root *Node) Window {
	layout(root, Bounds())
	complete(root, pkg, strconv.FormatUint(serial, 10))
	return Window{Root: root}
}

func complete(n *Node, pkg, ref string) {
	n.Package = pkg
	if n.ResourceID == "" && n.Name != "" && !n.anonymous {
		n.ResourceID = pkg + ":id/" + n.Name
	}
	n.Ref = ref + "/" + n.Name + "=" + n.Key
	n.Children = slices.DeleteFunc(n.Children, func(c *Node) bool { return c.Bounds.Empty() })
	for i, c := range n.Children {
		complete(c, pkg, ref+"."+strconv.Itoa(i))
	}
}

// Active is the root of the window on top, the only one that drivers see, as
// on a real phone.
func (s Screen) Active() *Node { return s.Windows[len(s.Windows)-1].Root }

// Dialog is the root of the dialog on top, or nil.
func (s Screen) Dialog() *Node {
	if top := s.Windows[len(s.Windows)-1]; top.Dialog {
		return top.Root
	}
	return nil
}

// Find returns the node with that Ref in the active window, or nil when it is
// gone.
func (s Screen) Find(ref string) *Node {
	for n := range s.Active().All() {
		if n.Ref == ref {
			return n
		}
	}
	return nil
}

// Focused returns the node that has the input focus, or nil.
func (s Screen) Focused() *Node {
	for n := range s.Active().All() {
		if n.Focused {
			return n
		}
	}
	return nil
}

// Hit returns the deepest clickable and enabled node under p in the active
// window, or nil. A dialog swallows every touch outside of it.
func (s Screen) Hit(p image.Point) *Node {
	var hit *Node
	for n := range s.Active().All() {
		if n.Clickable && n.Enabled && p.In(n.Bounds) {
			hit = n
		}
	}
	return hit
}
