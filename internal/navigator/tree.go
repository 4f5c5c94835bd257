package navigator

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// tree is one dump of the screen: its visible elements in document order.
type tree struct {
	nodes  []*node
	bounds rect
}

type node struct {
	id, class, pkg, text, desc string
	enabled, selected, checked bool
	scrollable                 bool
	bounds                     rect
	parent                     *node
}

type rect struct{ left, top, right, bottom int }

func (r rect) empty() bool { return r.right <= r.left || r.bottom <= r.top }

func (r rect) centre() (x, y int) { return (r.left + r.right) / 2, (r.top + r.bottom) / 2 }

func (r rect) union(o rect) rect {
	if r.empty() {
		return o
	}
	return rect{min(r.left, o.left), min(r.top, o.top), max(r.right, o.right), max(r.bottom, o.bottom)}
}

// parseTree reads UiAutomator2's XML. Elements that nobody can see or touch
// (no area, or displayed="false") are left out.
func parseTree(source string) (*tree, error) {
	t := &tree{}
	dec := xml.NewDecoder(strings.NewReader(source))
	var open []*node
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
			n, displayed := newNode(e)
			if len(open) > 0 {
				n.parent = open[len(open)-1]
			}
			open = append(open, n)
			if displayed && !n.bounds.empty() {
				t.nodes = append(t.nodes, n)
				t.bounds = t.bounds.union(n.bounds)
			}
		case xml.EndElement:
			open = open[:len(open)-1]
		}
	}
	if len(t.nodes) == 0 {
		return nil, errors.New("parse screen: no element in it")
	}
	return t, nil
}

func newNode(e xml.StartElement) (n *node, displayed bool) {
	n, displayed = &node{class: e.Name.Local}, true
	for _, a := range e.Attr {
		switch a.Name.Local {
		case "resource-id":
			n.id = a.Value
		case "class":
			n.class = a.Value
		case "package":
			n.pkg = a.Value
		case "text":
			n.text = a.Value
		case "content-desc":
			n.desc = a.Value
		case "enabled":
			n.enabled = a.Value == "true"
		case "selected":
			n.selected = a.Value == "true"
		case "checked":
			n.checked = a.Value == "true"
		case "scrollable":
			n.scrollable = a.Value == "true"
		case "displayed":
			displayed = a.Value != "false"
		case "bounds":
			n.bounds = parseBounds(a.Value)
		}
	}
	return n, displayed
}

// parseBounds reads "[left,top][right,bottom]". What is not that has no area.
func parseBounds(text string) rect {
	numbers := strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune("[],", r) })
	if len(numbers) != 4 {
		return rect{}
	}
	var at [4]int
	for i, number := range numbers {
		var err error
		if at[i], err = strconv.Atoi(number); err != nil {
			return rect{}
		}
	}
	return rect{at[0], at[1], at[2], at[3]}
}

// list is the scrollable element that n is in, or is; nil without one.
func (n *node) list() *node {
	for p := n; p != nil; p = p.parent {
		if p.scrollable && !p.bounds.empty() {
			return p
		}
	}
	return nil
}
