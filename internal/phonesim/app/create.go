package app

import (
	"slices"

	"postfleet/internal/phonesim/ui"
)

// create is the sheet that asks what to make.
type create struct{ quiet }

func (*create) name() string { return "create" }

func (*create) build(a *App) *ui.Node {
	return a.sheet(title(a.say("Create")), rowsOf(ordered(a.skin.arrangement.menu,
		ui.Entry("create_reel", a.say("Reel")),
		ui.Entry("create_post", a.say("Post")),
		ui.Entry("create_story", a.say("Story")),
	)...))
}

// tap opens the gallery for a reel. Posts and stories are not what this phone
// is for; touching them does nothing.
func (*create) tap(a *App, n *ui.Node) {
	if n.Name == "create_reel" {
		a.openGallery(&gallery{})
	}
}

func (*create) back(a *App) { a.show(&home{}) }

const (
	galleryColumns = 3
	galleryRows    = 5
)

// gallery is where the video is chosen.
type gallery struct {
	quiet
	// chosen is the path of the selected video.
	chosen string
	// scrolled counts the rows above the screen.
	scrolled int
}

// openGallery shows g, and asks for permission when the app has none.
func (a *App) openGallery(g *gallery) {
	a.show(g)
	if !a.granted {
		a.open(newMediaPermission())
	}
}

func (*gallery) name() string { return "gallery" }

func (g *gallery) build(a *App) *ui.Node {
	next := ui.Button("next_button", a.say("Next"))
	_, next.Enabled = g.video(a)
	sheet := func(body ...*ui.Node) *ui.Node {
		return a.sheetWith(a.say("New reel"), next, a.skin.arrangement.next, body...)
	}
	if !a.granted {
		return sheet(body(
			ui.Label("gallery_denied", a.say("Allow access to your photos and videos")).Sized(rowSize),
			ui.Button("gallery_allow", a.say("Allow access")).Sized(buttonHeight),
			ui.Space()))
	}
	videos := a.cfg.Gallery.Videos()
	if len(videos) == 0 {
		return sheet(body(ui.Label("gallery_empty", a.say("No videos")).Styled(ui.Centered)))
	}
	grid := ui.Column().Named("gallery_grid").As(ui.ClassGrid).Padded(0, 6)
	grid.Scrollable = true
	first := min(g.scrolled*galleryColumns, len(videos)-1)
	visible := videos[first:min(first+galleryColumns*galleryRows, len(videos))]
	for row := range slices.Chunk(visible, galleryColumns) {
		grid.Children = append(grid.Children, g.row(a, row))
	}
	grid.Children = append(grid.Children, ui.Space())
	return sheet(grid)
}

func (g *gallery) row(a *App, videos []Video) *ui.Node {
	row := ui.Row().Padded(0, 6).Sized(rowHeight)
	for _, v := range videos {
		created := v.Created.Format(a.skin.language.moment())
		item := ui.Picture("gallery_item", a.say("Video, created on %s", created))
		item.Selected = v.Path == g.chosen
		row.Children = append(row.Children, item.Keyed(v.Path).Tappable().Sized((ui.Width-2*6)/galleryColumns))
	}
	return row
}

// video returns the selected video, if it is still there.
func (g *gallery) video(a *App) (Video, bool) {
	videos := a.cfg.Gallery.Videos()
	i := slices.IndexFunc(videos, func(v Video) bool { return v.Path == g.chosen })
	if i < 0 || !a.granted {
		return Video{}, false
	}
	return videos[i], true
}

func (g *gallery) tap(a *App, n *ui.Node) {
	switch n.Name {
	case "gallery_item":
		g.chosen = n.Key
	case "gallery_allow":
		a.open(newMediaPermission())
	case "next_button":
		v, ok := g.video(a)
		switch {
		case !ok:
		case a.trouble.strike(FaultStorageFull):
			a.open(newStorageFull())
		default:
			a.show(&edit{draft: &draft{video: v}})
		}
	}
}

func (*gallery) back(a *App) { a.show(&create{}) }

func (g *gallery) scroll(a *App, rows int) {
	last := (len(a.cfg.Gallery.Videos()) - 1) / galleryColumns
	g.scrolled = max(0, min(g.scrolled+rows, last))
}
