package app

import (
	"strconv"

	"postfleet/internal/phonesim/ui"
)

// interruption is a page that only skins have. It covers a calm page, once in
// the life of the app's process.
type interruption interface {
	page
	// over is the name of the page that a skin has it over, "" for none.
	over(s *Skin) string
}

// interrupt shows an interruption when the page has one that was not yet shown.
func (a *App) interrupt() {
	for _, i := range []interruption{&promo{}, &rating{}} {
		if i.over(a.skin) == a.base.name() && !a.met[i.name()] {
			a.met[i.name()] = true
			a.open(i)
			return
		}
	}
}

// promo fills the screen with advertising. Its views have no resource ids, and
// nothing but its small button closes it, not even the back key.
type promo struct{ inApp }

func (*promo) name() string        { return "promo" }
func (*promo) over(s *Skin) string { return s.arrangement.promo }
func (*promo) fullScreen()         {}

func (*promo) build(a *App) *ui.Node {
	const small = 72
	cross := ui.Icon("promo_close", "×", a.say("Close")).Sized(small)
	bar := ui.Row(ui.Space(), cross)
	if a.skin.arrangement.next == atLeft {
		bar = ui.Row(cross, ui.Space())
	}
	page := ui.Column(
		ui.Space().Sized(statusBarHeight),
		bar.Sized(small),
		ui.Picture("promo_picture", "").Keyed(strconv.Itoa(a.skin.number)).Sized(900),
		body(
			ui.Label("promo_title", a.say("Meet our new video editor")).Styled(ui.Title).Sized(rowSize),
			ui.Label("promo_text", a.say("Free for a month, with music and effects.")).Sized(rowSize),
			ui.Space(),
			ui.Button("promo_get", a.say("Get the app")).Sized(buttonHeight),
			ui.Button("promo_more", a.say("Learn more")).Styled(ui.Plain).Sized(buttonHeight),
		),
	).Styled(ui.Page)
	for n := range page.All() {
		n.Unlabelled()
	}
	return page
}

func (*promo) tap(a *App, n *ui.Node) {
	if n.Name == "promo_close" {
		a.closeDialog()
		return
	}
	a.leave(&playStore{})
}

func (*promo) back(*App) {}

// rating asks for stars.
type rating struct {
	inApp
	stars int
}

const mostStars = 5

func (*rating) name() string        { return "rating" }
func (*rating) over(s *Skin) string { return s.arrangement.rating }

func (r *rating) build(a *App) *ui.Node {
	stars := ui.Row().Padded(0, spacing/2).Sized(rowSize)
	for i := 1; i <= mostStars; i++ {
		star := ui.Icon("rating_star", "*", a.say("Stars: %d", i)).Keyed(strconv.Itoa(i))
		star.Selected = i <= r.stars
		stars.Children = append(stars.Children, star)
	}
	submit := ui.Button("rating_submit", a.say("Submit")).Playing(ui.RoleAccept)
	submit.Enabled = r.stars > 0
	later := ui.Button("rating_later", a.say("Maybe later")).Playing(ui.RoleDismiss).Styled(ui.Plain)
	c := newCard()
	c.add(ui.Label("rating_title", a.say("Enjoying the app?")).Playing(ui.RoleMessage).Styled(ui.Title), dialogLine)
	c.add(ui.Label("rating_text", a.say("Tap a star.")).Playing(ui.RoleMessage), dialogLine)
	c.add(stars, rowSize)
	for _, n := range a.skin.arrangement.dialog.buttons([]*ui.Node{submit, later}) {
		c.add(n, dialogButton)
	}
	return c.window()
}

func (r *rating) tap(a *App, n *ui.Node) {
	switch n.Name {
	case "rating_star":
		r.stars, _ = strconv.Atoi(n.Key) // build wrote it
	case "rating_submit":
		a.closeDialog()
		a.leave(&playStore{})
	default:
		a.closeDialog()
	}
}

func (*rating) back(a *App) { a.closeDialog() }
