package screen_test

import (
	"fmt"
	"strings"
	"testing"

	"postfleet/internal/screen"
)

// window is the app's whole window.
func window(views ...string) string {
	return screenOf(el("FrameLayout", "", "[0,0][1000,2000]", "", views...))
}

// dialog is a window of Android's own layout.
func dialog(title string, buttons ...string) string {
	views := []string{strings.Replace(el("TextView", "", "[100,500][900,600]", fmt.Sprintf("text=%q", title)),
		"<TextView", `<TextView resource-id="android:id/alertTitle"`, 1)}
	for i, label := range buttons {
		views = append(views, strings.Replace(
			el("Button", "", fmt.Sprintf("[100,%d][900,%d]", 600+i*100, 700+i*100), tap+fmt.Sprintf("text=%q", label)),
			"<Button", fmt.Sprintf(`<Button resource-id="android:id/button%d"`, i+1), 1))
	}
	return screenOf(el("FrameLayout", "", "[100,500][900,900]", "", views...))
}

// composer is a screen told by its layout, with these labels.
func composer(labels ...string) []string {
	var views []string
	for i, label := range labels {
		views = append(views, el("Button", "button_"+name(i), fmt.Sprintf("[0,%d][1000,%d]", i*100, i*100+100),
			tap+fmt.Sprintf("text=%q", label)))
	}
	return views
}

func TestSame(t *testing.T) {
	t.Parallel()
	english := composer("Back", "Tag", "Place", "Music", "Share")
	german := composer("Zurück", "Markieren", "Ort", "Musik", "Teilen")
	icons := composer("", "", "", "", "")
	with := func(views []string, more ...string) string { return window(append(views[:5:5], more...)...) }
	at := "[0,1000][1000,1100]"
	list := func(ids ...string) string {
		var items []string
		for i, id := range ids {
			row := fmt.Sprintf("[0,%d][1000,%d]", 1000+i*100, 1100+i*100)
			items = append(items, el("Group", id, row, tap+fmt.Sprintf("text=%q", id)))
		}
		return el("RecyclerView", "list", "[0,1000][1000,2000]", `scrollable="true"`, items...)
	}
	tab := func(open int) string {
		var tabs []string
		for i, label := range []string{"Posts", "Reels"} {
			tabs = append(tabs, el("Tab", "", fmt.Sprintf("[%d,900][%d,1000]", i*500, i*500+500),
				tap+fmt.Sprintf(`text=%q selected="%t"`, label, i == open)))
		}
		return el("Tabs", "", "[0,900][1000,1000]", "", tabs...)
	}
	sheet := func(behind string) string {
		return window(el("Group", "", "[0,0][1000,2000]", "",
			el("Button", "feed", "[0,900][1000,1000]", tap+fmt.Sprintf("text=%q", behind))),
			el("View", "scrim", "[0,0][1000,2000]", tap),
			el("Button", "report", "[0,1500][1000,1600]", tap+`text="Report"`))
	}
	tests := []struct {
		name string
		a, b string
		want bool
	}{
		{"itself", with(english), with(english), true},
		{"translated", with(english), with(german), true},
		{"in another script", with(english), window(composer("戻る", "タグ", "場所", "音楽", "シェア")...), true},
		{"one label changed", with(english), window(composer("Back", "Tag", "Place", "maria", "Share")...), true},
		{"most buttons changed", with(english), window(composer("Back", "Colour", "Size", "Font", "Share")...), false},
		{"a button more", with(english), with(english, el("Button", "pay", at, tap+`text="Pay"`)), false},
		{
			"moved, with states",
			with(english, el("Switch", "s", "[0,600][9,700]", tap+`checkable="true"`)),
			with(english, el("Switch", "s", at, tap+`checkable="true" checked="true" focused="true"`)), true,
		},
		{
			"a badge",
			with(english, el("T", "a", at, "")), with(english, el("T", "a", at, ""), el("T", "b", at, "")), true,
		},
		{"all its texts are others", with(english, el("T", "a", at, "")), with(english, el("T", "b", at, "")), false},
		{"a nameless text", with(english), with(english, el("TextView", "", at, `text="New posts"`)), true},
		{"an empty list", with(english, list()), with(english, list("post", "post")), true},
		{"a longer list", with(english, list("post")), with(english, list("post", "post", "ad")), true},
		{"a list of something else", with(english, list("post")), with(english, list("user")), false},
		{"another tab", with(english, tab(0)), with(english, tab(1)), false},
		{"the same tab", with(english, tab(1)), with(english, tab(1)), true},
		{"what a sheet covers", sheet("Like"), sheet("Follow"), true},
		{"a sheet and what it covers", sheet("Like"), with(english), false},
		{"icons without a label", window(icons...), window(icons...), true},
		{"a dialog", dialog("Discard?", "Discard", "Cancel"), dialog("Discard?", "Discard", "Cancel"), true},
		{"another title", dialog("Discard?", "Delete", "Cancel"), dialog("Delete account?", "Delete", "Cancel"), false},
		{"other buttons", dialog("Sure?", "Delete", "Cancel"), dialog("Sure?", "Send", "Cancel"), false},
		{"a dialog, translated", dialog("Discard?", "Discard", "Cancel"), dialog("Verwerfen?", "Ja", "Nein"), false},
		{
			"time, numbers, handles, emoji and case",
			dialog("3 new from @maria_1 at 09:41 🎉", "OK", "Later"),
			dialog("12K New from some.body_2 at 7:05", "ok", "Later"), true,
		},
		{"Arabic digits", dialog("متبقي 3 دقائق", "حسنا"), dialog("متبقي ٤٥ دقائق", "حسنا"), true},
		{"digits within a sentence", dialog("あと30秒お待ちください", "閉じる"), dialog("あと5秒お待ちください", "閉じる"), true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			a, ok := parse(t, tt.a).Print("a.b")
			b, ok2 := parse(t, tt.b).Print("a.b")
			if !ok || !ok2 {
				t.Fatalf("no print: %v, %v", a, b)
			}
			if a.Same(b) != tt.want || b.Same(a) != tt.want {
				t.Errorf("got %t and %t, want %t:\n%s %q\n%s %q",
					a.Same(b), b.Same(a), tt.want, a.Key, a.Signs, b.Key, b.Signs)
			}
			for _, label := range []string{"maria", "Share", "Discard"} {
				if signs := fmt.Sprint(a.Signs, b.Signs); strings.Contains(signs, label) {
					t.Errorf("the label %s is in %s", label, signs)
				}
			}
		})
	}
}

func TestNoPrint(t *testing.T) {
	t.Parallel()
	canvas := el("SurfaceView", "", "[0,0][1000,2000]", "")
	for name, source := range map[string]string{
		"a canvas":          window(canvas),
		"a canvas to touch": window(el("SurfaceView", "game", "[0,0][1000,2000]", tap)),
		"a splash":          window(el("TextView", "logo", "[0,900][1000,1000]", `text="App"`)),
		"only numbers":      window(el("Button", "ok", "[0,900][1000,1000]", tap+`text="42"`)),
		"another app":       screenOf(`<Button package="x.y" bounds="[0,0][9,9]" clickable="true" text="OK"/>`),
	} {
		if p, ok := parse(t, source).Print("a.b"); ok || p.Key != "" || p.Signs != nil {
			t.Errorf("%s: got %v", name, p)
		}
	}
	if (screen.Print{}).Same(screen.Print{}) {
		t.Error("nothing is the same as nothing")
	}
}
