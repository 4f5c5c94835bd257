package app

import "postfleet/internal/phonesim/ui"

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

// playStore is where the app's advertising leads. Nothing ever comes of it.
type playStore struct{}

func (*playStore) name() string                  { return "play_store" }
func (*playStore) owner() (pkg, activity string) { return storePackage, storeActivity }

func (*playStore) build(a *App) *ui.Node {
	return foreignSheet(title("Google Play"), rowsOf(
		ui.Label("app_name", "Instagram"), ui.Label("app_state", a.plain("Waiting for Wi-Fi…")).Styled(ui.Quiet)))
}

func (*playStore) tap(*App, *ui.Node) {}
func (*playStore) back(a *App)        { a.start() }

// appInfo is the system's page about the app, where a crash may lead.
type appInfo struct{}

func (*appInfo) name() string                  { return "app_info" }
func (*appInfo) owner() (pkg, activity string) { return settingsPackage, settingsActivity }

func (*appInfo) build(a *App) *ui.Node {
	return foreignSheet(title(a.plain("App info")), rowsOf(
		ui.Label("entity_header_title", "Instagram"), ui.Entry("force_stop", a.plain("Force stop"))))
}

func (*appInfo) tap(a *App, _ *ui.Node) { a.leave(&launcher{}) }
func (*appInfo) back(a *App)            { a.leave(&launcher{}) }

// crash ends the app by itself, which the system tells in a dialog of its own.
func (a *App) crash() {
	a.abandonUpload()
	a.die()
	a.leave(&prompt{
		word: "app_crashed", pkg: systemPackage, activity: crashActivity,
		title:   label{"alertTitle", "Instagram keeps stopping"},
		accept:  choice{label{"aerr_app_info", "App info"}, func(a *App) { a.leave(&appInfo{}) }},
		dismiss: choice{label{"aerr_close", "Close app"}, func(a *App) { a.leave(&launcher{}) }},
	})
}

// crashed reports whether the dialog shows that tells of a crash.
func (a *App) crashed() bool {
	if a.outside == nil {
		return false
	}
	_, ok := a.outside.page.(*prompt)
	return ok
}
