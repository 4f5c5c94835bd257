package uia2_test

import (
	"net/http"
	"sync"
	"testing"
)

func pointer(steps ...map[string]any) map[string]any {
	return map[string]any{"actions": []any{map[string]any{
		"type": "pointer", "id": "finger", "parameters": map[string]any{"pointerType": "touch"}, "actions": steps,
	}}}
}

func move(x, y int, origin any) map[string]any {
	return map[string]any{"type": "pointerMove", "duration": 0, "x": x, "y": y, "origin": origin}
}

func step(kind string, duration int) map[string]any {
	return map[string]any{"type": kind, "duration": duration, "button": 0}
}

func TestPointerActions(t *testing.T) {
	t.Parallel()
	d := connect(t)
	d.post("/actions", pointer(
		move(540, 2130, "viewport"), step("pointerDown", 0), step("pause", 80), step("pointerUp", 0)))
	d.on("create")
	row := map[string]string{"element-6066-11e4-a52e-4f735466cecf": d.find("id", "create_reel")}
	d.post("/actions", pointer(move(5, -5, row), step("pointerDown", 0), step("pause", 900), step("pointerUp", 0)))
	d.on("gallery")
	d.app.Key(4)
	d.post("/actions", pointer(
		move(540, 100, "viewport"), move(0, 236, "pointer"), step("pointerDown", 0), move(3, -3, "pointer"),
		step("pointerUp", 0)))
	d.on("gallery")
	for _, body := range []map[string]any{
		pointer(step("pointerDance", 0)),
		pointer(move(1, 1, "moon")),
		{"actions": []any{map[string]any{"type": "wheel", "actions": []any{}}}},
	} {
		d.refused(http.MethodPost, d.path("/actions"), body, 400, "invalid argument")
	}
	d.refused(http.MethodPost, d.path("/actions"), pointer(move(1, 1, row)), 404, "stale element reference")
}

func TestSwipePulls(t *testing.T) {
	t.Parallel()
	for name, swipe := range map[string]func(d *driver){
		"actions": func(d *driver) {
			d.post("/actions", pointer(
				move(540, 600, "viewport"), step("pointerDown", 0), move(540, 1500, "viewport"), step("pointerUp", 0)))
		},
		"drag": func(d *driver) {
			d.post("/appium/gestures/drag",
				map[string]any{"start": map[string]int{"x": 540, "y": 600}, "end": map[string]int{"x": 540, "y": 1500}})
		},
		"swipe": func(d *driver) {
			d.post("/appium/gestures/swipe", map[string]any{
				"area":      map[string]int{"left": 0, "top": 600, "width": 1080, "height": 900},
				"direction": "down", "percent": 0.9,
			})
		},
		"scroll": func(d *driver) {
			origin := map[string]string{"ELEMENT": d.find("id", "profile_posts")}
			d.post("/appium/gestures/scroll", map[string]any{"origin": origin, "direction": "up", "percent": 1})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := connect(t)
			d.press("tab_profile")
			before := d.service.reads.Load()
			swipe(d) // pulling the profile down loads it anew
			if got := d.service.reads.Load(); got != before+1 {
				t.Errorf("got %d reads of the posts, want %d", got, before+1)
			}
		})
	}
}

func TestClickGestures(t *testing.T) {
	t.Parallel()
	d := connect(t)
	d.post("/appium/gestures/click", map[string]any{"offset": map[string]int{"x": 540, "y": 2130}})
	d.on("create")
	origin := map[string]string{"ELEMENT": d.find("id", "create_reel")}
	d.post("/appium/gestures/long_click", map[string]any{"origin": origin, "duration": 700})
	d.on("gallery")
	grid := map[string]string{"ELEMENT": d.find("id", "gallery_grid")}
	d.post("/appium/gestures/click", map[string]any{"origin": grid, "offset": map[string]int{"x": 10, "y": 10}})
	if got := string(d.get("/element/" + d.find("id", "gallery_item") + "/selected")); got != "true" {
		t.Errorf("got selected %s after a click on the first item, want true", got)
	}
	for path, body := range map[string]map[string]any{
		"click": {}, "drag": {"start": map[string]int{"x": 1, "y": 1}}, "swipe": {"direction": "sideways"},
	} {
		d.refused(http.MethodPost, d.path("/appium/gestures/"+path), body, 400, "invalid argument")
	}
}

