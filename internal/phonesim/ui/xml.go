package ui

import (
	"encoding/xml"
	"fmt"
	"image"
	"strconv"
	"strings"
)

// Attr is one XML attribute of a node.
type Attr struct{ Name, Value string }

// Attributes lists what the server tells of n, in its order. Like the server
// it leaves out a description, a resource id or a hint that is not there, but
// not an empty text.
func (n *Node) Attributes(index int) []Attr {
	list := []Attr{
		{"index", strconv.Itoa(index)},
		{"package", n.Package},
		{"class", n.Class},
		{"text", n.ShownText()},
	}
	list = appendSet(list, "content-desc", n.Desc)
	list = appendSet(list, "resource-id", n.ResourceID)
	list = append(list,
		boolAttr("checkable", false),
		boolAttr("checked", false),
		boolAttr("clickable", n.Clickable),
		boolAttr("enabled", n.Enabled),
		boolAttr("focusable", n.Clickable || n.Editable()),
		boolAttr("focused", n.Focused),
		boolAttr("long-clickable", n.Editable()),
		boolAttr("password", n.Password),
		boolAttr("scrollable", n.Scrollable),
		boolAttr("selected", n.Selected),
		Attr{"bounds", boundsString(n.Bounds)},
		boolAttr("displayed", true), // NewWindow drops the rest, as the server does
	)
	return appendSet(list, "hint", n.Hint)
}

// XML writes the active window the way GET /source returns it.
func (s Screen) XML() string {
	var b strings.Builder
	b.WriteString("<?xml version='1.0' encoding='UTF-8' standalone='yes' ?>\r\n")
	fmt.Fprintf(&b, `<hierarchy index="0" class="hierarchy" rotation="0" width="%d" height="%d">`, Width, Height)
	writeNode(&b, s.Active(), 0, "\r\n  ")
	b.WriteString("\r\n</hierarchy>")
	return b.String()
}

func writeNode(b *strings.Builder, n *Node, index int, indent string) {
	b.WriteString(indent + "<" + n.Class)
	for _, a := range n.Attributes(index) {
		b.WriteString(" " + a.Name + `="`)
		escape(b, a.Value)
		b.WriteByte('"')
	}
	if len(n.Children) == 0 {
		b.WriteString(" />")
		return
	}
	b.WriteByte('>')
	for i, c := range n.Children {
		writeNode(b, c, i, indent+"  ")
	}
	b.WriteString(indent + "</" + n.Class + ">")
}

// escape writes s as an attribute's value. Line breaks become character
// references, or a parser would read them as spaces; what XML cannot hold at
// all becomes a question mark, as in the server.
func escape(b *strings.Builder, s string) {
	s = strings.Map(func(r rune) rune {
		if isXML(r) {
			return r
		}
		return '?'
	}, s)
	_ = xml.EscapeText(b, []byte(s)) // a strings.Builder never fails
}

func isXML(r rune) bool {
	switch {
	case r == '\t', r == '\n', r == '\r':
		return true
	case r < ' ', r == 0xfffe, r == 0xffff:
		return false
	}
	return true
}

func appendSet(list []Attr, name, value string) []Attr {
	if value == "" {
		return list
	}
	return append(list, Attr{name, value})
}

func boolAttr(name string, v bool) Attr { return Attr{name, strconv.FormatBool(v)} }

func boundsString(r image.Rectangle) string {
	return fmt.Sprintf("[%d,%d][%d,%d]", r.Min.X, r.Min.Y, r.Max.X, r.Max.Y)
}
