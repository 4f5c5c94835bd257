package app

import (
	"image"

	"postfleet/internal/phonesim/ui"
)

// App is the phone's screen: the app and what is around it. All methods are
// safe for concurrent use, and none blocks for longer than Store and Gallery
// do, except Close.
type App struct{}

// New returns an app that is not running: the launcher shows. Close ends it.
func New(cfg Config) (*App, error) { return &App{}, nil }

// Close stops the app for good and waits for what it has under way.
func (a *App) Close() {}

// Start brings the app to the front, as a tap on its icon does: where it was
// left, or at home when it was not running. It is the caller's to Stop first.
func (a *App) Start() {}

// Stop ends the app at once, as "am force-stop" does. What it was sharing and
// had not yet published is never published.
func (a *App) Stop() {}

// Running reports whether the app has a process, in front or not.
func (a *App) Running() bool { return false }

// Front returns the package and the activity that have the focus.
func (a *App) Front() (pkg, activity string) { return "", "" }

// Screen returns what is on the screen now. The tree is the caller's own.
func (a *App) Screen() ui.Screen { return ui.Screen{} }

// Tap touches the screen for a moment.
func (a *App) Tap(p image.Point) {}

// LongPress touches the screen for longer; no view of the app tells it from a tap.
func (a *App) LongPress(p image.Point) {}

// Swipe drags a finger. A swipe too short to be one is a tap.
func (a *App) Swipe(from, to image.Point) {}

// SetText replaces the text of the field with that ui.Node.Ref.
func (a *App) SetText(ref, text string) error { return nil }

// Type appends text to the field that has the focus, as a keyboard does; it
// reports whether there was one.
func (a *App) Type(text string) bool { return false }

// Key presses a key of the phone by its Android key code.
func (a *App) Key(code int) {}

// GrantMedia lets the app read the gallery without asking, or revokes that.
func (a *App) GrantMedia(granted bool) {}

// State is what GET /state tells of the app.
type State struct {
	// Screen names the screen: "launcher", "home", "caption", …; a dialog's
	// name when one is up.
	Screen  string `json:"screen"`
	Account string `json:"account"`
	Running bool   `json:"running"`
	Package string `json:"foreground"`
}

// State returns the app's state.
func (a *App) State() State { return State{} }

// SetAccount makes name the current account, adding it to the phone when it is
// new, and takes a running app to its home screen.
func (a *App) SetAccount(name string) error { return nil }

// Inject makes trouble: count times for those faults that strike a number of
// times (0 is once, less is until cleared), until cleared for the others.
func (a *App) Inject(f Fault, count int) error { return nil }

// Clear ends one kind of trouble; accounts that it struck are well again.
func (a *App) Clear(f Fault) {}

// ClearAll ends all trouble.
func (a *App) ClearAll() {}
