package app_test

import (
	"slices"
	"testing"
	"time"

	"postfleet/internal/phonesim/app"
)

func TestVideoRejected(t *testing.T) {
	t.Parallel()
	play(t, nil, func(u *user) {
		u.inject(app.FaultVideoRejected, 1)
		u.write("unwanted")
		u.press("share_button")
		u.on("posting")
		wait(time.Second)
		u.on("video_rejected")
		u.press("dialog_positive")
		u.on("home")
		if got := u.captions(); len(got) != 0 {
			t.Errorf("got posts %q, want none", got)
		}
		u.post("wanted")
	})
}

func TestStorageFull(t *testing.T) {
	t.Parallel()
	play(t, nil, func(u *user) {
		u.inject(app.FaultStorageFull, 1)
		u.press("tab_create", "create_reel", "gallery_item", "next_button")
		u.on("storage_full")
		u.press("dialog_positive")
		u.on("gallery")
		u.press("next_button")
		u.on("edit")
	})
}

func TestAppCrash(t *testing.T) {
	t.Parallel()
	play(t, nil, func(u *user) {
		u.write("lost")
		u.press("share_button")
		u.inject(app.FaultAppCrash, 2)
		u.on("app_crashed")
		if pkg, _ := u.Front(); pkg != "android" || u.Running() || u.Screen().Dialog() == nil {
			t.Errorf("got %s in front, running %v; want a dialog of the system alone", pkg, u.Running())
		}
		wait(time.Minute)
		u.on("app_crashed")
		u.press("aerr_close")
		u.on("launcher")
		u.Start()
		u.on("app_crashed")
		u.Stop()
		u.on("launcher")
		u.Start()
		u.on("home")
		if got := u.captions(); len(got) != 0 {
			t.Errorf("got posts %q of an app that crashed before, want none", got)
		}
	})
}

func TestNoNetwork(t *testing.T) {
	t.Parallel()
	play(t, nil, func(u *user) {
		u.inject(app.FaultNoNetwork, 0)
		u.see("network_banner")
		u.press("tab_profile")
		u.see("profile_error")
		u.write("unsent")
		u.see("network_banner")
		u.press("share_button")
		wait(time.Second)
		u.on("share_failed")
		u.press("dialog_dismiss")
		if got := u.captions(); len(got) != 0 {
			t.Errorf("got posts %q without a network, want none", got)
		}
		u.Clear(app.FaultNoNetwork)
		if u.find("network_banner") != nil {
			t.Error("the banner stays")
		}
		u.post("sent")
	})
}

// profile opens the profile and lists its captions as they come.
func (u *user) profile() []string {
	u.t.Helper()
	u.press("tab_profile")
	list := []string{u.see("profile_post_count").Text}
	for n := range u.Screen().Active().All() {
		if n.Name == "profile_post_caption" {
			list = append(list, n.Text)
		}
	}
	u.Key(4)
	return list
}

func TestPinnedPost(t *testing.T) {
	t.Parallel()
	play(t, nil, func(u *user) {
		u.inject(app.FaultPinnedPost, 0)
		u.press("tab_profile")
		if u.find("profile_post") != nil {
			t.Error("there is a pinned post on an empty profile")
		}
		u.press("tab_home")
		for _, caption := range []string{"old", "newer", "newest"} {
			u.post(caption)
			wait(time.Second)
		}
		if got, want := u.profile(), []string{"3", "old", "newest", "newer"}; !slices.Equal(got, want) {
			t.Errorf("got profile %q, want %q", got, want)
		}
		u.press("tab_profile")
		if row := u.see("profile_post"); row.Desc != "Pinned reel by shop_a" || row.Children[1].Desc != "Pinned" {
			t.Errorf("got descriptions %q and %q, want them to say that it is pinned", row.Desc, row.Children[1].Desc)
		}
		u.Key(4)
		u.Clear(app.FaultPinnedPost)
		if got, want := u.profile(), []string{"3", "newest", "newer", "old"}; !slices.Equal(got, want) {
			t.Errorf("got profile %q, want %q", got, want)
		}
	})
}

func TestProfileLag(t *testing.T) {
	t.Parallel()
	play(t, nil, func(u *user) {
		u.post("old")
		wait(time.Hour)
		u.SetProfileLag(time.Minute)
		u.inject(app.FaultProfileLag, 1)
		u.post("new")
		if got, want := u.profile(), []string{"1", "old"}; !slices.Equal(got, want) {
			t.Errorf("got profile %q at once, want %q", got, want)
		}
		if got := len(u.captions()); got != 2 {
			t.Errorf("got %d posts, want 2", got)
		}
		wait(time.Minute)
		if got, want := u.profile(), []string{"2", "new", "old"}; !slices.Equal(got, want) {
			t.Errorf("got profile %q later, want %q", got, want)
		}
		u.post("newest")
		u.Clear(app.FaultProfileLag)
		if got, want := u.profile(), []string{"3", "newest", "new", "old"}; !slices.Equal(got, want) {
			t.Errorf("got profile %q after the fault, want %q", got, want)
		}
	})
}
