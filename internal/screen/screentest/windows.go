package screentest

import (
	"slices"
	"strings"
)

// windows are the app's, laid out.
func (s Screen) windows(p *pen) []*view {
	bottom := height
	if p.Keyboard && s.shrinks() {
		bottom = keyboardTop
	}
	whole, inset := area{0, 0, width, bottom}, area{90, 700, width - 90, 1500}
	switch s.mode {
	case "dialog":
		return []*view{decorated(s.body(p), inset)}
	case "over":
		p.behind = true
		under := decorated(find(s.under).body(p), whole)
		p.behind = false
		return []*view{under, decorated(s.body(p), inset)}
	case "sheet":
		p.behind = true
		under := find(s.under).body(p)
		p.behind = false
		scrim := &view{class: "android.view.View", id: "touch_outside", clickable: true}
		sheet := s.body(p)
		sheet.id, sheet.clickable, sheet.size = "bottom_sheet", true, 1100
		return []*view{decorated(stack(under, scrim, sheet), whole)}
	}
	return []*view{decorated(s.body(p), whole)}
}

// shrinks reports whether the window gives way to the keyboard, by a shorter
// list. Others stay where they are, beneath it.
func (s Screen) shrinks() bool {
	return s.mode == "" && slices.ContainsFunc(s.parts, func(a part) bool {
		return a.kind == "list" || a.kind == "grid"
	})
}

// decorated is a window around a page, as Android builds it.
func decorated(page *view, at area) *view {
	content := stack(page)
	content.id = "android:content"
	v := stack(column(content)).own(App)
	v.lay(at)
	return v
}

func find(name string) Screen {
	for _, s := range Screens() {
		if s.Name == name {
			return s
		}
	}
	return Screen{}
}

func (s Screen) body(p *pen) *view {
	v := column()
	for _, part := range s.parts {
		v.children = append(v.children, p.part(part))
	}
	return v
}

func (p *pen) part(a part) *view {
	switch a.kind {
	case "bar":
		return row(150, p.elements(a.body)...)
	case "rows":
		v := column(p.elements(a.body)...)
		v.size = elementSize * len(v.children)
		return v
	case "page":
		v := column(column(p.elements(a.body)...))
		v.class, v.scrollable = "android.widget.ScrollView", true
		return v
	case "strip":
		v := row(150, p.elements(a.body)...)
		for _, c := range v.children {
			c.selected = c.id == a.argument
		}
		return v
	case "tabs":
		return p.tabs(a.body)
	case "menu":
		return p.menu(a)
	}
	id, template, _ := strings.Cut(a.body, " ")
	return p.collection(a.kind, id, template)
}

func (p *pen) elements(body string) []*view {
	var views []*view
	for one := range strings.SplitSeq(body, ";") {
		words := strings.Fields(one)
		views = append(views, p.element(words[0], words[1], strings.Join(words[2:], " ")))
	}
	side := (width - 20) / len(views)
	for _, v := range views {
		v.size = max(v.size, 0)
		if side < elementSize {
			v.size = side
		}
	}
	return views
}

// tabs is the bar that all the app's main screens have.
func (p *pen) tabs(open string) *view {
	v := row(150)
	for _, tab := range [][2]string{
		{"feed_tab", "Home"},
		{"search_tab", "Search and explore"},
		{"reels_tab", "Reels"},
		{"shop_tab", "Shop"},
		{"profile_tab", "Profile"},
	} {
		e := p.element("icon", tab[0], tab[1])
		e.class, e.selected, e.size = "android.widget.FrameLayout", tab[0] == open, 0
		v.children = append(v.children, e)
	}
	v.id = "tab_bar"
	return v
}

// menu is a list whose entries are the app's, and all of the same id.
func (p *pen) menu(a part) *view {
	v := column()
	v.class, v.id = "androidx.recyclerview.widget.RecyclerView", a.argument
	for label := range strings.SplitSeq(a.body, ";") {
		e := text(a.argument+"_row", p.say(strings.TrimSpace(label)))
		e.clickable, e.size = true, elementSize
		v.children = append(v.children, e)
	}
	return v
}

// statusBar is the system's.
func (p *pen) statusBar() *view {
	v := row(0, text("com.android.systemui:clock", p.clock()),
		&view{class: "android.widget.ImageView", id: "com.android.systemui:battery", desc: p.count() + " %"})
	v.own("com.android.systemui").lay(area{0, 0, width, 63})
	return v
}

// keyboard is a window of an input method.
func keyboard() *view {
	v := column()
	for _, keys := range []string{"qwertyuiop", "asdfghjkl", "zxcvbnm"} {
		line := row(0)
		for _, key := range keys {
			line.children = append(line.children, &view{
				class: "android.widget.Button", desc: string(key), clickable: true,
			})
		}
		v.children = append(v.children, line)
	}
	v.own("com.android.inputmethod").lay(area{0, keyboardTop, width, height})
	return v
}
