package app

import (
	"slices"
	"time"

	"postfleet/internal/logging"
	"postfleet/internal/phonesim/ui"
)

// Shot is one screen as drivers see it.
type Shot struct {
	// Name is the screen's word in State, with what is particular about it
	// behind a slash: "gallery/empty".
	Name string
	// Screen is what is on it.
	Screen ui.Screen
}

// Source is the page source that the UiAutomator2 server answers with.
func (s Shot) Source() string { return s.Screen.XML() }

// Elements lists the views of the active window that have names, in the order
// of the source. Name is what the code calls a view in every skin; ResourceID,
// Text and Desc are what drivers see.
func (s Shot) Elements() []*ui.Node {
	var list []*ui.Node
	for n := range s.Screen.Active().All() {
		if n.Name != "" {
			list = append(list, n)
		}
	}
	return list
}

// Content is what people have put into the app. Fields that are nil or empty
// get a sample.
type Content struct {
	// Accounts are those of the phone, the current one first.
	Accounts []string
	// Posts are the current account's, newest first.
	Posts []Post
	// Videos are the gallery's, newest first.
	Videos []Video
	// Caption is what was typed so far on the screens that say so.
	Caption string
}

func (c Content) withSamples() Content {
	day := time.Date(2026, time.November, 23, 9, 30, 0, 0, time.UTC)
	if len(c.Accounts) == 0 {
		c.Accounts = []string{"shop_a", "shop_b", "shop_c"}
	}
	if len(c.Posts) == 0 {
		for i, caption := range []string{"New in the shop", "Behind the scenes #work", "Welcome!"} {
			at := day.AddDate(0, 0, -7*i)
			c.Posts = append(c.Posts, Post{Account: c.Accounts[0], Caption: caption, VideoSHA256: caption, At: at})
		}
	}
	if len(c.Videos) == 0 {
		for i, path := range []string{"/sdcard/Movies/new.mp4", "/sdcard/Movies/old.mp4"} {
			at := day.Add(-time.Duration(i) * time.Hour)
			c.Videos = append(c.Videos, Video{Path: path, SHA256: path, Created: at})
		}
	}
	if c.Caption == "" {
		c.Caption = "Our new collection is here 🎉 #fashion"
	}
	return c
}

// album and archive are a Gallery and a Store that do not change.
type (
	album   []Video
	archive []Post
)

// Videos implements Gallery.
func (a album) Videos() []Video { return a }

// Add implements Store; nothing is shared while pictures are taken.
func (archive) Add(Post) error { return nil }

// Posts implements Store.
func (a archive) Posts(string) ([]Post, error) { return slices.Clone(a), nil }

// Shots renders every screen of the app, and of the phone around it, in a skin,
// without a phone. The original has no interruptions, so it has fewer screens.
func Shots(skin *Skin, content Content) []Shot {
	content = content.withSamples()
	var list []Shot
	for _, s := range scenes(content) {
		if s.update && skin.number == 0 {
			continue
		}
		a := &App{
			cfg:    Config{Store: archive(content.Posts), Gallery: album(content.Videos)},
			logger: logging.Discard(), accounts: content.Accounts, account: content.Accounts[0],
			granted: true, trouble: newTrouble(), skin: skin, met: map[string]bool{}, running: true,
		}
		s.enter(a)
		list = append(list, Shot{Name: s.name, Screen: a.screen()})
	}
	return list
}
