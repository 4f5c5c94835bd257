package uia2_test

import (
	"net/http"
	"testing"
)

// toCaption goes to where the caption is written.
func (d *driver) toCaption() {
	d.t.Helper()
	d.press("tab_create", "create_reel", "gallery_item", "next_button", "next_button")
	d.on("caption")
}

func TestReelThroughTheProtocol(t *testing.T) {
	t.Parallel()
	const caption = "🚀 first\nsecond \"quoted\", 'x' \\ שלום"
	d := connect(t)
	d.toCaption()
	d.press("caption_field")
	field := d.find("xpath", "//android.widget.EditText")
	d.post("/element/"+field+"/value", map[string]any{"text": "overwritten", "replace": false})
	d.post("/element/"+field+"/value", map[string]any{"text": caption, "replace": true})
	d.press("share_button")
	if got := (<-d.posts).Caption; got != caption {
		t.Errorf("got caption %q, want %q", got, caption)
	}
}

func TestValue(t *testing.T) {
	t.Parallel()
	d := connect(t)
	d.toCaption()
	field := "/element/" + d.find("id", "caption_field")
	check := func(want string) {
		t.Helper()
		if got := d.text(d.get(field + "/text")); got != want {
			t.Errorf("got text %q, want %q", got, want)
		}
	}
	check("Write a caption…") // the hint, as on a phone
	d.post(field+"/value", map[string]any{"text": "one", "value": []string{"o", "n", "e"}, "replace": false})
	check("one")
	d.post(field+"/value", map[string]any{"value": []string{" ", "two"}})
	check("one two")
	d.post(field+"/value", map[string]any{"text": "three", "replace": true})
	check("three")
	d.post(field+"/clear", map[string]any{})
	check("Write a caption…")
	d.refused(http.MethodPost, d.path("/element/"+d.find("id", "share_button")+"/value"),
		map[string]any{"text": "x"}, 400, "invalid element state")
}

func TestActiveElement(t *testing.T) {
	t.Parallel()
	d := connect(t)
	d.toCaption()
	d.refused(http.MethodGet, d.path("/element/active"), nil, 404, "no such element")
	d.refused(http.MethodPost, d.path("/keys"), map[string]any{"text": "x"}, 404, "no such element")
	d.press("caption_field")
	var active map[string]string
	d.decode(d.get("/element/active"), &active)
	if got, want := active["ELEMENT"], d.find("id", "caption_field"); got != want {
		t.Errorf("got element %s active, want %s", got, want)
	}
	d.post("/keys", map[string]any{"text": "typed"})
	if got := d.text(d.get("/element/" + active["ELEMENT"] + "/text")); got != "typed" {
		t.Errorf("got %q in the field, want typed", got)
	}
}

func TestQuestionsAboutAnElement(t *testing.T) {
	t.Parallel()
	d := connect(t)
	element := "/element/" + d.find("accessibility id", "Home")
	for path, want := range map[string]string{
		"/text": `""`, "/name": `"Home"`, "/enabled": "true", "/displayed": "true", "/selected": "true",
		"/rect":     `{"height":150,"width":360,"x":0,"y":2058}`,
		"/location": `{"x":0,"y":2058}`, "/size": `{"height":150,"width":360}`,
		"/attribute/content-desc":       `"Home"`,
		"/attribute/contentDescription": `"Home"`,
		"/attribute/resource-id":        `"com.instagram.android:id/tab_home"`,
		"/attribute/resourceId":         `"com.instagram.android:id/tab_home"`,
		"/attribute/className":          `"android.widget.FrameLayout"`,
		"/attribute/clickable":          `"true"`,
		"/attribute/longClickable":      `"false"`,
		"/attribute/bounds":             `"[0,2058][360,2208]"`,
		"/attribute/displayed":          `"true"`,
		"/attribute/name":               `""`,
		"/attribute/hint":               "null",
		"/attribute/original-text":      "null",
	} {
		if got := string(d.get(element + path)); got != want {
			t.Errorf("%s: got %s, want %s", path, got, want)
		}
	}
	d.refused(http.MethodGet, d.path(element+"/attribute/colour"), nil, 404, "unknown command")
	title := "/element/" + d.find("id", "action_bar_title")
	if got := string(d.get(title + "/name")); got != "null" {
		t.Errorf("got name %s of an element without description, want null", got)
	}
}

func TestStaleElements(t *testing.T) {
	t.Parallel()
	d := connect(t)
	tab := d.find("id", "tab_create")
	if again := d.find("accessibility id", "Create"); again != tab {
		t.Errorf("got id %s, then %s for the same view", tab, again)
	}
	d.press("tab_create")
	d.app.Key(4)
	d.on("home") // the same page, but another appearance of it
	for _, path := range []string{"/click", "/value", "/clear"} {
		d.refused(http.MethodPost, d.path("/element/"+tab+path), map[string]any{"text": "x"}, 404,
			"stale element reference")
	}
	for _, path := range []string{"/text", "/rect", "/attribute/text", "/displayed"} {
		d.refused(http.MethodGet, d.path("/element/"+tab+path), nil, 404, "stale element reference")
	}
	d.refused(http.MethodGet, d.path("/element/made-up/text"), nil, 404, "stale element reference")
	if fresh := d.find("id", "tab_create"); fresh == tab {
		t.Errorf("got id %s again for another view", tab)
	}
}

// A view keeps its id while its text changes. Below a dialog it is out of
// reach, as everything is outside the active window.
func TestElementUnderDialog(t *testing.T) {
	t.Parallel()
	d := connect(t)
	d.toCaption()
	field := "/element/" + d.find("id", "caption_field")
	d.post(field+"/value", map[string]any{"text": "changed", "replace": true})
	if got := d.text(d.get(field + "/text")); got != "changed" {
		t.Errorf("got %q through the same id, want changed", got)
	}
	if err := d.app.Inject("action_blocked", 1); err != nil {
		t.Fatal(err)
	}
	d.press("share_button")
	d.on("action_blocked")
	d.refused(http.MethodGet, d.path(field+"/text"), nil, 404, "stale element reference")
}
