package screentest

import (
	"encoding/xml"
	"fmt"
	"strings"
)

const (
	width, height = 1080, 2208
	keyboardTop   = 1400
)

// area is left, top, right, bottom in pixels.
type area [4]int

// view is one element. Its children are stacked, side by side, or on top of
// each other.
type view struct {
	class, id, pkg, text, desc, hint string

	clickable, scrollable, checkable, checked, selected, focused, disabled, password bool

	children []*view
	beside   bool
	above    bool
	size     int // along its parent's direction; 0 shares what is left
	at       area
}

func column(children ...*view) *view {
	return &view{class: "android.widget.LinearLayout", children: children}
}

func row(size int, children ...*view) *view {
	v := column(children...)
	v.beside, v.size = true, size
	return v
}

func stack(children ...*view) *view {
	return &view{class: "android.widget.FrameLayout", above: true, children: children}
}

// lay gives v the area and its children their parts of it. What finds no room
// is not on the screen.
func (v *view) lay(at area) {
	v.at = at
	from, end := at[1], at[3]
	if v.beside {
		from, end = at[0], at[2]
	}
	room, shares := end-from, 0
	for _, c := range v.children {
		room -= c.size
		if c.size == 0 {
			shares++
		}
	}
	for _, c := range v.children {
		part := at
		if !v.above {
			size := c.size
			if size == 0 {
				size = max(0, room) / shares
			}
			if v.beside {
				part[0], part[2] = from, min(from+size, end)
			} else {
				part[1], part[3] = from, min(from+size, end)
			}
			from = min(from+size, end)
		} else if c.size > 0 {
			part[1] = max(part[1], part[3]-c.size)
		}
		c.lay(part)
	}
}

// write appends v in the manner of the UiAutomator2 server.
func (v *view) write(b *strings.Builder, index, depth int) {
	if v.at[2] <= v.at[0] || v.at[3] <= v.at[1] {
		return
	}
	indent := "\r\n" + strings.Repeat("  ", depth)
	fmt.Fprintf(b, `%s<%s index="%d" package="%s" class="%s" text="%s"`,
		indent, v.class, index, v.pkg, v.class, escaped(v.shown()))
	for _, a := range [][2]string{{"content-desc", v.desc}, {"resource-id", v.resource()}} {
		if a[1] != "" {
			fmt.Fprintf(b, ` %s="%s"`, a[0], escaped(a[1]))
		}
	}
	fmt.Fprintf(b, ` checkable="%t" checked="%t" clickable="%t" enabled="%t" focusable="%t" focused="%t"`+
		` long-clickable="%t" password="%t" scrollable="%t" selected="%t" bounds="[%d,%d][%d,%d]" displayed="true"`,
		v.checkable, v.checked, v.clickable, !v.disabled, v.clickable, v.focused,
		v.hint != "", v.password, v.scrollable, v.selected, v.at[0], v.at[1], v.at[2], v.at[3])
	if v.hint != "" {
		fmt.Fprintf(b, ` hint="%s"`, escaped(v.hint))
	}
	if len(v.children) == 0 {
		b.WriteString(" />")
		return
	}
	b.WriteByte('>')
	for i, c := range v.children {
		c.write(b, i, depth+1)
	}
	b.WriteString(indent + "</" + v.class + ">")
}

// shown is the text as drivers report it: the hint when a field is empty.
func (v *view) shown() string {
	if v.text == "" {
		return v.hint
	}
	return v.text
}

// resource is the full id. One of Android's own has its package before a colon.
func (v *view) resource() string {
	if v.id == "" {
		return ""
	}
	if own, name, ok := strings.Cut(v.id, ":"); ok {
		return own + ":id/" + name
	}
	return App + ":id/" + v.id
}

// own puts v and all in it into a package.
func (v *view) own(pkg string) *view {
	v.pkg = pkg
	for _, c := range v.children {
		c.own(pkg)
	}
	return v
}

func escaped(text string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(text)) // a strings.Builder never fails
	return b.String()
}
