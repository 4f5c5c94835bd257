package app_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"postfleet/internal/phonesim/app"
)

func (u *user) inject(f app.Fault, count int) {
	u.t.Helper()
	if err := u.Inject(f, count); err != nil {
		u.t.Fatal(err)
	}
}

func TestMediaPermission(t *testing.T) {
	t.Parallel()
	ungranted := func(c *app.Config) { c.MediaGranted = false }
	play(t, ungranted, func(u *user) {
		u.press("tab_create", "create_reel")
		u.on("permission")
		u.press("permission_deny_button")
		u.on("gallery")
		if u.find("gallery_item") != nil {
			t.Error("videos show without permission")
		}
		u.press("gallery_allow", "permission_allow_button")
		u.see("gallery_item")
		u.Key(4)
		u.press("create_reel")
		u.on("gallery")
	})
	play(t, ungranted, func(u *user) {
		u.press("tab_create", "create_reel")
		u.Key(4)
		u.on("gallery")
		u.see("gallery_denied")
		u.GrantMedia(true)
		u.see("gallery_item")
	})
}

func TestEmptyGallery(t *testing.T) {
	t.Parallel()
	play(t, func(c *app.Config) { c.Gallery = album{} }, func(u *user) {
		u.press("tab_create", "create_reel")
		if got := u.see("gallery_empty").Text; got != "No videos" {
			t.Errorf("got %q, want No videos", got)
		}
		if u.see("next_button").Enabled {
			t.Error("next is enabled on an empty gallery")
		}
	})
}

func TestPopups(t *testing.T) {
	t.Parallel()
	play(t, nil, func(u *user) {
		u.inject(app.FaultPopup, 3)
		u.on("notification_nag")
		u.press("dialog_negative")
		u.on("home") // the next one waits for the next page
		u.press("tab_create")
		u.on("update_nag")
		u.press("dialog_positive")
		u.on("play_store")
		u.Key(4)
		u.on("create")
		u.press("create_reel")
		u.on("notification_nag")
		u.press("dialog_positive")
		u.on("permission")
		u.press("permission_allow_button")
		u.on("gallery")
		u.press("gallery_item", "next_button")
		u.on("edit")
	})
}

func TestPopupIsAnswered(t *testing.T) {
	t.Parallel()
	play(t, nil, func(u *user) {
		u.Stop()
		u.inject(app.FaultPopup, 0)
		u.on("launcher")
		u.Start()
		u.on("notification_nag")
		under := u.Screen().Windows[0].Root
		u.Tap(under.Children[len(under.Children)-1].Center()) // the tabs, darkened
		u.on("notification_nag")
		u.Key(4)
		u.on("home")
	})
}

func TestActionBlocked(t *testing.T) {
	t.Parallel()
	play(t, nil, func(u *user) {
		u.inject(app.FaultActionBlocked, 1)
		u.write("blocked")
		u.press("share_button")
		u.on("action_blocked")
		u.press("dialog_positive")
		u.on("home")
		wait(time.Minute)
		u.post("free again")
		if diff := cmp.Diff([]string{"shop_a: free again"}, u.captions()); diff != "" {
			t.Errorf("posts differ (-want +got):\n%s", diff)
		}
	})
}

func TestShareFails(t *testing.T) {
	t.Parallel()
	play(t, nil, func(u *user) {
		u.inject(app.FaultShareFails, 1)
		u.write("fails")
		u.press("share_button")
		u.on("posting")
		wait(time.Second)
		u.on("share_failed")
		u.press("dialog_dismiss")
		u.on("home")
		u.post("works")
		if diff := cmp.Diff([]string{"shop_a: works"}, u.captions()); diff != "" {
			t.Errorf("posts differ (-want +got):\n%s", diff)
		}
	})
}

func TestStoreFails(t *testing.T) {
	t.Parallel()
	play(t, nil, func(u *user) {
		u.service.fail()
		u.write("unstored")
		u.press("share_button")
		wait(time.Second)
		u.on("share_failed")
		u.press("dialog_dismiss", "tab_profile")
		u.see("profile_error")
	})
}

func TestSlowPost(t *testing.T) {
	t.Parallel()
	play(t, nil, func(u *user) {
		u.SetSlowUploadTime(time.Minute)
		u.inject(app.FaultSlowPost, 1)
		u.write("slow")
		u.press("share_button")
		wait(59 * time.Second)
		u.on("posting")
		u.Key(4) // there is no way back
		u.on("posting")
		if got := u.captions(); len(got) != 0 {
			t.Errorf("got posts %q before their time, want none", got)
		}
		wait(2 * time.Second)
		u.on("posted")
	})
}

func TestPostThenDie(t *testing.T) {
	t.Parallel()
	var u *user
	var seen []string
	hook := func(p app.Post) {
		seen = append(seen, u.State().Screen, p.Caption, u.captions()[0])
		u.Stop()
	}
	play(t, func(c *app.Config) { c.PostThenDieFunc = hook }, func(phone *user) {
		u = phone
		u.inject(app.FaultPostThenDie, 1)
		u.write("lands")
		u.press("share_button")
		wait(time.Second)
		u.on("launcher")
		if diff := cmp.Diff([]string{"posting", "lands", "shop_a: lands"}, seen); diff != "" {
			t.Errorf("what the hook saw differs (-want +got):\n%s", diff)
		}
		u.Start()
		u.post("second") // the fault is used up
		if len(u.captions()) != 2 || len(seen) != 3 {
			t.Errorf("got posts %q and %d things seen, want 2 and 3", u.captions(), len(seen))
		}
	})
}

func TestReskin(t *testing.T) {
	t.Parallel()
	play(t, nil, func(u *user) {
		u.write("new clothes")
		old := u.see("share_button")
		u.inject(app.FaultReskin, 0)
		now := u.see("share_button")
		same := now.ResourceID == old.ResourceID || now.Text == old.Text || now.Bounds == old.Bounds
		if same || now.Desc != old.Desc {
			t.Errorf("got id %s, text %q and description %q at %v after the update, want only %q as it was",
				now.ResourceID, now.Text, now.Desc, now.Bounds, old.Desc)
		}
		if got := u.see("caption_field").Text; got != "new clothes" {
			t.Errorf("got caption %q, want it unchanged", got)
		}
		u.press("share_button")
		wait(time.Second)
		u.on("posted")
		u.Clear(app.FaultReskin)
		if got := u.see("done_button").Text; got != "Done" {
			t.Errorf("got %q after the fault was cleared, want Done", got)
		}
	})
}

func TestCounts(t *testing.T) {
	t.Parallel()
	play(t, nil, func(u *user) {
		u.inject(app.FaultActionBlocked, -1)
		for range 3 {
			u.write("blocked")
			u.press("share_button", "dialog_positive")
		}
		u.Clear(app.FaultActionBlocked)
		u.inject(app.FaultShareFails, 1)
		u.inject(app.FaultShareFails, 1) // adds to the one before
		for range 2 {
			u.write("fails")
			u.press("share_button")
			wait(time.Second)
			u.press("dialog_dismiss")
		}
		u.post("free")
		if err := u.Inject("earthquake", 1); !errors.Is(err, app.ErrUnknownFault) {
			t.Errorf("got error %v, want ErrUnknownFault", err)
		}
	})
}
