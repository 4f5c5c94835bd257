package app_test

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"postfleet/internal/phonesim/app"
	"postfleet/internal/phonesim/ui"
)

func newSkin(t *testing.T, number int, language app.Language) *app.Skin {
	t.Helper()
	s, err := app.NewSkin(number, language)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

const skins = 300

func TestIDsOfSkins(t *testing.T) {
	t.Parallel()
	seen, elements := map[string]int{}, app.Elements()
	for number := range skins {
		s := newSkin(t, number, app.English)
		ids := map[string]string{}
		for _, name := range elements {
			id := s.ID(name)
			if other, ok := ids[id]; ok {
				t.Errorf("skin %d: %s and %s are both %s", number, name, other, id)
			}
			ids[id] = name
			original := slices.Contains(elements, strings.TrimPrefix(id, app.Package+":id/"))
			if original != (number == 0) {
				t.Errorf("skin %d: %s is called %s", number, name, id)
			}
		}
		all := fmt.Sprint(slices.Sorted(maps.Keys(ids)))
		if twin, ok := seen[all]; ok {
			t.Errorf("skins %d and %d have the same ids", number, twin)
		}
		seen[all] = number
	}
	if got := newSkin(t, 5, app.English).ID("promo_close"); got != "" {
		t.Errorf("got id %s for what has none", got)
	}
}

func TestVersionsOfSkins(t *testing.T) {
	t.Parallel()
	names, codes := map[string]bool{}, map[int]bool{}
	for number := range skins {
		name, code := newSkin(t, number, app.English).Version()
		names[name], codes[code] = true, true
	}
	if len(names) != skins || len(codes) != skins || !names["361.0.0.46.88"] || !codes[377506971] {
		t.Errorf("got %d names and %d codes, want %d with the original's", len(names), len(codes), skins)
	}
}

func TestSkinIsTheSameEachTime(t *testing.T) {
	t.Parallel()
	for _, language := range app.Languages() {
		for number := range 2 {
			one := app.Shots(newSkin(t, number, language), app.Content{})
			two := app.Shots(newSkin(t, number, language), app.Content{})
			for i := range one {
				if diff := cmp.Diff(one[i].Source(), two[i].Source()); diff != "" {
					t.Errorf("%s in skin %d (-one +two):\n%s", one[i].Name, number, diff)
				}
			}
		}
	}
}

func TestUnknownLanguage(t *testing.T) {
	t.Parallel()
	if _, err := app.NewSkin(0, "tlh"); !errors.Is(err, app.ErrUnknownLanguage) {
		t.Errorf("got error %v, want ErrUnknownLanguage", err)
	}
	s := newSkin(t, -1, "")
	if s.Number() != 0 || s.Language() != app.English {
		t.Errorf("got skin %d in %q, want the original in English", s.Number(), s.Language())
	}
}

// The step that must not be guessed finds its button by a description that no
// skin takes away and no other view has, while id and text are others.
func TestShareKeepsItsDescription(t *testing.T) {
	t.Parallel()
	for number := range 12 {
		for _, language := range app.Languages() {
			s := newSkin(t, number, language)
			for _, shot := range app.Shots(s, app.Content{}) {
				described := 0
				for n := range shot.Screen.Active().All() {
					if n.Desc != s.Plain("Share") {
						continue
					}
					described++
					if n.Name != "share_button" || !n.Clickable || n.ResourceID != s.ID("share_button") {
						t.Errorf("skin %d in %s: %s has the description", number, language, n.Name)
					}
					if (n.Text == s.Plain("Share")) != (number == 0) {
						t.Errorf("skin %d in %s: got text %q", number, language, n.Text)
					}
				}
				if want := strings.HasPrefix(shot.Name, "caption"); (described == 1) != want || described > 1 {
					t.Errorf("skin %d in %s: %d such views on %s", number, language, described, shot.Name)
				}
			}
		}
	}
}

// order lists the names of some elements as they come on a shot.
func order(shot app.Shot, names ...string) string {
	var list []string
	for _, n := range shot.Elements() {
		if slices.Contains(names, n.Name) {
			list = append(list, n.Name)
		}
	}
	return strings.Join(list, " ")
}

func shots(t *testing.T, number int, language app.Language) map[string]app.Shot {
	t.Helper()
	byName := map[string]app.Shot{}
	for _, s := range app.Shots(newSkin(t, number, language), app.Content{}) {
		byName[s.Name] = s
	}
	return byName
}

func TestSkinsMoveThings(t *testing.T) {
	t.Parallel()
	original := shots(t, 0, app.English)
	for number := 1; number < 16; number++ {
		for screen, names := range map[string][]string{
			"home":       {"tab_home", "tab_create", "tab_profile"},
			"create":     {"create_reel", "create_post", "create_story"},
			"edit":       {"action_bar_title", "next_button", "edit_preview"},
			"caption":    {"action_bar_title", "share_button", "caption_field"},
			"update_nag": {"dialog_positive", "dialog_negative"},
		} {
			was, is := original[screen], shots(t, number, app.English)[screen]
			moved := order(was, names...) != order(is, names...)
			if !moved && place(was, names[1]) == place(is, names[1]) {
				t.Errorf("skin %d leaves %s where they are on %s", number, names, screen)
			}
			if depth(is) <= depth(was) && screen != "update_nag" {
				t.Errorf("skin %d has no more layers on %s", number, screen)
			}
		}
	}
}

func place(shot app.Shot, name string) string {
	for _, n := range shot.Elements() {
		if n.Name == name {
			return n.Bounds.String()
		}
	}
	return ""
}

func depth(shot app.Shot) int {
	var deepest func(n *ui.Node) int
	deepest = func(n *ui.Node) int {
		below := 0
		for _, c := range n.Children {
			below = max(below, deepest(c))
		}
		return below + 1
	}
	return deepest(shot.Screen.Active())
}
