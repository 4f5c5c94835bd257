package app_test

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"postfleet/internal/phonesim/app"
	"postfleet/internal/phonesim/ui"
)

// tour leads to every screen there is, each from a freshly opened app.
func tour() map[string]func(u *user) {
	return map[string]func(u *user){
		"launcher":   func(u *user) { u.Key(3) },
		"home":       func(*user) {},
		"create":     func(u *user) { u.press("tab_create") },
		"permission": func(u *user) { u.GrantMedia(false); u.press("tab_create", "create_reel") },
		"gallery":    func(u *user) { u.press("tab_create", "create_reel") },
		"edit":       func(u *user) { u.press("tab_create", "create_reel", "gallery_item", "next_button") },
		"caption":    func(u *user) { u.write("a <caption>\nwith \"everything\" 🚀 & שלום \x01") },
		"posting":    func(u *user) { u.write("x"); u.press("share_button") },
		"posted":     func(u *user) { u.write("x"); u.press("share_button"); wait(time.Second) },
		"share_failed": func(u *user) {
			u.inject(app.FaultShareFails, 1)
			u.write("x")
			u.press("share_button")
			wait(time.Second)
		},
		"action_blocked": func(u *user) {
			u.inject(app.FaultActionBlocked, 1)
			u.write("x")
			u.press("share_button")
		},
		"profile":          func(u *user) { u.post("one"); u.post("two"); u.press("tab_profile") },
		"switcher":         func(u *user) { u.press("tab_profile", "profile_switcher") },
		"notification_nag": func(u *user) { u.inject(app.FaultPopup, 1) },
		"update_nag":       func(u *user) { u.inject(app.FaultPopup, 2); u.Key(4); u.press("tab_create") },
		"play_store": func(u *user) {
			u.inject(app.FaultPopup, 2)
			u.Key(4)
			u.press("tab_create", "dialog_positive")
		},
		"video_rejected": func(u *user) {
			u.inject(app.FaultVideoRejected, 1)
			u.write("x")
			u.press("share_button")
			wait(time.Second)
		},
		"storage_full": func(u *user) {
			u.inject(app.FaultStorageFull, 1)
			u.press("tab_create", "create_reel", "gallery_item", "next_button")
		},
		"app_crashed": func(u *user) { u.inject(app.FaultAppCrash, 1) },
		"app_info":    func(u *user) { u.inject(app.FaultAppCrash, 1); u.press("aerr_app_info") },
		"promo":       func(u *user) { u.inject(app.FaultReskin, 1) },
		"rating":      func(u *user) { u.press("tab_create", "create_reel"); u.inject(app.FaultReskin, 2) },
		"logged_out":  func(u *user) { u.inject(app.FaultLogout, 0) },
		"suspended":   func(u *user) { u.inject(app.FaultSuspended, 0) },
		"verify":      func(u *user) { u.inject(app.FaultVerify, 0) },
	}
}

func TestEveryScreen(t *testing.T) {
	t.Parallel()
	renderer, err := ui.NewRenderer()
	if err != nil {
		t.Fatal(err)
	}
	pictures := map[string]string{}
	for name, lead := range tour() {
		play(t, nil, func(u *user) {
			lead(u)
			u.on(name)
			s := u.Screen()
			if s.Name != name {
				t.Errorf("got screen named %s, want %s", s.Name, name)
			}
			checkXML(t, s.XML())
			for _, w := range s.Windows {
				checkBounds(t, name, w.Root)
			}
			m, err := renderer.Draw(s)
			if err != nil {
				t.Fatal(err)
			}
			if twin, ok := pictures[string(m.Pix)]; ok {
				t.Errorf("%s looks exactly like %s", name, twin)
			}
			pictures[string(m.Pix)] = name
		})
	}
}

func checkXML(t *testing.T, source string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(source))
	for {
		_, err := d.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatalf("read page source: %v\n%s", err, source)
		}
	}
}

