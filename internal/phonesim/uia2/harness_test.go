package uia2_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"postfleet/internal/phonesim/app"
	"postfleet/internal/phonesim/ui"
	"postfleet/internal/phonesim/uia2"
)

var _ uia2.Phone = (*app.App)(nil)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// service is a Store that passes posts on, and counts how often it is read.
type service struct {
	added chan app.Post
	reads atomic.Int64
}

func (s *service) Add(p app.Post) error {
	s.added <- p
	return nil
}

func (s *service) Posts(string) ([]app.Post, error) {
	s.reads.Add(1)
	return nil, nil
}

// album is a Gallery that does not change.
type album []app.Video

func (a album) Videos() []app.Video { return a }

// driver talks to a server in front of the sample app, as the real one does.
type driver struct {
	t       *testing.T
	app     *app.App
	posts   chan app.Post
	service *service
	deleted chan struct{}
	server  *httptest.Server
	uia2    *uia2.Server
	session string
}

// connect opens a session on a phone whose app shows its home.
func connect(t *testing.T) *driver {
	t.Helper()
	d := &driver{t: t, posts: make(chan app.Post, 8), deleted: make(chan struct{}, 8)}
	d.service = &service{added: d.posts}
	day := time.Date(2026, 11, 23, 9, 30, 0, 0, time.UTC)
	a, err := app.New(app.Config{
		Accounts: []string{"shop_a", "shop_b"}, MediaGranted: true, UploadTime: time.Millisecond,
		Store:   d.service,
		Gallery: album{{Path: "/b.mp4", Created: day.Add(time.Hour)}, {Path: "/a.mp4", Created: day}},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(a.Close)
	a.Start()
	renderer, err := ui.NewRenderer()
	if err != nil {
		t.Fatal(err)
	}
	d.app = a
	d.uia2 = uia2.New(uia2.Config{
		Info: uia2.Info{
			Manufacturer: "Simulated", Model: "SimPhone 1", APIVersion: "33", PlatformVersion: "13", Density: 420,
		},
		Version: "10.6.6", VersionCode: 251,
		SessionDeletedFunc: func() { d.deleted <- struct{}{} },
	}, a, renderer, nil)
	d.server = httptest.NewServer(d.uia2)
	t.Cleanup(d.server.Close)
	d.open()
	return d
}

// open starts a session.
func (d *driver) open() {
	d.t.Helper()
	var opened struct {
		SessionID string `json:"sessionId"`
	}
	body := map[string]any{"capabilities": map[string]any{"firstMatch": []any{map[string]any{}}, "alwaysMatch": nil}}
	d.decode(d.ok(http.MethodPost, "/session", body), &opened)
	d.session = opened.SessionID
}

// answer is what came back.
type answer struct {
	Status    int             `json:"-"`
	SessionID string          `json:"sessionId"`
	Value     json.RawMessage `json:"value"`
}

// raw makes any request.
func (d *driver) raw(method, path string, body any) answer {
	d.t.Helper()
	var content io.Reader = http.NoBody
	if text, ok := body.(string); ok {
		content = bytes.NewReader([]byte(text))
	} else if body != nil {
		b, err := json.Marshal(body)
		if err != nil {
			d.t.Fatal(err)
		}
		content = bytes.NewReader(b)
	}
	req, err := http.NewRequestWithContext(d.t.Context(), method, d.server.URL+path, content)
	if err != nil {
		d.t.Fatal(err)
	}
	resp, err := d.server.Client().Do(req)
	if err != nil {
		d.t.Fatal(err)
	}
	defer func() {
		if err := resp.Body.Close(); err != nil {
			d.t.Error(err)
		}
	}()
	a := answer{Status: resp.StatusCode}
	if err := json.NewDecoder(resp.Body).Decode(&a); err != nil {
		d.t.Fatalf("%s %s: %v", method, path, err)
	}
	return a
}

// ok makes a request that has to work.
func (d *driver) ok(method, path string, body any) json.RawMessage {
	d.t.Helper()
	a := d.raw(method, path, body)
	if a.Status != http.StatusOK {
		d.t.Fatalf("%s %s: got status %d: %s", method, path, a.Status, a.Value)
	}
	return a.Value
}

// refused makes a request that has to fail in that way.
func (d *driver) refused(method, path string, body any, status int, code string) {
	d.t.Helper()
	a := d.raw(method, path, body)
	var e struct{ Error, Message, Stacktrace string }
	d.decode(a.Value, &e)
	if a.Status != status || e.Error != code || e.Message == "" || e.Stacktrace == "" {
		d.t.Errorf("%s %s: got %d %+v, want %d %s", method, path, a.Status, e, status, code)
	}
}

func (d *driver) decode(raw json.RawMessage, v any) {
	d.t.Helper()
	if err := json.Unmarshal(raw, v); err != nil {
		d.t.Fatalf("decode %s: %v", raw, err)
	}
}

// path is a path within the session.
func (d *driver) path(rest string) string { return "/session/" + d.session + rest }

func (d *driver) get(rest string) json.RawMessage {
	d.t.Helper()
	return d.ok(http.MethodGet, d.path(rest), nil)
}

func (d *driver) post(rest string, body any) json.RawMessage {
	d.t.Helper()
	return d.ok(http.MethodPost, d.path(rest), body)
}

func query(strategy, selector string) map[string]any {
	return map[string]any{"strategy": strategy, "selector": selector, "context": "", "multiple": false}
}

// find returns the id of the first match, which has to be there.
func (d *driver) find(strategy, selector string) string {
	d.t.Helper()
	var model map[string]string
	d.decode(d.post("/element", query(strategy, selector)), &model)
	id := model["element-6066-11e4-a52e-4f735466cecf"]
	if id == "" || model["ELEMENT"] != id {
		d.t.Fatalf("got element %v, want its id under both keys", model)
	}
	return id
}

// press clicks the view of that resource name.
func (d *driver) press(names ...string) {
	d.t.Helper()
	for _, name := range names {
		d.post("/element/"+d.find("id", name)+"/click", map[string]any{})
	}
}

func (d *driver) on(want string) {
	d.t.Helper()
	if got := d.app.State().Screen; got != want {
		d.t.Fatalf("got screen %s, want %s", got, want)
	}
}

// text is what a command answered with, as a string.
func (d *driver) text(raw json.RawMessage) string {
	d.t.Helper()
	var s string
	d.decode(raw, &s)
	return s
}
