package app_test

import (
	"errors"
	"image"
	"testing"

	"postfleet/internal/phonesim/app"
	"postfleet/internal/phonesim/ui"
)

func TestSwitchAccount(t *testing.T) {
	t.Parallel()
	play(t, nil, func(u *user) {
		u.post("from a")
		u.press("tab_profile", "profile_switcher")
		u.on("switcher")
		for n := range u.Screen().Active().All() {
			if n.Name == "account_row" && n.Selected != (n.Text == "shop_a") {
				t.Errorf("got selected=%v on %s", n.Selected, n.Text)
			}
		}
		u.pick("shop_c")
		u.on("home")
		u.post("from c")
		u.press("tab_profile")
		if got := u.see("profile_switcher").Text; got != "shop_c" {
			t.Errorf("got profile of %s, want shop_c", got)
		}
		if got := u.see("profile_post_caption").Text; got != "from c" {
			t.Errorf("got %q on shop_c's profile, want its own post", got)
		}
	})
}

func TestProfileShowsNineNewest(t *testing.T) {
	t.Parallel()
	play(t, nil, func(u *user) {
		for i := range 12 {
			if err := u.service.Add(app.Post{Account: "shop_a", Caption: string(rune('a' + i))}); err != nil {
				t.Fatal(err)
			}
		}
		u.press("tab_profile")
		var got string
		for n := range u.Screen().Active().All() {
			if n.Name == "profile_post_caption" {
				got += n.Text
			}
		}
		if want := "lkjihgfed"; got != want {
			t.Errorf("got captions %q, want %q", got, want)
		}
		if got := u.see("profile_post_count").Text; got != "12" {
			t.Errorf("got count %s, want 12", got)
		}
	})
}

func TestProfileIsReadWhenOpenedOrPulled(t *testing.T) {
	t.Parallel()
	play(t, nil, func(u *user) {
		u.press("tab_profile")
		if err := u.service.Add(app.Post{Account: "shop_a", Caption: "from another phone"}); err != nil {
			t.Fatal(err)
		}
		if u.find("profile_post") != nil {
			t.Error("the profile changed by itself")
		}
		u.Swipe(image.Pt(500, 800), image.Pt(500, 1400))
		u.see("profile_post")
	})
}

func TestSetAccount(t *testing.T) {
	t.Parallel()
	play(t, nil, func(u *user) {
		u.press("tab_create")
		if err := u.SetAccount("guest"); err != nil {
			t.Fatal(err)
		}
		u.on("home")
		if got := u.State().Account; got != "guest" || len(u.Accounts()) != 4 {
			t.Errorf("got account %s of %q, want guest as the fourth", got, u.Accounts())
		}
		if err := u.SetAccount(""); !errors.Is(err, app.ErrNoAccount) {
			t.Errorf("got error %v, want ErrNoAccount", err)
		}
	})
}

func TestNoAccounts(t *testing.T) {
	t.Parallel()
	if _, err := app.New(app.Config{Store: &service{}, Gallery: movies()}); !errors.Is(err, app.ErrNoAccount) {
		t.Errorf("got error %v, want ErrNoAccount", err)
	}
}

// Every account can be reached, however many there are.
func TestManyAccounts(t *testing.T) {
	t.Parallel()
	names := many(120)
	play(t, func(c *app.Config) { c.Accounts = names }, func(u *user) {
		u.press("tab_profile", "profile_switcher")
		seen := map[string]bool{}
		for range 10 {
			for n := range u.Screen().Active().All() {
				if n.Name == "account_row" && n.Bounds.Dy() >= 30 {
					seen[n.Text] = true
				}
			}
			u.Swipe(image.Pt(ui.Width/2, 1500), image.Pt(ui.Width/2, 700))
		}
		if len(seen) != len(names) {
			t.Errorf("got %d accounts while scrolling, want %d", len(seen), len(names))
		}
		last := names[len(names)-1]
		u.pick(last)
		if got := u.State().Account; got != last {
			t.Errorf("got account %s, want %s", got, last)
		}
	})
}

func TestGalleryScrolls(t *testing.T) {
	t.Parallel()
	var videos album
	for i := range 40 {
		videos = append(videos, app.Video{Path: string(rune('A' + i))})
	}
	play(t, func(c *app.Config) { c.Gallery = videos }, func(u *user) {
		u.press("tab_create", "create_reel")
		for range 10 {
			u.Swipe(image.Pt(ui.Width/2, 1500), image.Pt(ui.Width/2, 700))
		}
		if got, want := u.see("gallery_item").Key, videos[39].Path; got != want {
			t.Errorf("got item %s first, want the last row's %s", got, want)
		}
		for range 20 {
			u.Swipe(image.Pt(ui.Width/2, 700), image.Pt(ui.Width/2, 1500))
		}
		if got, want := u.see("gallery_item").Key, videos[0].Path; got != want {
			t.Errorf("got item %s first, want %s", got, want)
		}
	})
}
