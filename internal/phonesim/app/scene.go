package app

import "slices"

// scene is how Shots comes to a screen.
type scene struct {
	name  string
	enter func(a *App)
	// update scenes are those that only skins have.
	update bool
}

func scenes(c Content) []scene {
	return slices.Concat(flowScenes(c), profileScenes(), accountScenes(c), dialogScenes(c), systemScenes(c))
}

// showing is a page by itself, and above a dialog over one.
func showing(p page) func(*App) { return func(a *App) { a.show(p) } }

func above(under, dialog page) func(*App) {
	return func(a *App) {
		a.show(under)
		a.open(dialog)
	}
}

func flowScenes(c Content) []scene {
	video := c.Videos[0]
	empty, written := &draft{video: video}, &draft{video: video, caption: c.Caption}
	return []scene{
		{name: "home", enter: showing(&home{})},
		{name: "create", enter: showing(&create{})},
		{name: "gallery", enter: showing(&gallery{})},
		{name: "gallery/chosen", enter: showing(&gallery{chosen: video.Path})},
		{name: "gallery/denied", enter: func(a *App) { a.granted = false; a.show(&gallery{}) }},
		{name: "gallery/empty", enter: func(a *App) { a.cfg.Gallery = album(nil); a.show(&gallery{}) }},
		{name: "edit", enter: showing(&edit{draft: empty})},
		{name: "caption", enter: showing(&caption{draft: empty})},
		{name: "caption/written", enter: showing(&caption{draft: written})},
		{name: "posting", enter: showing(&posting{})},
		{name: "posted", enter: showing(&posted{})},
	}
}

func profileScenes() []scene {
	open := func(a *App) { a.show(newProfile(a)) }
	return []scene{
		{name: "profile", enter: open},
		{name: "profile/empty", enter: func(a *App) { a.cfg.Store = archive(nil); open(a) }},
		{name: "profile/pinned", enter: func(a *App) { a.trouble.pinned = true; open(a) }},
		{name: "profile/offline", enter: func(a *App) { a.trouble.offline = true; open(a) }},
		{name: "home/offline", enter: func(a *App) { a.trouble.offline = true; a.show(&home{}) }},
		{name: "switcher", enter: showing(&switcher{})},
	}
}

func accountScenes(c Content) []scene {
	return []scene{
		{name: "logged_out", enter: showing(&loggedOut{})},
		{name: "logged_out/wrong", enter: showing(&loggedOut{user: c.Accounts[0], password: "x", wrong: true})},
		{name: "suspended", enter: showing(&suspended{})},
		{name: "verify", enter: showing(&verify{})},
		{name: "verify/wrong", enter: showing(&verify{code: "123456", wrong: true})},
	}
}

func dialogScenes(c Content) []scene {
	writing := &caption{draft: &draft{video: c.Videos[0], caption: c.Caption}}
	return []scene{
		{name: "notification_nag", enter: above(&home{}, newNotificationNag())},
		{name: "update_nag", enter: above(&create{}, newUpdateNag())},
		{name: "action_blocked", enter: above(writing, newActionBlocked())},
		{name: "video_rejected", enter: above(&posting{}, newVideoRejected())},
		{name: "share_failed", enter: above(&posting{}, newShareFailed())},
		{name: "storage_full", enter: above(&gallery{chosen: c.Videos[0].Path}, newStorageFull())},
		{name: "promo", enter: above(&home{}, &promo{}), update: true},
		{name: "rating", enter: above(&home{}, &rating{}), update: true},
	}
}

func systemScenes(c Content) []scene {
	notes := newPermission("Allow Instagram to send you notifications?", (*App).closeDialog)
	leaving := func(p page) func(*App) { return func(a *App) { a.leave(p) } }
	return []scene{
		{name: "launcher", enter: leaving(&launcher{})},
		{name: "play_store", enter: leaving(&playStore{})},
		{name: "app_info", enter: leaving(&appInfo{})},
		{name: "app_crashed", enter: (*App).crash},
		{name: "permission/photos", enter: above(&gallery{chosen: c.Videos[0].Path}, newMediaPermission())},
		{name: "permission/notifications", enter: above(&home{}, notes)},
	}
}
