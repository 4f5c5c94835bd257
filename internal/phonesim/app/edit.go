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

func (e *edit) build(*App) *ui.Node {
	return sheet(titleWith("Edit", ui.Button("next_button", "Next")),
		body(ui.Picture("edit_preview", "Video preview").Keyed(e.draft.video.Path)))
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

func (c *caption) build(*App) *ui.Node {
	return sheet(title("New reel"), body(
		ui.Row(
			ui.Picture("caption_preview", "Video preview").Keyed(c.draft.video.Path).Sized(340),
			ui.Space(),
		).Sized(480),
		ui.Field("caption_field", c.draft.caption, "Write a caption…").Styled(ui.Paragraph).Sized(640),
		ui.Space(),
		ui.Button("share_button", "Share").Sized(buttonHeight),
	))
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
