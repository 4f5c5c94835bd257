package app

import (
	"slices"

	"postfleet/internal/phonesim/ui"
)

// corner is where a page has its button.
type corner int

const (
	atRight corner = iota + 1
	atLeft
	atBottom
	underField
)

// stacking is how a dialog has its buttons.
type stacking int

const (
	acceptFirst stacking = iota + 1
	dismissFirst
	sideBySide
)

// arrangement is where a skin puts things. Fields of the original are first.
type arrangement struct {
	// tabs and menu are the orders of the tabs and of what can be created.
	tabs, menu [3]int
	next       corner
	share      corner
	dialog     stacking
	// wrapped is one more layer around what a page holds, wrappedBar around its bar.
	wrapped, wrappedBar bool
	// promo and rating name the pages that the interruptions cover; "" is none.
	promo, rating string
}

// arrange returns the arrangement of a skin. Every skin but the original has
// moved tabs, menu, buttons, and a layer more.
func arrange(number int) arrangement {
	original := arrangement{
		tabs: [3]int{0, 1, 2}, menu: [3]int{0, 1, 2}, next: atRight, share: atBottom, dialog: acceptFirst,
	}
	if number == 0 {
		return original
	}
	orders := [][3]int{{0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}}
	return arrangement{
		tabs:       orders[draw(number, "tabs", len(orders))],
		menu:       orders[draw(number, "menu", len(orders))],
		next:       []corner{atLeft, atBottom}[draw(number, "next", 2)],
		share:      []corner{atRight, atLeft, underField}[draw(number, "share", 3)],
		dialog:     []stacking{dismissFirst, sideBySide}[draw(number, "dialog", 2)],
		wrapped:    true,
		wrappedBar: draw(number, "bar", 2) == 1,
		promo:      []string{"profile", "home", "create"}[number%3],
		rating:     []string{"posted", "edit", "gallery", "caption"}[number%4],
	}
}

// ordered puts three nodes in another order.
func ordered(order [3]int, nodes ...*ui.Node) []*ui.Node {
	list := make([]*ui.Node, 0, len(order))
	for _, i := range order {
		list = append(list, nodes[i])
	}
	return list
}

// buttons puts a dialog's buttons in the skin's order.
func (s stacking) buttons(buttons []*ui.Node) []*ui.Node {
	switch {
	case s == dismissFirst:
		slices.Reverse(buttons)
	case s == sideBySide && len(buttons) > 1:
		return []*ui.Node{ui.Row(buttons...).Padded(0, spacing)}
	}
	return buttons
}

// layer is one more view around n when there is to be one.
func layer(n *ui.Node, wanted bool) *ui.Node {
	if !wanted {
		return n
	}
	return ui.Column(n).As(ui.ClassFrame)
}
