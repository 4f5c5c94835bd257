package app

import "postfleet/internal/phonesim/ui"

// home is the app's first page.
type home struct{ quiet }

func (*home) name() string { return "home" }

func (*home) build(a *App) *ui.Node {
	return sheet(title("Instagram"),
		ui.Row(ui.Label("feed_account", "Signed in as "+a.account).Styled(ui.Quiet)).Sized(barHeight),
		ui.Space(),
		ui.Label("feed_end", "You're all caught up").Styled(ui.Centered).Styled(ui.Quiet).Sized(rowSize),
		ui.Space(),
		tabs("tab_home"))
}

func (*home) tap(a *App, n *ui.Node) { openTab(a, n) }
func (*home) back(a *App)            { a.leave(&launcher{}) }

// launcher is the phone's own home screen.
type launcher struct{}

func (*launcher) name() string                  { return "launcher" }
func (*launcher) owner() (pkg, activity string) { return LauncherPackage, LauncherActivity }

func (*launcher) build(*App) *ui.Node {
	icon := ui.Button("icon", "Instagram").Described("Instagram").As(ui.ClassText)
	return ui.Column(
		ui.Space(),
		ui.Row(ui.Space(), icon.Sized(320), ui.Space()).Sized(160),
		ui.Space().Sized(barHeight),
	).Styled(ui.Wallpaper)
}

func (*launcher) tap(a *App, _ *ui.Node) { a.start() }
func (*launcher) back(*App)              {}

// playStore is where the update nag leads. Nothing ever comes of it.
type playStore struct{}

func (*playStore) name() string                  { return "play_store" }
func (*playStore) owner() (pkg, activity string) { return storePackage, storeActivity }

func (*playStore) build(*App) *ui.Node {
	return sheet(title("Google Play"),
		rowsOf(ui.Label("app_name", "Instagram"), ui.Label("app_state", "Waiting for Wi-Fi…").Styled(ui.Quiet)))
}

func (*playStore) tap(*App, *ui.Node) {}
func (*playStore) back(a *App)        { a.start() }
