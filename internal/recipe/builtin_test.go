package recipe_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"postfleet/internal/fault"
	"postfleet/internal/phonesim/app"
	"postfleet/internal/recipe"
	"postfleet/internal/screen"
)

func builtin(t *testing.T) *recipe.Recipe {
	t.Helper()
	r, err := recipe.Load("builtin:instagram-reel")
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// languages are those that the recipe has texts in.
func languages() []app.Language {
	return []app.Language{app.English, app.German, app.Spanish, app.French, app.Portuguese}
}

func see(t *testing.T, r *recipe.Recipe, shot app.Shot) *recipe.View {
	t.Helper()
	tree, err := screen.Parse(shot.Source())
	if err != nil {
		t.Fatal(err)
	}
	return r.See(tree, map[string]string{recipe.SlotAccount: "shop_a", recipe.SlotCaption: "x"})
}

func shots(t *testing.T, number int, lang app.Language) []app.Shot {
	t.Helper()
	skin, err := app.NewSkin(number, lang)
	if err != nil {
		t.Fatal(err)
	}
	return app.Shots(skin, app.Content{})
}

// TestBuiltinFailures is the table of failure screens: each gives its class,
// in every language, and no other screen gives any.
func TestBuiltinFailures(t *testing.T) {
	t.Parallel()
	want := map[string]fault.Class{
		"logged_out": fault.Account, "logged_out/wrong": fault.Account, "suspended": fault.Account,
		"verify": fault.Account, "verify/wrong": fault.Account, "action_blocked": fault.Account,
		"video_rejected": fault.Content,
		"share_failed":   fault.Infra, "storage_full": fault.Infra, "app_crashed": fault.Infra,
		"profile/offline": fault.Infra, "home/offline": fault.Infra,
	}
	r := builtin(t)
	for _, lang := range languages() {
		got := map[string]fault.Class{}
		for _, shot := range shots(t, 0, lang) {
			v := see(t, r, shot)
			i := slices.IndexFunc(r.Failures(), func(f recipe.Failure) bool { return f.When.Holds(v) })
			if i >= 0 {
				got[shot.Name] = r.Failures()[i].Class.Fault()
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", lang, diff)
		}
	}
}

func TestBuiltinGuards(t *testing.T) {
	t.Parallel()
	want := map[string]string{
		"permission/photos": "allow_media", "permission/notifications": "allow_media",
		"notification_nag": "notifications_offer", "update_nag": "update_offer",
	}
	r := builtin(t)
	for _, lang := range languages() {
		got := map[string]string{}
		for _, shot := range shots(t, 0, lang) {
			v := see(t, r, shot)
			for _, g := range r.Guards() {
				if !g.When.Holds(v) {
					continue
				}
				got[shot.Name] = g.ID
				if _, ok := g.Target.Find(v); !ok {
					t.Errorf("%s %s: guard %s does not find what to tap", lang, shot.Name, g.ID)
				}
				break
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", lang, diff)
		}
	}
}

// TestBuiltinShareByDescription: the button that publishes is found on every
// skin in every language, and never where it is not.
func TestBuiltinShareByDescription(t *testing.T) {
	t.Parallel()
	r := builtin(t)
	for _, lang := range languages() {
		for number := range 6 {
			for _, shot := range shots(t, number, lang) {
				_, got := r.Publish().Target.Find(see(t, r, shot))
				if want := shot.Name == "caption" || shot.Name == "caption/written"; got != want {
					t.Errorf("skin %d %s %s: got %t, want %t", number, lang, shot.Name, got, want)
				}
			}
		}
	}
}
