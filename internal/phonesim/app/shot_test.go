package app_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"postfleet/internal/phonesim/app"
)

func TestShots(t *testing.T) {
	t.Parallel()
	for number := range 8 {
		language := app.Languages()[number%len(app.Languages())]
		skin, seen := newSkin(t, number, language), map[string]string{}
		for _, shot := range app.Shots(skin, app.Content{}) {
			source := shot.Source()
			checkXML(t, source)
			for _, w := range shot.Screen.Windows {
				checkBounds(t, shot.Name, w.Root)
			}
			if twin, ok := seen[source]; ok {
				t.Errorf("%s and %s look the same", shot.Name, twin)
			}
			seen[source] = shot.Name
			if name, _, _ := strings.Cut(shot.Name, "/"); name != shot.Screen.Name {
				t.Errorf("got screen %s, want %s", shot.Screen.Name, name)
			}
			for _, n := range shot.Elements() {
				if n.Package == app.Package && n.ResourceID != skin.ID(n.Name) {
					t.Errorf("skin %d: %s on %s has the id %q, want %q",
						number, n.Name, shot.Name, n.ResourceID, skin.ID(n.Name))
				}
			}
		}
		if want := 36; len(seen) < want-2 || number > 0 && len(seen) != want {
			t.Errorf("got %d screens in skin %d, want %d", len(seen), number, want)
		}
	}
}

func TestShotsShowTheirContent(t *testing.T) {
	t.Parallel()
	content := app.Content{
		Accounts: []string{"solo"}, Posts: []app.Post{{Account: "solo", Caption: "<the only one>"}},
		Videos: []app.Video{{Path: "a"}, {Path: "b"}, {Path: "c"}, {Path: "d"}}, Caption: "typed",
	}
	skin := newSkin(t, 3, app.French)
	for _, shot := range app.Shots(skin, content) {
		for screen, want := range map[string]string{
			"profile": "&lt;the only one&gt;", "switcher": `content-desc="solo"`, "caption/written": `text="typed"`,
		} {
			if shot.Name == screen && !strings.Contains(shot.Source(), want) {
				t.Errorf("%s: no %s in\n%s", screen, want, shot.Source())
			}
		}
		got := strings.Count(shot.Source(), skin.ID("gallery_item"))
		if shot.Name == "gallery" && got != len(content.Videos) {
			t.Errorf("got %d videos, want %d", got, len(content.Videos))
		}
	}
}

// In other languages ids stay, and no words of the app are left in English.
func TestLanguages(t *testing.T) {
	t.Parallel()
	content := app.Content{Accounts: []string{"42"}, Caption: "42", Posts: []app.Post{{Account: "42", Caption: "42"}}}
	english := app.Shots(newSkin(t, 0, app.English), content)
	for _, language := range app.Languages()[1:] {
		for i, shot := range app.Shots(newSkin(t, 0, language), content) {
			was := english[i].Elements()
			for j, n := range shot.Elements() {
				if n.ResourceID != was[j].ResourceID {
					t.Errorf("%s: %s is called %s in %s", shot.Name, n.Name, n.ResourceID, language)
				}
				for english, now := range map[string]string{
					was[j].Text: n.Text, was[j].Desc: n.Desc, was[j].Hint: n.Hint,
				} {
					if english == now && words.MatchString(now) && !common(now) {
						t.Errorf("%s: %s says %q in English and in %s", shot.Name, n.Name, now, language)
					}
				}
			}
		}
	}
}

var words = regexp.MustCompile(`\pL`)

// common reports whether a word is the same in English and in other languages.
func common(word string) bool {
	return slices.Contains([]string{"Instagram", "Google Play", "OK", "Reel", "Story", "Code", "x"}, word)
}
