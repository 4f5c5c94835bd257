package app

import "postfleet/internal/phonesim/ui"

// page is one screen or dialog. Its methods run with the app's lock held.
type page interface {
	// name is the page's word in State.
	name() string
	// owner is the package and activity whose window it is in.
	owner() (pkg, activity string)
	// build returns the page's tree as it is now.
	build(a *App) *ui.Node
	// tap handles a touch of one of the tree's clickable nodes. Text fields get
	// the focus without it.
	tap(a *App, n *ui.Node)
	// back handles the back key.
	back(a *App)
}

// form is a page with text fields.
type form interface {
	// field returns the text behind the field of that name, nil for none.
	field(name string) *string
}

// scroller is a page that can be dragged; rows is positive when the content
// moves up.
type scroller interface {
	scroll(a *App, rows int)
}

// calm is a page that a popup may cover.
type calm interface{ calm() }

// fullScreen is a page above the app's that is not a dialog: nothing of the app
// shows around it, and the alert commands do not speak of it.
type fullScreen interface{ fullScreen() }

// view is one appearance of a page on the screen.
type view struct {
	page
	serial uint64
}

// inApp is embedded in the pages of the app.
type inApp struct{}

func (inApp) owner() (pkg, activity string) { return Package, Activity }

// quiet is embedded in the pages of the app that a popup may cover.
type quiet struct{ inApp }

func (quiet) calm() {}

func (a *App) newView(p page) view {
	a.serial++
	return view{page: p, serial: a.serial}
}

// show makes p the app's page; dialogs above the last one are gone.
func (a *App) show(p page) {
	a.base, a.dialog, a.focus = a.newView(p), nil, ""
}

// open puts a dialog above the app's page.
func (a *App) open(p page) {
	v := a.newView(p)
	a.dialog = &v
}

func (a *App) closeDialog() { a.dialog = nil }

// leave covers the app with something else.
func (a *App) leave(p page) {
	v := a.newView(p)
	a.outside = &v
}

// top is what the user is dealing with.
func (a *App) top() view {
	switch {
	case a.outside != nil:
		return *a.outside
	case a.dialog != nil:
		return *a.dialog
	}
	return a.base
}

func (a *App) screen() ui.Screen {
	s := ui.Screen{Name: a.top().name()}
	add := func(v view, above bool) {
		w := a.window(v)
		_, full := v.page.(fullScreen)
		w.Dialog = above && !full
		s.Windows = append(s.Windows, w)
	}
	switch {
	case a.crashed():
		add(view{page: &launcher{}}, false)
		add(*a.outside, true)
	case a.outside != nil:
		add(*a.outside, false)
	case a.dialog != nil:
		add(a.base, false)
		add(*a.dialog, true)
	default:
		add(a.base, false)
	}
	return s
}

func (a *App) window(v view) ui.Window {
	root := v.build(a)
	pkg, _ := v.owner()
	for n := range root.All() {
		n.Focused = n.Editable() && n.Name == a.focus
	}
	if pkg == Package {
		a.skin.dress(root)
	}
	return ui.NewWindow(pkg, v.serial, root)
}

// settle lets trouble show after something happened: the app crashes, an
// account's trouble takes over the screen, a popup covers a calm page, once for
// each time the page appears, and so does what the skin has in store.
func (a *App) settle() {
	if !a.running || a.outside != nil {
		return
	}
	if a.trouble.strike(FaultAppCrash) {
		a.crash()
		return
	}
	a.settleAccount()
	if _, ok := a.base.page.(calm); !ok || a.dialog != nil {
		return
	}
	if a.trouble.popupOn != a.base.serial && a.trouble.strike(FaultPopup) {
		a.trouble.popupOn = a.base.serial
		a.open(a.trouble.nextPopup())
		return
	}
	a.interrupt()
}
