package uia2_test

import (
	"bytes"
	"encoding/base64"
	"image/jpeg"
	"image/png"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSessions(t *testing.T) {
	t.Parallel()
	d := connect(t)
	first := d.session
	if diff := cmp.Diff([]string{first}, d.uia2.Sessions()); diff != "" {
		t.Errorf("sessions differ (-want +got):\n%s", diff)
	}
	if got := string(d.ok(http.MethodGet, "/sessions", nil)); !strings.Contains(got, first) {
		t.Errorf("got sessions %s, want %s among them", got, first)
	}
	d.open()
	if d.session == first {
		t.Errorf("got session %s twice", first)
	}
	d.refused(http.MethodGet, "/session/"+first+"/source", nil, 404, "invalid session id")
	d.refused(http.MethodDelete, "/session/"+first, nil, 404, "invalid session id")
	d.ok(http.MethodDelete, d.path("/"), nil) // the driver ends the path with a slash
	<-d.deleted
	if got := d.uia2.Sessions(); len(got) != 0 {
		t.Errorf("got sessions %v after delete, want none", got)
	}
	d.refused(http.MethodGet, d.path("/source"), nil, 404, "invalid session id")
}

func TestStatusAndUnknown(t *testing.T) {
	t.Parallel()
	d := connect(t)
	var status struct {
		Ready   bool
		Message string
		Build   struct{ Version string }
	}
	d.decode(d.ok(http.MethodGet, "/status", nil), &status)
	if !status.Ready || status.Build.Version != "10.6.6" {
		t.Errorf("got status %+v, want ready at 10.6.6", status)
	}
	d.refused(http.MethodGet, "/nonsense", nil, 404, "unknown command")
	d.refused(http.MethodPost, "/status", nil, 404, "unknown command")
	d.refused(http.MethodGet, d.path("/nonsense"), nil, 404, "unknown command")
	d.refused(http.MethodPost, "/session", map[string]any{}, 400, "invalid argument")
	d.refused(http.MethodPost, d.path("/element"), "{broken", 400, "invalid argument")
}

func TestDeviceQuestions(t *testing.T) {
	t.Parallel()
	d := connect(t)
	for path, want := range map[string]string{
		"":                               `{"lastScrollData":null}`,
		"/window/current/size":           `{"height":2208,"width":1080}`,
		"/window/rect":                   `{"height":2208,"width":1080,"x":0,"y":0}`,
		"/orientation":                   `"PORTRAIT"`,
		"/rotation":                      `{"x":0,"y":0,"z":0}`,
		"/appium/device/pixel_ratio":     `2.625`,
		"/appium/device/system_bars":     `{"statusBar":63}`,
		"/appium/device/display_density": `420`,
	} {
		if got := string(d.get(path)); got != want {
			t.Errorf("%s: got %s, want %s", path, got, want)
		}
	}
	var info map[string]any
	d.decode(d.get("/appium/device/info"), &info)
	if info["model"] != "SimPhone 1" || info["realDisplaySize"] != "1080x2208" || info["apiVersion"] != "33" {
		t.Errorf("got device info %v", info)
	}
	d.post("/orientation", map[string]string{"orientation": "PORTRAIT"})
	d.refused(http.MethodPost, d.path("/orientation"), map[string]string{"orientation": "LANDSCAPE"}, 400,
		"invalid element state")
}

func TestSettings(t *testing.T) {
	t.Parallel()
	d := connect(t)
	d.post("/appium/settings", map[string]any{"settings": map[string]any{"waitForIdleTimeout": 5, "own": true}})
	var settings map[string]any
	d.decode(d.get("/appium/settings"), &settings)
	if settings["waitForIdleTimeout"] != 5.0 || settings["own"] != true || settings["enableMultiWindows"] != false {
		t.Errorf("got settings %v, want the changed ones and the defaults", settings)
	}
}

func TestSourceFollowsTheScreen(t *testing.T) {
	t.Parallel()
	d := connect(t)
	if got := d.text(d.get("/source")); got != d.app.Screen().XML() || !strings.Contains(got, "tab_home") {
		t.Errorf("got source %s", got)
	}
	d.app.Stop()
	if got := d.text(d.get("/source")); !strings.Contains(got, "com.android.launcher3") {
		t.Errorf("got source %s, want the launcher", got)
	}
}

func (d *driver) screenshot(rest string) []byte {
	d.t.Helper()
	b, err := base64.StdEncoding.DecodeString(d.text(d.get(rest)))
	if err != nil {
		d.t.Fatal(err)
	}
	return b
}

func TestScreenshot(t *testing.T) {
	t.Parallel()
	d := connect(t)
	home := d.screenshot("/screenshot")
	if m, err := png.Decode(bytes.NewReader(home)); err != nil || m.Bounds().Dx() != 540 {
		t.Fatalf("got picture %v, error %v, want 540 pixels across", m, err)
	}
	tab := d.screenshot("/element/" + d.find("id", "tab_home") + "/screenshot")
	if m, err := png.Decode(bytes.NewReader(tab)); err != nil || m.Bounds().Dx() != 180 || m.Bounds().Dy() != 75 {
		t.Errorf("got picture of a tab %v, error %v, want 180 by 75 pixels", m, err)
	}
	d.press("tab_create")
	if bytes.Equal(home, d.screenshot("/screenshot")) {
		t.Error("two screens look the same")
	}
}

func TestMJPEG(t *testing.T) {
	t.Parallel()
	d := connect(t)
	stream := httptest.NewServer(d.uia2.MJPEG())
	t.Cleanup(stream.Close)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, stream.URL, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := stream.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := resp.Body.Close(); err != nil {
			t.Error(err)
		}
	}()
	_, params, err := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	parts := multipart.NewReader(resp.Body, params["boundary"])
	for range 2 {
		part, err := parts.NextPart()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(part)
		if err != nil {
			t.Fatal(err)
		}
		if m, err := jpeg.Decode(bytes.NewReader(b)); err != nil || m.Bounds().Dy() != 1104 {
			t.Fatalf("got frame %v, error %v", m, err)
		}
	}
}
