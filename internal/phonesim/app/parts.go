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
	margin          = 48
	spacing         = 32
)

// sheet is a page of the app: its status bar, a bar at the top, the body.
func sheet(bar *ui.Node, body ...*ui.Node) *ui.Node {
	top := []*ui.Node{ui.Space().Sized(statusBarHeight), bar.Sized(barHeight)}
	return ui.Column(append(top, body...)...).Styled(ui.Page)
}

// title is a bar that holds nothing but the page's title.
func title(text string) *ui.Node {
	return ui.Label("action_bar_title", text).Styled(ui.Title)
}

// titleWith is a bar with a button at its right.
func titleWith(text string, button *ui.Node) *ui.Node {
	return ui.Row(title(text), button.Sized(280)).Padded(margin/2, spacing)
}

// body is the padded part of a page below its bar.
func body(children ...*ui.Node) *ui.Node {
	return ui.Column(children...).Padded(margin, spacing)
}

// rowsOf stacks rows of equal height, leaving the rest empty. Many rows are
// lower, down to smallRow; those that still find no room are not on the screen.
func rowsOf(rows ...*ui.Node) *ui.Node {
	size := max(smallRow, min(rowSize, rowsRoom/max(1, len(rows))))
	for _, r := range rows {
		r.Sized(size)
	}
	return ui.Column(append(rows, ui.Space())...).Padded(margin, 0)
}

// tabs is the bar at the bottom; current is the tab that is open.
func tabs(current string) *ui.Node {
	tab := func(name, desc string) *ui.Node {
		n := ui.Tab(name, desc)
		n.Selected = name == current
		return n
	}
	return ui.Row(
		tab("tab_home", "Home"), tab("tab_create", "Create"), tab("tab_profile", "Profile"),
	).Sized(barHeight)
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
