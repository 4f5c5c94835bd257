package phonesim

import (
	"bytes"
	"encoding/json"
	"image/png"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"postfleet/internal/phonesim/ui"
)

func (p *Phone) ask(method, path, body string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	p.Handler().ServeHTTP(w, httptest.NewRequest(method, path, strings.NewReader(body)))
	return w
}

func TestControlOverTheNetwork(t *testing.T) {
	t.Parallel()
	p, _ := newPhone(t)
	url := "http://" + p.ControlAddress() + "/healthz"
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK {
		t.Errorf("got %s", response.Status)
	}
}

func TestControlPosts(t *testing.T) {
	t.Parallel()
	p, _ := newPhone(t)
	if got := p.ask(http.MethodGet, "/posts", "").Body.String(); got != "[]\n" {
		t.Errorf("got %q without posts, want an empty list", got)
	}
	p.share(t, "a <b> & \"c\"")
	p.touch(t, "done_button")
	var list []map[string]any
	if err := json.Unmarshal(p.ask(http.MethodGet, "/posts", "").Body.Bytes(), &list); err != nil || len(list) != 1 {
		t.Fatalf("got %v, %v", list, err)
	}
	keys := []string{"account", "caption", "video_sha256", "video_bytes", "at"}
	for _, key := range keys {
		if _, ok := list[0][key]; !ok {
			t.Errorf("key %q is missing", key)
		}
	}
	if len(list[0]) != len(keys) || list[0]["caption"] != "a <b> & \"c\"" {
		t.Errorf("got %v", list[0])
	}
}

func TestControlState(t *testing.T) {
	t.Parallel()
	p, _ := newPhone(t)
	conn := connected(t, p)
	var got State
	if err := json.Unmarshal(p.ask(http.MethodGet, "/state", "").Body.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if len(got.ADBConnections) != 1 || got.ADBConnections[0].Remote != conn.LocalAddr().String() {
		t.Errorf("got connections %+v, want one from %s", got.ADBConnections, conn.LocalAddr())
	}
	got.ADBConnections = nil
	want := State{Screen: "launcher", Foreground: "com.android.launcher3", Account: "shop_a", Sessions: []string{}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestControlPicture(t *testing.T) {
	t.Parallel()
	p, _ := newPhone(t)
	before := p.ask(http.MethodGet, "/screen.png", "").Body.Bytes()
	picture, err := png.Decode(bytes.NewReader(before))
	if err != nil {
		t.Fatal(err)
	}
	if size := picture.Bounds().Size(); size.X*ui.Height != size.Y*ui.Width {
		t.Errorf("got a picture of %v, want the screen's proportions", size)
	}
	p.app.Start()
	if bytes.Equal(before, p.ask(http.MethodGet, "/screen.png", "").Body.Bytes()) {
		t.Error("the app looks like the launcher")
	}
}

func TestControlAccount(t *testing.T) {
	t.Parallel()
	p, _ := newPhone(t)
	for _, name := range []string{"shop_b", "brand.new"} {
		w := p.ask(http.MethodPost, "/account", `{"name":"`+name+`"}`)
		if w.Code != http.StatusOK || p.State().Account != name {
			t.Errorf("got %d %s and account %q, want %q", w.Code, w.Body, p.State().Account, name)
		}
	}
}

// TestControlRefuses: bad requests are explained, and change nothing.
func TestControlRefuses(t *testing.T) {
	t.Parallel()
	p, _ := newPhone(t)
	cases := []struct {
		method, path, body string
		status             int
		explains           string
	}{
		{"POST", "/faults", ``, 400, "EOF"},
		{"POST", "/faults", `{`, 400, "unexpected EOF"},
		{"POST", "/faults", `[]`, 400, "cannot unmarshal"},
		{"POST", "/faults", `{"kind":"freeze"} {}`, 400, "more than one"},
		{"POST", "/faults", `{"kind":"freeze","for":1}`, 400, `unknown field \"for\"`},
		{"POST", "/faults", `{"kind":"freeze","for_ms":"1"}`, 400, "for_ms"},
		{"POST", "/faults", `{"kind":"freeze","for_ms":-1}`, 400, "for_ms must be"},
		{"POST", "/faults", `{"kind":"freeze","after_ms":9223372036854775807}`, 400, "after_ms must be"},
		{"POST", "/faults", `{"kind":"freeze","count":-1}`, 400, "count must not"},
		{"POST", "/faults", `{"kind":"glogin_expired"}`, 400, "asks for no glogin"},
		{"POST", "/faults", `{}`, 400, "kind"},
		{"POST", "/account", `{}`, 400, "name is missing"},
		{"POST", "/account", `{"name":" "}`, 400, "name is missing"},
		{"POST", "/account", `{"nickname":"x"}`, 400, "unknown field"},
		{"POST", "/posts", ``, 405, ""},
		{"GET", "/faults", ``, 405, ""},
		{"GET", "/nothing", ``, 404, ""},
	}
	for _, tc := range cases {
		w := p.ask(tc.method, tc.path, tc.body)
		if w.Code != tc.status || !strings.Contains(w.Body.String(), tc.explains) {
			t.Errorf("%s %s %s: got %d %s, want %d with %q",
				tc.method, tc.path, tc.body, w.Code, w.Body, tc.status, tc.explains)
		}
	}
	if n := p.faults.pending(); n != 0 || p.State().Account != "shop_a" {
		t.Errorf("got %d faults and account %q, want nothing changed", n, p.State().Account)
	}
}

func TestControlFaults(t *testing.T) {
	t.Parallel()
	p, _ := newPhone(t)
	w := p.ask(http.MethodPost, "/faults", `{"kind":"offline"}`)
	want := `{"kind":"offline","after_ms":0,"for_ms":0,"count":0}` + "\n"
	if w.Code != http.StatusOK || w.Body.String() != want {
		t.Errorf("got %d %s, want 200 %s", w.Code, w.Body, want)
	}
	if conn, err := hello(p); err == nil {
		_ = conn.Close()
		t.Error("the phone is not offline")
	}
	if w := p.ask(http.MethodDelete, "/faults", ""); w.Code != http.StatusNoContent {
		t.Errorf("got %d %s, want 204", w.Code, w.Body)
	}
	connected(t, p)
}
