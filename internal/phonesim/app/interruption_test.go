package app_test

import (
	"slices"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"postfleet/internal/phonesim/app"
)

// clear closes what is in the way and notes it.
func (u *user) clearWay(met *[]string) {
	for {
		switch screen := u.State().Screen; screen {
		case "promo":
			u.press("promo_close")
			*met = append(*met, screen)
		case "rating":
			u.press("rating_later")
			*met = append(*met, screen)
		default:
			return
		}
	}
}

// tourOfAll goes past every page and posts.
func (u *user) tourOfAll(caption string) (met []string) {
	u.t.Helper()
	u.clearWay(&met)
	press := func(name string) {
		u.press(name)
		u.clearWay(&met)
	}
	for _, name := range []string{
		"tab_profile", "tab_create", "create_reel", "gallery_item", "next_button", "next_button",
	} {
		press(name)
	}
	if err := u.SetText(u.see("caption_field").Ref, caption); err != nil {
		u.t.Fatal(err)
	}
	press("share_button")
	wait(app.DefaultUploadTime)
	u.clearWay(&met)
	u.on("posted")
	press("done_button")
	u.on("home")
	return met
}

func TestEverySkinPosts(t *testing.T) {
	t.Parallel()
	for number := 1; number <= 24; number++ {
		t.Run(strconv.Itoa(number), func(t *testing.T) {
			t.Parallel()
			play(t, nil, func(u *user) {
				u.inject(app.FaultReskin, number)
				if got := u.Skin().Number(); got != number {
					t.Errorf("got skin %d, want %d", got, number)
				}
				for _, session := range []string{"first", "again"} {
					met := u.tourOfAll(session)
					slices.Sort(met)
					if diff := cmp.Diff([]string{"promo", "rating"}, met); diff != "" {
						t.Errorf("what got in the way (-want +got):\n%s", diff)
					}
					if met := u.tourOfAll("more of " + session); len(met) != 0 {
						t.Errorf("got %q again in one session", met)
					}
					u.Stop()
					u.Start()
				}
				if got := len(u.captions()); got != 4 {
					t.Errorf("got %d posts, want 4", got)
				}
			})
		})
	}
}

func TestPromoLeadsAstray(t *testing.T) {
	t.Parallel()
	play(t, nil, func(u *user) {
		u.inject(app.FaultReskin, 1)
		u.on("promo")
		s := u.Screen()
		if s.Dialog() != nil {
			t.Error("the promo is a dialog")
		}
		for n := range s.Active().All() {
			if n.ResourceID != "" {
				t.Errorf("%s has the id %s", n.Name, n.ResourceID)
			}
		}
		u.Key(4) // does not close it
		u.on("promo")
		u.press("promo_get")
		u.on("play_store")
		u.Key(4)
		u.on("promo")
		u.press("promo_close")
		u.on("home")
	})
}

func TestRating(t *testing.T) {
	t.Parallel()
	play(t, nil, func(u *user) {
		u.inject(app.FaultReskin, 1) // covers edit
		u.press("promo_close", "tab_create", "create_reel", "gallery_item", "next_button")
		u.on("rating")
		u.press("rating_submit") // is not enabled
		u.on("rating")
		u.press("rating_star")
		if !u.see("rating_star").Selected || !u.see("rating_submit").Enabled {
			t.Error("a star that was tapped is not taken")
		}
		u.press("rating_submit")
		u.on("play_store")
		u.Key(4)
		u.on("edit")
	})
}

func TestClearingTakesTheSkinOff(t *testing.T) {
	t.Parallel()
	play(t, nil, func(u *user) {
		before := u.Screen().XML()
		for _, undress := range []func(){func() { u.Clear(app.FaultReskin) }, u.ClearAll} {
			u.inject(app.FaultReskin, 4) // its promo covers home
			u.on("promo")
			undress()
			u.on("home")
			if diff := cmp.Diff(before, u.Screen().XML()); diff != "" {
				t.Errorf("home after the fault (-before +after):\n%s", diff)
			}
		}
	})
}
