package app

import "postfleet/internal/phonesim/ui"

// home is the app's first page.
type home struct{ quiet }

func (*home) name() string { return "home" }

func (*home) build(a *App) *ui.Node {
	return a.sheet(title("Instagram"),
		ui.Row(ui.Label("feed_account", a.say("Signed in as %s", a.account)).Styled(ui.Quiet)).Sized(barHeight),
		ui.Space(),
		ui.Label("feed_end", a.say("You're all caught up")).Styled(ui.Centered).Styled(ui.Quiet).Sized(rowSize),
		ui.Space(),
		a.tabs("tab_home"))
}

func (*home) tap(a *App, n *ui.Node) { openTab(a, n) }
func (*home) back(a *App)            { a.leave(&launcher{}) }