// checkBounds holds that views lie within their parents, beside their
// siblings, and on the screen.
func checkBounds(t *testing.T, screen string, root *ui.Node) {
	t.Helper()
	for n := range root.All() {
		if n.Bounds.Empty() || !n.Bounds.In(ui.Bounds()) {
			t.Errorf("%s: %s has bounds %v", screen, n.Ref, n.Bounds)
		}
		for i, c := range n.Children {
			if !c.Bounds.In(n.Bounds) {
				t.Errorf("%s: %s at %v leaves its parent at %v", screen, c.Ref, c.Bounds, n.Bounds)
			}
			for _, other := range n.Children[:i] {
				if c.Bounds.Overlaps(other.Bounds) {
					t.Errorf("%s: %s overlaps %s", screen, c.Ref, other.Ref)
				}
			}
		}
	}
}

// What the recipes look for is there under the agreed names.
func TestAgreedNames(t *testing.T) {
	t.Parallel()
	for screen, want := range map[string][]string{
		"launcher": {`package="com.android.launcher3"`, `content-desc="Instagram"`},
		"home": {
			`text="Instagram"`, `content-desc="Home"`, `content-desc="Create"`, `content-desc="Profile"`,
			`:id/tab_home"`, `:id/tab_create"`, `:id/tab_profile"`,
		},
		"create": {
			`text="Create"`, `text="Reel"`, `text="Post"`, `text="Story"`,
			`:id/create_reel"`, `:id/create_post"`, `:id/create_story"`,
		},
		"gallery": {
			`text="New reel"`, `:id/gallery_grid"`, `:id/gallery_item"`, `:id/next_button"`,
			`content-desc="Video, created on November 23, 2026 10:30:00"`,
		},
		"edit":           {`text="Edit"`, `text="Next"`, `:id/next_button"`},
		"video_rejected": {`text="Your video can&#39;t be posted"`, `:id/dialog_title"`, `:id/dialog_positive"`},
		"storage_full":   {`text="Not enough storage"`, `:id/dialog_title"`, `:id/dialog_positive"`},
		"app_crashed": {
			`package="android"`, `text="Instagram keeps stopping"`, `"android:id/alertTitle"`,
			`"android:id/aerr_close"`, `"android:id/aerr_app_info"`,
		},
		"caption": {
			`text="New reel"`, `:id/caption_field"`, `hint="Write a caption…"`, `text="Share"`, `:id/share_button"`,
			`content-desc="Share"`,
		},
		"posting": {`text="Sharing to Reels…"`, `:id/upload_progress"`},
		"posted":  {`text="Your reel has been shared."`, `:id/share_done"`, `text="Done"`, `:id/done_button"`},
		"share_failed": {
			`text="Couldn&#39;t share your reel"`, `:id/dialog_title"`, `:id/dialog_dismiss"`,
			`text="Try again later"`,
		},
		"action_blocked": {
			`text="Action blocked"`, `text="You can&#39;t use this feature right now"`, `:id/dialog_positive"`,
			`text="OK"`,
		},
		"profile": {
			`:id/profile_switcher"`, `text="shop_a"`, `:id/profile_post_count"`, `text="2"`, `text="posts"`,
			`:id/profile_post"`, `content-desc="Reel by shop_a"`, `:id/profile_post_caption"`,
			`text="one"`, `text="two"`,
		},
		"switcher": {`:id/account_row"`, `text="shop_b"`, `content-desc="shop_b"`, `selected="true"`},
		"permission": {
			`package="com.android.permissioncontroller"`, `text="Allow"`,
			`"com.android.permissioncontroller:id/permission_allow_button"`,
			`text="Allow Instagram to access photos and videos?"`,
		},
		"notification_nag": {
			`text="Turn on notifications?"`, `:id/dialog_title"`, `text="Turn on"`, `:id/dialog_positive"`,
			`text="Not now"`, `:id/dialog_negative"`,
		},
		"update_nag": {`text="Update Instagram"`, `text="Update"`, `text="Not now"`},
		"logged_out": {
			`text="Log in to Instagram"`, `class="android.widget.EditText"`, `:id/login_button"`, `text="Log in"`,
		},
		"suspended": {`text="We suspended your account"`},
		"verify":    {`text="Confirm it&#39;s you"`},
	} {
		play(t, nil, func(u *user) {
			tour()[screen](u)
			source := u.Screen().XML()
			for _, s := range want {
				if !strings.Contains(source, s) {
					t.Errorf("%s: no %s in\n%s", screen, s, source)
				}
			}
		})
	}
}
