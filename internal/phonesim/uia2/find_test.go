package uia2_test

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// texts are the shown texts, or descriptions, of what a find answers with.
func (d *driver) texts(body map[string]any) []string {
	d.t.Helper()
	var models []map[string]string
	d.decode(d.post("/elements", body), &models)
	list := []string{}
	for _, m := range models {
		text := d.text(d.get("/element/" + m["ELEMENT"] + "/text"))
		if text == "" {
			text = string(d.get("/element/" + m["ELEMENT"] + "/name"))
		}
		list = append(list, text)
	}
	return list
}

func TestFind(t *testing.T) {
	t.Parallel()
	d := connect(t)
	d.press("tab_create")
	const entry = "android.widget.TextView"
	for name, tc := range map[string]struct {
		strategy, selector string
		want               []string
	}{
		"full id":       {"id", "com.instagram.android:id/create_reel", []string{"Reel"}},
		"short id":      {"id", "create_story", []string{"Story"}},
		"foreign id":    {"id", "com.other:id/create_reel", []string{}},
		"class":         {"class name", entry, []string{"Create", "Reel", "Post", "Story"}},
		"xpath":         {"xpath", `//*[@text="Reel"]`, []string{"Reel"}},
		"xpath class":   {"xpath", "//" + entry + "[@clickable='true'][2]", []string{"Post"}},
		"xpath axes":    {"xpath", `//*[@text='Reel']/following-sibling::*[1]`, []string{"Post"}},
		"xpath nothing": {"xpath", "//nothing", []string{}},
		"ui text":       {"-android uiautomator", `new UiSelector().text("Post")`, []string{"Post"}},
		"ui bare":       {"-android uiautomator", `UiSelector().text("Post")`, []string{"Post"}},
		"ui dot":        {"-android uiautomator", `.text("Post");`, []string{"Post"}},
		"ui contains":   {"-android uiautomator", `new UiSelector().textContains("EE")`, []string{"Reel"}},
		"ui starts":     {"-android uiautomator", `new UiSelector().textStartsWith("st")`, []string{"Story"}},
		"ui matches": {
			"-android uiautomator", `new UiSelector().textMatches("(?i)P.*|REEL")`, []string{"Reel", "Post"},
		},
		"ui whole text": {"-android uiautomator", `new UiSelector().textMatches("ee")`, []string{}},
		"ui id": {
			"-android uiautomator", `new UiSelector().resourceId("com.instagram.android:id/create_post")`,
			[]string{"Post"},
		},
		"ui id matches": {
			"-android uiautomator", `new UiSelector().resourceIdMatches(".*:id/create_(reel|post)")`,
			[]string{"Reel", "Post"},
		},
		"ui and": {
			"-android uiautomator",
			`new UiSelector().className("` + entry + `").clickable(true).enabled(true).selected(false)`,
			[]string{"Reel", "Post", "Story"},
		},
		"ui instance": {
			"-android uiautomator", `new UiSelector().className("` + entry + `") . instance( 2 )`, []string{"Post"},
		},
		"ui instance too far": {"-android uiautomator", `new UiSelector().clickable(true).instance(9)`, []string{}},
		"ui index":            {"-android uiautomator", `new UiSelector().clickable(true).index(1)`, []string{"Post"}},
		"ui child": {
			"-android uiautomator",
			`new UiSelector().className("android.widget.LinearLayout")` +
				`.childSelector(new UiSelector().textContains("o").clickable(true))`,
			[]string{"Post", "Story"},
		},
		"ui quotes": {"-android uiautomator", `new UiSelector().text("say \"hi\" (now)")`, []string{}},
	} {
		if diff := cmp.Diff(tc.want, d.texts(query(tc.strategy, tc.selector))); diff != "" {
			t.Errorf("%s: what was found differs (-want +got):\n%s", name, diff)
		}
	}
	d.app.Key(4)
	for name, tc := range map[string]struct{ strategy, selector string }{
		"accessibility id": {"accessibility id", "Create"},
		"ui description":   {"-android uiautomator", `new UiSelector().description("Create")`},
		"ui contains":      {"-android uiautomator", `new UiSelector().descriptionContains("reat")`},
		"ui starts":        {"-android uiautomator", `new UiSelector().descriptionStartsWith("Cr")`},
		"ui matches":       {"-android uiautomator", `new UiSelector().descriptionMatches("C.+e")`},
		"ui flags": {
			"-android uiautomator",
			`new UiSelector().packageName("com.instagram.android").focusable(true)` +
				`.focused(false).checkable(false).instance(1)`,
		},
	} {
		if diff := cmp.Diff([]string{`"Create"`}, d.texts(query(tc.strategy, tc.selector))); diff != "" {
			t.Errorf("%s: what was found differs (-want +got):\n%s", name, diff)
		}
	}
}

