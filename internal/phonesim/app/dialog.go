package app

import "postfleet/internal/phonesim/ui"

const (
	dialogMargin = 80
	dialogLine   = 170
	dialogButton = 130
)

// prompt is a dialog: a text or two and one or two buttons. Back declines it,
// or agrees where that is all one can do.
type prompt struct {
	word          string
	pkg, activity string
	// title and text are the dialog's labels; a label without text is left out.
	title, text label
	accept      choice
	dismiss     choice
}

// label is a view that says a phrase.
type label struct{ name, phrase string }

// choice is a button and what it does; a nil do means there is no button.
type choice struct {
	label
	do func(*App)
}

// card is a dialog's body, as high as what was added to it.
type card struct {
	node   *ui.Node
	height int
}

func newCard() *card {
	return &card{node: ui.Column().Padded(margin, spacing/2).Styled(ui.Card), height: 2 * margin}
}

func (c *card) add(n *ui.Node, size int) {
	c.node.Children = append(c.node.Children, n.Sized(size))
	c.height += size + spacing/2
}

// window is the card in the middle of the screen.
func (c *card) window() *ui.Node {
	return ui.Column(
		ui.Space(),
		ui.Row(ui.Space().Sized(dialogMargin), c.node, ui.Space().Sized(dialogMargin)).Sized(c.height),
		ui.Space())
}

func (p *prompt) name() string                  { return p.word }
func (p *prompt) owner() (pkg, activity string) { return p.pkg, p.activity }

func (p *prompt) build(a *App) *ui.Node {
	say, order := a.skin.Say, a.skin.arrangement.dialog
	if p.pkg != Package {
		say, order = a.skin.Plain, acceptFirst
	}
	c := newCard()
	for i, l := range []label{p.title, p.text} {
		if l.phrase == "" {
			continue
		}
		n := ui.Label(l.name, say(l.phrase)).Playing(ui.RoleMessage)
		if i == 0 {
			n.Styled(ui.Title)
		}
		c.add(n, dialogLine)
	}
	var buttons []*ui.Node
	if p.accept.do != nil {
		buttons = append(buttons, ui.Button(p.accept.name, say(p.accept.phrase)).Playing(ui.RoleAccept))
	}
	if p.dismiss.do != nil {
		n := ui.Button(p.dismiss.name, say(p.dismiss.phrase)).Playing(ui.RoleDismiss).Styled(ui.Plain)
		buttons = append(buttons, n)
	}
	for _, n := range order.buttons(buttons) {
		c.add(n, dialogButton)
	}
	return c.window()
}

func (p *prompt) tap(a *App, n *ui.Node) {
	if n.Role == ui.RoleAccept {
		p.accept.do(a)
		return
	}
	p.dismiss.do(a)
}

func (p *prompt) back(a *App) {
	if p.dismiss.do != nil {
		p.dismiss.do(a)
		return
	}
	p.accept.do(a)
}

func goHome(a *App) { a.show(&home{}) }
