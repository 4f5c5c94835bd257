package screentest

const itemSize = 210

// collection is a list or a grid of as many items of a template as there are.
func (p *pen) collection(kind, id, template string) *view {
	v := column()
	v.class, v.id, v.scrollable = "androidx.recyclerview.widget.RecyclerView", id, true
	if template == "story" {
		v.beside, v.size = true, 220
	}
	count := p.items(2, 7)
	if kind == "grid" {
		for range count {
			v.children = append(v.children, row(300, p.item(template), p.item(template), p.item(template)))
		}
		return v
	}
	for range count {
		item := p.item(template)
		if item.size == 0 && !v.beside {
			item.size = itemSize
		}
		v.children = append(v.children, item)
	}
	return v
}

func (p *pen) item(template string) *view {
	switch template {
	case "post":
		return p.post()
	case "cell":
		return &view{
			class: "android.widget.ImageView", id: "image_button", clickable: true,
			desc: p.say("Reel by") + " " + p.handle() + ", " + p.count(),
		}
	case "story":
		return &view{
			class: "android.widget.Button", id: "avatar", clickable: true, desc: p.say("Story of") + " " + p.handle(),
		}
	case "setting":
		v := row(150, text("row_title", p.say(p.pick("Accounts", "Activity", "Mentions", "Comments", "Sharing"))),
			text("row_value", p.say(p.pick("On", "Off", "Everyone"))))
		v.class, v.id, v.clickable = "android.view.ViewGroup", "settings_row", true
		return v
	}
	return p.person(template)
}

// post is a post of the feed, now and then an advertisement.
func (p *pen) post() *view {
	button := func(id, desc string) *view {
		return &view{class: "android.widget.ImageView", id: id, desc: p.say(desc), clickable: true}
	}
	v := column(
		row(90, &view{class: "android.widget.Button", id: "row_feed_name", text: p.handle(), clickable: true},
			button("feed_more_button", "More actions")),
		&view{class: "android.widget.FrameLayout", id: "row_feed_media", desc: p.say("Photo by") + " " + p.handle()},
		row(90,
			button("row_feed_like", "Like"), button("row_feed_comment", "Comment"), button("row_feed_share", "Send"),
			text("row_feed_likes", p.count())),
	)
	if p.often() {
		v.children = append(v.children, sized(90, text("row_feed_caption", p.caption())))
	}
	if p.r.IntN(5) == 0 {
		cta := &view{class: "android.widget.Button", id: "row_feed_cta", text: p.say("Learn more"), clickable: true}
		v.children = append(v.children, sized(90, cta))
	}
	v.id, v.size = "feed_item", 640
	return v
}

// person is a row about somebody: a user, a comment, a song's author.
func (p *pen) person(template string) *view {
	v := row(0,
		&view{class: "android.widget.ImageView", id: template + "_picture"},
		text(template+"_name", p.handle()),
		text(template+"_line", p.caption()),
	)
	if p.r.IntN(3) == 0 {
		v.children = append(v.children, text(template+"_new", p.count()))
	}
	v.class, v.id, v.clickable = "android.view.ViewGroup", template+"_row", true
	return v
}

func text(id, shown string) *view {
	return &view{class: "android.widget.TextView", id: id, text: shown}
}

func sized(size int, v *view) *view {
	v.size = size
	return v
}
