package app_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"postfleet/internal/phonesim/app"
)

func TestReelIsPostedAsWritten(t *testing.T) {
	t.Parallel()
	for name, caption := range map[string]string{
		"plain":    "New in the shop",
		"empty":    "",
		"emoji":    "🚀 👨‍👩‍👧‍👦 launch",
		"newline":  "first\nsecond\r\n\nfourth",
		"quotes":   `say "hi", it's <b>&amp;</b> 100%`,
		"rtl":      "שלום עולם \u200fمرحبا",
		"blanks":   "  both ends  ",
		"combined": "e\u0301 is not \u00e9",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			play(t, nil, func(u *user) {
				u.post(caption)
				want := []app.Post{{Account: "shop_a", Caption: caption, VideoSHA256: "beef", VideoBytes: 4711}}
				got := u.service.all()
				if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(app.Post{}, "At")); diff != "" {
					t.Errorf("posts differ (-want +got):\n%s", diff)
				}
				u.press("tab_profile")
				if got := u.see("profile_post_caption").Text; got != caption {
					t.Errorf("got %q on the profile, want %q", got, caption)
				}
				if got := u.see("profile_post_count").Text; got != "1" {
					t.Errorf("got %s posts on the profile, want 1", got)
				}
				if got, want := u.see("profile_post").Desc, "Reel by shop_a"; got != want {
					t.Errorf("got description %q, want %q", got, want)
				}
			})
		})
	}
}

func TestOtherVideoIsPosted(t *testing.T) {
	t.Parallel()
	play(t, nil, func(u *user) {
		u.press("tab_create", "create_reel")
		if u.see("next_button").Enabled {
			t.Error("next is enabled before anything was selected")
		}
		u.press("next_button")
		u.on("gallery")
		u.pick("Video, created on November 23, 2026 09:30:00")
		if !u.see("next_button").Enabled {
			t.Error("next is disabled after a video was selected")
		}
		u.press("next_button", "next_button", "share_button")
		wait(app.DefaultUploadTime)
		if got := u.service.all(); len(got) != 1 || got[0].VideoSHA256 != "cafe" || got[0].VideoBytes != 815 {
			t.Errorf("got %+v, want the older video once", got)
		}
	})
}

func TestTypingGoesToTheFocusedField(t *testing.T) {
	t.Parallel()
	play(t, nil, func(u *user) {
		u.press("tab_create", "create_reel", "gallery_item", "next_button", "next_button")
		if u.Type("lost") {
			t.Error("text was taken without a focus")
		}
		u.press("caption_field")
		u.Type("one")
		u.Key(66)
		u.Type("twö")
		u.Key(67)
		if got, want := u.see("caption_field").Text, "one\ntw"; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
		if got := u.Screen().Focused(); got == nil || got.Name != "caption_field" {
			t.Errorf("got focus on %+v, want caption_field", got)
		}
	})
}

// Sharing is asked for once: the button is gone before a second tap can land.
func TestDoubleTapPostsOnce(t *testing.T) {
	t.Parallel()
	play(t, nil, func(u *user) {
		u.write("once")
		at := u.see("share_button").Center()
		for range 3 {
			u.Tap(at)
		}
		wait(time.Second)
		if diff := cmp.Diff([]string{"shop_a: once"}, u.captions()); diff != "" {
			t.Errorf("posts differ (-want +got):\n%s", diff)
		}
	})
}

// The app itself keeps nobody from posting the same thing again; whoever drives
// it must.
func TestFlowTwicePostsTwice(t *testing.T) {
	t.Parallel()
	play(t, nil, func(u *user) {
		u.post("again")
		u.post("again")
		if diff := cmp.Diff([]string{"shop_a: again", "shop_a: again"}, u.captions()); diff != "" {
			t.Errorf("posts differ (-want +got):\n%s", diff)
		}
	})
}

func TestStopWhilePosting(t *testing.T) {
	t.Parallel()
	play(t, nil, func(u *user) {
		u.write("never")
		u.press("share_button")
		wait(app.DefaultUploadTime / 2)
		u.Stop()
		u.on("launcher")
		wait(time.Minute)
		u.Start()
		u.on("home")
		if got := u.captions(); len(got) != 0 {
			t.Errorf("got posts %q of a stopped app, want none", got)
		}
	})
}

func TestPostingGoesOnBehindTheLauncher(t *testing.T) {
	t.Parallel()
	play(t, nil, func(u *user) {
		u.write("background")
		u.press("share_button")
		u.Key(3)
		u.on("launcher")
		wait(time.Second)
		u.on("launcher")
		u.Start()
		u.on("posted")
		if got := u.captions(); len(got) != 1 {
			t.Errorf("got posts %q, want one", got)
		}
	})
}

func TestCloseWhilePosting(t *testing.T) {
	t.Parallel()
	play(t, nil, func(u *user) {
		u.write("never")
		u.press("share_button")
		u.Close()
		u.Start()
		if u.Running() || len(u.captions()) != 0 {
			t.Errorf("got running %v and posts %q after close, want neither", u.Running(), u.captions())
		}
	})
}

func TestBack(t *testing.T) {
	t.Parallel()
	play(t, nil, func(u *user) {
		u.write("draft")
		for _, want := range []string{"edit", "gallery", "create", "home", "launcher", "launcher"} {
			u.Key(4)
			u.on(want)
		}
		u.Start()
		u.press("tab_profile", "profile_switcher")
		for _, want := range []string{"profile", "home"} {
			u.Key(4)
			u.on(want)
		}
	})
}

func TestDraftSurvivesGoingBack(t *testing.T) {
	t.Parallel()
	play(t, nil, func(u *user) {
		u.write("kept")
		u.Key(4)
		u.press("next_button")
		if got := u.see("caption_field").Text; got != "kept" {
			t.Errorf("got caption %q, want kept", got)
		}
	})
}

func TestFront(t *testing.T) {
	t.Parallel()
	play(t, func(c *app.Config) { c.MediaGranted = false }, func(u *user) {
		check := func(wantPkg string) {
			t.Helper()
			pkg, activity := u.Front()
			if pkg != wantPkg || activity == "" {
				t.Errorf("got %s/%s in front, want package %s", pkg, activity, wantPkg)
			}
		}
		check("com.instagram.android")
		u.press("tab_create", "create_reel")
		check("com.android.permissioncontroller")
		u.Key(3)
		check("com.android.launcher3")
		u.pick("Instagram")
		u.on("permission")
	})
}
