package app

import "postfleet/internal/phonesim/ui"

// draft is a reel on its way.
type draft struct {
	video   Video
	caption string
}

// edit is where a video would be cut.
type edit struct {
	quiet
	draft *draft
}

func (*edit) name() string { return "edit" }

func (e *edit) build(a *App) *ui.Node {
	return a.sheetWith(a.say("Edit"), ui.Button("next_button", a.say("Next")), a.skin.arrangement.next,
		body(ui.Picture("edit_preview", a.say("Video preview")).Keyed(e.draft.video.Path)))
}

func (e *edit) tap(a *App, n *ui.Node) {
	if n.Name == "next_button" {
		a.show(&caption{draft: e.draft})
	}
}

func (e *edit) back(a *App) { a.openGallery(&gallery{chosen: e.draft.video.Path}) }

// caption is where the reel gets its text and is shared.
type caption struct {
	quiet
	draft *draft
}

func (*caption) name() string { return "caption" }

// build gives the share button a description, which it keeps in every skin: it
// is what a recipe can hold on to for the step that must not be guessed.
func (c *caption) build(a *App) *ui.Node {
	share := ui.Button("share_button", a.say("Share")).Described(a.plain("Share")).Sized(buttonHeight)
	preview := ui.Row(
		ui.Picture("caption_preview", a.say("Video preview")).Keyed(c.draft.video.Path).Sized(340),
		ui.Space(),
	).Sized(480)
	field := ui.Field("caption_field", c.draft.caption, a.say("Write a caption…")).Styled(ui.Paragraph).Sized(640)
	switch where := a.skin.arrangement.share; where {
	case atLeft, atRight:
		return a.sheetWith(a.say("New reel"), share, where, body(preview, field, ui.Space()))
	case underField:
		return a.sheet(title(a.say("New reel")), body(preview, field, share, ui.Space()))
	default:
		return a.sheet(title(a.say("New reel")), body(preview, field, ui.Space(), share))
	}
}

func (c *caption) field(name string) *string {
	if name == "caption_field" {
		return &c.draft.caption
	}
	return nil
}

func (c *caption) tap(a *App, n *ui.Node) {
	if n.Name == "share_button" {
		a.share(*c.draft)
	}
}

func (c *caption) back(a *App) { a.show(&edit{draft: c.draft}) }
