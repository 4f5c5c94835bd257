package handset

import "postfleet/internal/phonesim/ui"

// Share is the app's own name of the button that publishes.
const Share = "share_button"

// Stage stands between who drives the phone and the app: it sees all that is
// done to the screen, puts on it what is not the app's, and may take what is
// meant for that.
type Stage interface {
	// Dress puts on the screen what is on the stage.
	Dress(s *ui.Screen)
	// Touch is told of a touch on a page: what answers it, nil when nothing does.
	// It reports whether it took it, so that the app is not touched.
	Touch(page string, n *ui.Node) (taken bool)
	// Type is told of a text for the field that has the focus, nil when none has.
	// It reports whether it took it.
	Type(page string, field *ui.Node, text string) (taken bool)
	// Back is told of the back key. It reports whether it took it.
	Back(page string) (taken bool)
}
