package screen

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Tree is one dump of the screen.
type Tree struct {
	// Nodes are the visible elements in document order, parents before their
	// children.
	Nodes []*Node
	// Bounds hold all of them.
	Bounds Rect

	// Screen is the whole screen, empty when the dump does not tell.
	Screen Rect
}

// Node is one visible element as UiAutomator2 tells of it.
type Node struct {
	// ID is the full resource id, "package:id/name"; "" without one.
	ID string
	// Class is the full name of the Android class.
	Class   string
	Package string
	// Text is what it shows; that of an empty field is its Hint.
	Text string
	// Desc is the content description.
	Desc string
	Hint string

	Enabled, Selected, Checked, Checkable, Clickable, LongClickable, Focused, Scrollable, Password bool

	Bounds Rect
	// Parent is the nearest visible element around this one, nil at the root of
	// a window. Children are the visible elements whose Parent this is.
	Parent   *Node
	Children []*Node
	// DrawingOrder is among siblings: what has more is drawn above. 0 is unknown.
	DrawingOrder int
}

// What a dump holds at most. Those of apps have hundreds of elements, and the
// driver goes 70 deep; a web page may have thousands. What is made of a tree takes
// time with the square of its size.
const (
	maxNodes = 10_000
	maxDepth = 500
)

var (
	errNoElement = errors.New("no element in it")
	errTooLarge  = fmt.Errorf("more than %d visible elements, or %d within each other", maxNodes, maxDepth)
)

// Parse reads UiAutomator2's XML. Elements that nobody can see or touch (no
// area, or displayed="false") are left out; what they hold is judged by
// itself. A dump with nothing visible is an error, and so is one that is larger
// than any app's.
func Parse(source string) (*Tree, error) {
	t := &Tree{}
	dec := xml.NewDecoder(strings.NewReader(source))
	// around holds, for every open element, the nearest visible one.
	around := []*Node{nil}
	for {
		token, err := dec.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("parse screen: %w", err)
		}
		switch e := token.(type) {
		case xml.StartElement:
			around = append(around, t.add(e, around[len(around)-1]))
			if len(t.Nodes) > maxNodes || len(around) > maxDepth {
				return nil, fmt.Errorf("parse screen: %w", errTooLarge)
			}
		case xml.EndElement:
			around = around[:len(around)-1]
		}
	}
	if len(t.Nodes) == 0 {
		return nil, fmt.Errorf("parse screen: %w", errNoElement)
	}
	return t, nil
}

// add takes e into the tree if it is visible, and returns what the elements
// in it are in.
func (t *Tree) add(e xml.StartElement, parent *Node) *Node {
	n, displayed := newNode(e)
	if e.Name.Local == "hierarchy" {
		t.Screen = screenSize(e)
	}
	if !displayed || n.Bounds.Empty() {
		return parent
	}
	if n.Parent = parent; parent != nil {
		parent.Children = append(parent.Children, n)
	}
	t.Nodes = append(t.Nodes, n)
	t.Bounds = t.Bounds.Union(n.Bounds)
	return n
}

// List is the scrollable element that n is in, or is; nil without one.
func (n *Node) List() *Node {
	for p := n; p != nil; p = p.Parent {
		if p.Scrollable {
			return p
		}
	}
	return nil
}
