package app

import "postfleet/internal/phonesim/ui"

// Heights in pixels.
const (
	statusBarHeight = 63
	barHeight       = 150
	rowSize         = 150
	smallRow        = 38
	rowsRoom        = ui.Height - statusBarHeight - barHeight - 2*margin
	buttonHeight    = 130
	bannerHeight    = 90
	margin          = 48
	spacing         = 32
	barButtonWidth  = 280
	wideButton      = 440
)

// sheet is a page of the app: its status bar, a bar at the top, the body.
func (a *App) sheet(bar *ui.Node, body ...*ui.Node) *ui.Node {
	look := a.skin.arrangement
	top := []*ui.Node{ui.Space().Sized(statusBarHeight), layer(bar, look.wrappedBar).Sized(barHeight)}
	if a.trouble.offline {
		banner := ui.Label("network_banner", a.say("No internet connection")).Styled(ui.Centered)
		top = append(top, banner.Sized(bannerHeight))
	}
	if look.wrapped {
		body = []*ui.Node{ui.Column(body...)}
	}
	return ui.Column(append(top, body...)...).Styled(ui.Page)
}

// foreignSheet is a page of another app.
func foreignSheet(bar *ui.Node, body ...*ui.Node) *ui.Node {
	top := []*ui.Node{ui.Space().Sized(statusBarHeight), bar.Sized(barHeight)}
	return ui.Column(append(top, body...)...).Styled(ui.Page)
}

// title is a bar that holds nothing but the page's title.
func title(text string) *ui.Node {
	return ui.Label("action_bar_title", text).Styled(ui.Title)
}

// sheetWith is a sheet with a button in its bar, or at the bottom.
func (a *App) sheetWith(text string, button *ui.Node, where corner, body ...*ui.Node) *ui.Node {
	width := barButtonWidth
	if a.skin.number > 0 {
		width = wideButton // There are longer words than the original's.
	}
	bar := func(children ...*ui.Node) *ui.Node { return ui.Row(children...).Padded(margin/2, spacing) }
	switch where {
	case atLeft:
		return a.sheet(bar(button.Sized(width), title(text)), body...)
	case atBottom:
		return a.sheet(title(text), append(body, bar(button).Sized(buttonHeight+margin))...)
	default:
		return a.sheet(bar(title(text), button.Sized(width)), body...)
	}
}

// body is the padded part of a page below its bar.
func body(children ...*ui.Node) *ui.Node {
	return ui.Column(children...).Padded(margin, spacing)
}

// rowsOf stacks rows of equal height, leaving the rest empty. Many rows are
// lower, down to smallRow; those that still find no room are not on the screen.
func rowsOf(rows ...*ui.Node) *ui.Node { return rowsIn(rowsRoom, rows...) }

// rowsIn is rowsOf with room pixels for the rows.
func rowsIn(room int, rows ...*ui.Node) *ui.Node {
	size := max(smallRow, min(rowSize, room/max(1, len(rows))))
	for _, r := range rows {
		r.Sized(size)
	}
	return ui.Column(append(rows, ui.Space())...).Padded(margin, 0)
}

// tabs is the bar at the bottom; current is the tab that is open.
func (a *App) tabs(current string) *ui.Node {
	tab := func(name, phrase string) *ui.Node {
		n := ui.Tab(name, a.say(phrase))
		n.Selected = name == current
		return n
	}
	return ui.Row(ordered(a.skin.arrangement.tabs,
		tab("tab_home", "Home"), tab("tab_create", "Create"), tab("tab_profile", "Profile"))...).Sized(barHeight)
}

// openTab follows a touch of one of the tabs.
func openTab(a *App, n *ui.Node) {
	switch n.Name {
	case "tab_home":
		a.show(&home{})
	case "tab_create":
		a.show(&create{})
	case "tab_profile":
		a.show(newProfile(a))
	}
}