func TestFindBelow(t *testing.T) {
	t.Parallel()
	d := connect(t)
	d.press("tab_create", "create_reel")
	grid := d.find("id", "gallery_grid")
	want := []string{`"Video, created on November 23, 2026 10:30:00"`, `"Video, created on November 23, 2026 09:30:00"`}
	for strategy, selector := range map[string]string{
		"id": "gallery_item", "class name": "android.widget.ImageView", "xpath": ".//android.widget.ImageView",
		"-android uiautomator": "new UiSelector().clickable(true)",
	} {
		body := query(strategy, selector)
		body["context"] = grid
		if diff := cmp.Diff(want, d.texts(body)); diff != "" {
			t.Errorf("%s: what was found differs (-want +got):\n%s", strategy, diff)
		}
	}
	body := query("id", "next_button")
	body["context"] = grid
	d.refused(http.MethodPost, d.path("/element"), body, 404, "no such element")
	d.app.Key(4)
	d.refused(http.MethodPost, d.path("/element"), body, 404, "stale element reference")
}

func TestFindRefuses(t *testing.T) {
	t.Parallel()
	d := connect(t)
	for name, tc := range map[string]struct {
		strategy, selector string
		status             int
		code               string
	}{
		"nothing there":   {"id", "nobody", 404, "no such element"},
		"strategy":        {"css selector", "#id", 400, "invalid selector"},
		"xpath":           {"xpath", "//*[", 400, "invalid selector"},
		"xpath arguments": {"xpath", "//*[contains(@text)]", 400, "invalid selector"},
		"ui method":       {"-android uiautomator", `new UiSelector().colour("red")`, 400, "invalid selector"},
		"ui flag":         {"-android uiautomator", `new UiSelector().wobbly(true)`, 400, "invalid selector"},
		"ui number":       {"-android uiautomator", `new UiSelector().text(1)`, 400, "invalid selector"},
		"ui argument":     {"-android uiautomator", `new UiSelector().clickable(maybe)`, 400, "invalid selector"},
		"ui parenthesis":  {"-android uiautomator", `new UiSelector().text("a"`, 400, "invalid selector"},
		"ui string":       {"-android uiautomator", `new UiSelector().text("a)`, 400, "invalid selector"},
		"ui constructor":  {"-android uiautomator", `new UiSelector("a").text("a")`, 400, "invalid selector"},
		"ui rest":         {"-android uiautomator", `new UiSelector().text("a") oops`, 400, "invalid selector"},
		"ui no call":      {"-android uiautomator", `new UiSelector().text`, 400, "invalid selector"},
		"ui expression":   {"-android uiautomator", `new UiSelector().textMatches("(")`, 400, "invalid selector"},
		"ui starts on ids": {
			"-android uiautomator", `new UiSelector().resourceIdStartsWith("a")`, 400, "invalid selector",
		},
		"ui scrollable": {
			"-android uiautomator", `new UiScrollable(new UiSelector().scrollable(true)).flingForward()`, 400,
			"invalid selector",
		},
	} {
		t.Run(name, func(t *testing.T) {
			sub := *d
			sub.t = t
			sub.refused(http.MethodPost, sub.path("/element"), query(tc.strategy, tc.selector), tc.status, tc.code)
		})
	}
	if got := string(d.post("/elements", query("id", "nobody"))); got != "[]" {
		t.Errorf("got %s for no elements, want an empty list", got)
	}
}
