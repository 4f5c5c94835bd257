package screen

import (
	"encoding/xml"
	"strconv"
	"strings"
)

// newNode reads one element. The server names elements by their class; the
// attribute is the true name where XML cannot hold that.
func newNode(e xml.StartElement) (n *Node, displayed bool) {
	n, displayed = &Node{Class: e.Name.Local}, true
	for _, a := range e.Attr {
		switch a.Name.Local {
		case "resource-id":
			n.ID = a.Value
		case "class":
			n.Class = a.Value
		case "package":
			n.Package = a.Value
		case "text":
			n.Text = a.Value
		case "content-desc":
			n.Desc = a.Value
		case "hint":
			n.Hint = a.Value
		case "displayed":
			displayed = a.Value != "false"
		case "bounds":
			n.Bounds = parseBounds(a.Value)
		case "drawing-order":
			n.DrawingOrder, _ = strconv.Atoi(a.Value) // 0, unknown, when it is no number
		default:
			if flag := n.flag(a.Name.Local); flag != nil {
				*flag = a.Value == "true"
			}
		}
	}
	return n, displayed
}

// flag is where n keeps the attribute of that name, nil for one it does not
// keep.
func (n *Node) flag(name string) *bool {
	switch name {
	case "enabled":
		return &n.Enabled
	case "selected":
		return &n.Selected
	case "checked":
		return &n.Checked
	case "checkable":
		return &n.Checkable
	case "clickable":
		return &n.Clickable
	case "long-clickable":
		return &n.LongClickable
	case "focused":
		return &n.Focused
	case "scrollable":
		return &n.Scrollable
	case "password":
		return &n.Password
	}
	return nil
}

// Editable reports whether n is a field that takes text. Dumps have no flag
// for it: all of Android's fields are named for one of three classes, and only
// fields have a hint.
func (n *Node) Editable() bool {
	tail := classTail(n.Class)
	return strings.HasSuffix(tail, "EditText") || strings.HasSuffix(tail, "AutoCompleteTextView") ||
		strings.HasSuffix(tail, "SearchAutoComplete") || n.Hint != ""
}

// Actionable reports whether n answers a touch. Whether it is enabled does not
// matter, nor does mere scrolling count.
func (n *Node) Actionable() bool {
	return n.Clickable || n.LongClickable || n.Checkable || n.Editable()
}

// classTail is the class without its package: "Button".
func classTail(class string) string { return class[strings.LastIndexAny(class, ".$")+1:] }

// idTail is the resource id without its package: "share_button".
func idTail(id string) string { return id[strings.LastIndexByte(id, '/')+1:] }

// screenSize is the screen's size, which the server writes on the root.
func screenSize(e xml.StartElement) Rect {
	var r Rect
	for _, a := range e.Attr {
		switch a.Name.Local {
		case "width":
			r.Right, _ = strconv.Atoi(a.Value) // without a number there is no size
		case "height":
			r.Bottom, _ = strconv.Atoi(a.Value)
		}
	}
	if r.Right > maxPixel || r.Bottom > maxPixel {
		return Rect{}
	}
	return r
}
