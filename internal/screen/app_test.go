package screen_test

import (
	"strings"
	"testing"

	"postfleet/internal/phonesim/app"
	"postfleet/internal/screen"
)

// shots are the sample app's screens in one skin and language.
func shots(t *testing.T, number int, language app.Language, content app.Content) []app.Shot {
	t.Helper()
	skin, err := app.NewSkin(number, language)
	if err != nil {
		t.Fatal(err)
	}
	return app.Shots(skin, content)
}

func base(shot app.Shot) string {
	name, _, _ := strings.Cut(shot.Name, "/")
	return name
}

// TestSampleApp holds that each screen of the sample app is known again
// whatever people have put into it, and is not taken for another one.
func TestSampleApp(t *testing.T) {
	t.Parallel()
	others := app.Content{
		Accounts: []string{"maria", "the other one"}, Caption: "Ganz anders",
		Posts:  []app.Post{{Account: "maria", Caption: "one"}, {Account: "maria", Caption: "two"}},
		Videos: []app.Video{{Path: "a"}, {Path: "b"}, {Path: "c"}, {Path: "d"}},
	}
	type sample struct {
		name, language string
		screen.Print
	}
	for number := range 4 {
		var all []sample
		total, again, small := 0, 0, 0
		for _, language := range app.Languages()[:3] {
			was, is := shots(t, number, language, app.Content{}), shots(t, number, language, others)
			for i, shot := range was {
				pkg := shot.Screen.Active().Package
				a, ok := parse(t, shot.Source()).Print(pkg)
				b, ok2 := parse(t, is[i].Source()).Print(pkg)
				if total++; !ok || !ok2 {
					t.Logf("skin %d: %s has no print", number, shot.Name)
					small++
					continue
				}
				all = append(all, sample{base(shot), string(language), a})
				if a.Same(b) {
					again++
				} else {
					t.Logf("skin %d %s: %s is not known again:\n%q\n%q", number, language, shot.Name, a.Signs, b.Signs)
				}
			}
		}
		for i, a := range all {
			for _, b := range all[:i] {
				if a.name != b.name && a.Same(b.Print) {
					t.Errorf("skin %d: %s (%s) is taken for %s (%s):\n%q\n%q",
						number, a.name, a.language, b.name, b.language, a.Signs, b.Signs)
				}
			}
		}
		t.Logf("skin %d: %d of %d known again, %d without a print", number, again, total, small)
	}
}

// TestSampleAppOutline holds that everything the sample app lets one touch is
// in the outline.
func TestSampleAppOutline(t *testing.T) {
	t.Parallel()
	source, outline := 0, 0
	for number := range 6 {
		for _, shot := range shots(t, number, app.Languages()[number], app.Content{}) {
			o := parse(t, shot.Source()).Outline(shot.Screen.Active().Package)
			checkOutline(t, shot.Name, o)
			source, outline = source+len(shot.Source()), outline+len(o.String())
			for _, n := range shot.Elements() {
				if n.Clickable && !listed(o, n.ResourceID) {
					t.Errorf("skin %d: %s of %s is not in\n%s", number, n.ResourceID, shot.Name, o)
				}
			}
		}
	}
	t.Logf("smaller than the source: %.1f", float64(source)/float64(outline))
	if source < 8*outline {
		t.Errorf("got %d of %d bytes, want an eighth", outline, source)
	}
}

func listed(o screen.Outline, id string) bool {
	for _, l := range o.Lines {
		if l.Node != nil && l.Node.ID == id {
			return true
		}
	}
	return false
}
