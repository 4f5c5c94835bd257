package screentest

const elementSize = 150

// element is one of a kind of screens.txt.
func (p *pen) element(kind, id, label string) *view {
	if id == "-" {
		id = ""
	}
	v := p.still(kind, id, label)
	if v == nil {
		v = p.changing(kind, id)
	}
	v.size = elementSize
	if !p.behind && (v.clickable || v.checkable) && v.id != "" {
		p.marked = append(p.marked, v)
	}
	return v
}

// still is an element whose label is the app's; nil for other kinds.
func (p *pen) still(kind, id, label string) *view {
	switch kind {
	case "text":
		return text(id, p.say(label))
	case "image":
		return &view{class: "android.widget.ImageView", id: id, desc: p.say(label)}
	case "icon":
		return &view{class: "android.widget.ImageView", id: id, desc: p.say(label), clickable: true}
	case "button":
		return &view{
			class: "android.widget.Button", id: id, text: p.say(label), clickable: true, disabled: p.r.IntN(9) == 0,
		}
	case "row":
		v := row(0, text("", p.say(label)), &view{class: "android.widget.ImageView"})
		v.class, v.id, v.clickable = "android.view.ViewGroup", id, true
		return v
	case "switch":
		return &view{
			class: "android.widget.Switch", id: id, text: p.say(label), clickable: true, checkable: true,
			checked: p.often(),
		}
	case "field":
		return p.field(id, label)
	}
	return nil
}

// field has the focus, and a secret in it, if it is the first one.
func (p *pen) field(id, label string) *view {
	v := &view{class: "android.widget.EditText", id: id, hint: p.say(label), clickable: true}
	if p.Focus && !p.behind {
		v.focused, v.text = true, Typed
		p.Focus = false
	}
	return v
}

// changing is an element whose text is not the app's.
func (p *pen) changing(kind, id string) *view {
	switch kind {
	case "data":
		return text(id, p.caption())
	case "count":
		return text(id, p.count())
	case "progress":
		return text(id, p.say("Sharing")+" "+p.count()+" %")
	case "handle":
		v := text(id, p.account)
		v.class, v.clickable = "android.widget.Button", true
		return v
	case "badge":
		if p.often() {
			return text(id, p.count())
		}
	}
	return column()
}

func firstText(v *view) string {
	for _, label := range []string{v.desc, v.hint, v.text} {
		if label != "" {
			return label
		}
	}
	for _, c := range v.children {
		if label := firstText(c); label != "" {
			return label
		}
	}
	return ""
}