func TestKeys(t *testing.T) {
	t.Parallel()
	d := connect(t)
	d.toCaption()
	d.press("caption_field")
	key := func(kind, value string) map[string]any { return map[string]any{"type": kind, "value": value} }
	d.post("/actions", map[string]any{"actions": []any{
		map[string]any{"type": "none", "id": "wait", "actions": []any{step("pause", 10)}},
		map[string]any{"type": "key", "id": "keyboard", "actions": []any{
			key("keyDown", "é"), key("keyUp", "é"), key("keyDown", "x"), step("pause", 10),
			key("keyDown", "\ue003"), key("keyDown", "\ue007"), key("keyDown", "🚀"),
		}},
	}})
	if got, want := d.text(d.get("/element/"+d.find("id", "caption_field")+"/text")), "é\n🚀"; got != want {
		t.Errorf("got %q typed, want %q", got, want)
	}
	d.post("/actions", map[string]any{"actions": []any{
		map[string]any{"type": "key", "actions": []any{key("keyDown", "\ue00c")}},
	}})
	d.on("edit")
	d.post("/back", map[string]any{})
	d.on("gallery")
	d.post("/appium/device/press_keycode", map[string]any{"keycode": 4})
	d.on("create")
	d.post("/appium/device/long_press_keycode", map[string]any{"keycode": 3})
	d.on("launcher")
	d.refused(http.MethodPost, d.path("/appium/device/press_keycode"), map[string]any{}, 400, "invalid argument")
}

func TestAlerts(t *testing.T) {
	t.Parallel()
	d := connect(t)
	for method, path := range map[string]string{"GET": "text", "POST": "accept"} {
		d.refused(method, d.path("/alert/"+path), nil, 404, "no such alert")
	}
	d.refused(http.MethodPost, d.path("/alert/dismiss"), nil, 404, "no such alert")
	if err := d.app.Inject("popup", 2); err != nil {
		t.Fatal(err)
	}
	if got, want := d.text(d.get("/alert/text")), "Turn on notifications?"; got != want {
		t.Errorf("got alert %q, want %q", got, want)
	}
	if got := d.text(d.post("/alert/dismiss", map[string]any{})); got != "Not now" {
		t.Errorf("got button %q, want Not now", got)
	}
	d.on("home")
	d.press("tab_create")
	if got, want := d.text(d.get("/alert/text")), "Update Instagram\nA new version is available."; got != want {
		t.Errorf("got alert %q, want %q", got, want)
	}
	d.refused(http.MethodPost, d.path("/alert/accept"), map[string]any{"buttonLabel": "Maybe"}, 400,
		"invalid element state")
	d.post("/alert/accept", map[string]any{"buttonLabel": "Not now"})
	d.on("create")
	d.app.GrantMedia(false)
	d.press("create_reel")
	d.post("/alert/accept", map[string]any{})
	d.on("gallery")
	if err := d.app.Inject("action_blocked", 1); err != nil {
		t.Fatal(err)
	}
	d.press("gallery_item", "next_button", "next_button", "share_button")
	if got := d.text(d.post("/alert/dismiss", map[string]any{})); got != "OK" {
		t.Errorf("got button %q, want OK: it is the only one", got)
	}
	d.on("home")
}

func TestConcurrentCommands(t *testing.T) {
	t.Parallel()
	d := connect(t)
	var clients sync.WaitGroup
	for i := range 4 {
		clients.Go(func() {
			for range 20 {
				switch i {
				case 0:
					d.raw(http.MethodGet, d.path("/source"), nil)
				case 1:
					d.raw(http.MethodPost, d.path("/elements"), query("xpath", "//*[@clickable='true']"))
				case 2:
					d.raw(http.MethodPost, d.path("/actions"), pointer(
						move(540, 2130, "viewport"), step("pointerDown", 0), step("pointerUp", 0)))
				case 3:
					d.raw(http.MethodPost, d.path("/back"), map[string]any{})
					settings := map[string]any{"settings": map[string]any{"a": 1}}
					d.raw(http.MethodPost, d.path("/appium/settings"), settings)
				}
			}
		})
	}
	clients.Wait()
	d.get("/source")
}
