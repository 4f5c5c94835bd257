package appium_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"postfleet/internal/appium"
)

const elementKey = "element-6066-11e4-a52e-4f735466cecf"

// request is what the fake server was asked.
type request struct {
	Method, Path string
	Body         string
}

// fake answers every request with the value set for "METHOD path", and
// remembers the last.
type fake struct {
	answers map[string]any
	last    request
}

func (f *fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	f.last = request{r.Method, r.URL.EscapedPath(), string(body)}
	value, ok := f.answers[r.Method+" "+r.URL.Path]
	if !ok {
		w.WriteHeader(http.StatusNotFound)
		value = map[string]string{"error": "unknown command", "message": r.URL.Path}
	}
	_ = json.NewEncoder(w).Encode(map[string]any{"value": value})
}

// open returns a session on a server that has these answers.
func open(t *testing.T, answers map[string]any) (*appium.Session, *fake) {
	t.Helper()
	f := &fake{answers: map[string]any{"POST /session": map[string]any{
		"sessionId": "s1", "capabilities": map[string]any{"deviceUDID": "phone:5555"},
	}}}
	maps.Copy(f.answers, answers)
	c := client(t, f, appium.Timeouts{})
	s, err := c.NewSession(t.Context(), map[string]any{"platformName": "Android"})
	if err != nil {
		t.Fatal(err)
	}
	return s, f
}

func client(t *testing.T, h http.Handler, timeouts appium.Timeouts) *appium.Client {
	t.Helper()
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	c := appium.NewClient(srv.URL+"/", timeouts)
	t.Cleanup(c.Close)
	return c
}

func TestNewSession(t *testing.T) {
	t.Parallel()
	s, f := open(t, nil)
	want := request{"POST", "/session", `{"capabilities":{"alwaysMatch":{"platformName":"Android"},"firstMatch":[{}]}}`}
	if diff := cmp.Diff(want, f.last); diff != "" {
		t.Errorf("request (-want +got):\n%s", diff)
	}
	if s.ID() != "s1" || s.Capability("deviceUDID") != "phone:5555" || s.Capability("no") != "" {
		t.Errorf("got id %q, udid %q", s.ID(), s.Capability("deviceUDID"))
	}
}

func TestCommands(t *testing.T) {
	t.Parallel()
	ref := map[string]string{elementKey: "e1", "ELEMENT": "e1"}
	for _, tc := range []struct {
		name   string
		answer any
		call   func(context.Context, *appium.Session) (any, error)
		want   request
		result any
	}{
		{
			name: "delete",
			call: func(ctx context.Context, s *appium.Session) (any, error) { return nil, s.Delete(ctx) },
			want: request{"DELETE", "/session/s1", ""},
		},
		{
			name: "source", answer: "<hierarchy/>",
			call: func(ctx context.Context, s *appium.Session) (any, error) { return s.Source(ctx) },
			want: request{"GET", "/session/s1/source", ""}, result: "<hierarchy/>",
		},
		{
			name: "screenshot", answer: base64.StdEncoding.EncodeToString([]byte("png")),
			call: func(ctx context.Context, s *appium.Session) (any, error) { return s.Screenshot(ctx) },
			want: request{"GET", "/session/s1/screenshot", ""}, result: []byte("png"),
		},
		{
			name: "window rect", answer: map[string]int{"x": 0, "y": 0, "width": 1080, "height": 2208},
			call: func(ctx context.Context, s *appium.Session) (any, error) { return s.WindowRect(ctx) },
			want: request{"GET", "/session/s1/window/rect", ""}, result: appium.Rect{Width: 1080, Height: 2208},
		},
		{
			name: "find", answer: ref,
			call: func(ctx context.Context, s *appium.Session) (any, error) {
				return s.Find(ctx, appium.ByAccessibilityID, "Home")
			},
			want:   request{"POST", "/session/s1/element", `{"using":"accessibility id","value":"Home"}`},
			result: "e1",
		},
		{
			name: "active element", answer: ref,
			call: func(ctx context.Context, s *appium.Session) (any, error) { return s.ActiveElement(ctx) },
			want: request{"GET", "/session/s1/element/active", ""}, result: "e1",
		},
		{
			name: "click",
			call: func(ctx context.Context, s *appium.Session) (any, error) { return nil, s.Click(ctx, "e1") },
			want: request{"POST", "/session/s1/element/e1/click", "{}"},
		},
		{
			name: "an id is never a path",
			call: func(ctx context.Context, s *appium.Session) (any, error) { return nil, s.Clear(ctx, "../x?") },
			want: request{"POST", "/session/s1/element/..%2Fx%3F/clear", "{}"},
		},
		{
			name: "send keys",
			call: func(ctx context.Context, s *appium.Session) (any, error) {
				return nil, s.SendKeys(ctx, "e1", "a\n\"ü\" 🎉")
			},
			want: request{"POST", "/session/s1/element/e1/value", `{"text":"a\n\"ü\" 🎉"}`},
		},
		{
			name: "text", answer: "hello\nthere",
			call: func(ctx context.Context, s *appium.Session) (any, error) { return s.Text(ctx, "e1") },
			want: request{"GET", "/session/s1/element/e1/text", ""}, result: "hello\nthere",
		},
		{
			name: "attribute", answer: "true",
			call: func(ctx context.Context, s *appium.Session) (any, error) {
				return s.Attribute(ctx, "e1", "checked")
			},
			want: request{"GET", "/session/s1/element/e1/attribute/checked", ""}, result: "true",
		},
		{
			name: "tap",
			call: func(ctx context.Context, s *appium.Session) (any, error) { return nil, s.Tap(ctx, 0, 7) },
			want: request{"POST", "/session/s1/actions", `{"actions":[{"actions":[` +
				`{"type":"pointerMove","duration":0,"origin":"viewport","x":0,"y":7},` +
				`{"type":"pointerDown","button":0},{"type":"pause","duration":60},{"type":"pointerUp","button":0}],` +
				`"id":"finger1","parameters":{"pointerType":"touch"},"type":"pointer"}]}`},
		},
		{
			name: "swipe",
			call: func(ctx context.Context, s *appium.Session) (any, error) {
				return nil, s.Swipe(ctx, 1, 2, 3, 4, 300*time.Millisecond)
			},
			want: request{"POST", "/session/s1/actions", `{"actions":[{"actions":[` +
				`{"type":"pointerMove","duration":0,"origin":"viewport","x":1,"y":2},` +
				`{"type":"pointerDown","button":0},` +
				`{"type":"pointerMove","duration":300,"origin":"viewport","x":3,"y":4},` +
				`{"type":"pointerUp","button":0}],` +
				`"id":"finger1","parameters":{"pointerType":"touch"},"type":"pointer"}]}`},
		},
		{
			name: "back",
			call: func(ctx context.Context, s *appium.Session) (any, error) { return nil, s.Back(ctx) },
			want: request{"POST", "/session/s1/back", "{}"},
		},
		{
			name: "execute", answer: "com.example",
			call: func(ctx context.Context, s *appium.Session) (any, error) {
				var out string
				err := s.Execute(ctx, "mobile: getCurrentPackage", nil, &out)
				return out, err
			},
			want:   request{"POST", "/session/s1/execute/sync", `{"args":[{}],"script":"mobile: getCurrentPackage"}`},
			result: "com.example",
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			path := strings.NewReplacer("%2F", "/", "%3F", "?").Replace(tc.want.Path)
			s, f := open(t, map[string]any{tc.want.Method + " " + path: tc.answer})
			got, err := tc.call(t.Context(), s)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, f.last); diff != "" {
				t.Errorf("request (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tc.result, got); diff != "" {
				t.Errorf("result (-want +got):\n%s", diff)
			}
		})
	}
}

func TestReady(t *testing.T) {
	t.Parallel()
	for _, want := range []bool{true, false} {
		c := client(t, &fake{answers: map[string]any{"GET /status": map[string]bool{"ready": want}}}, appium.Timeouts{})
		if got, err := c.Ready(t.Context()); got != want || err != nil {
			t.Errorf("got %t, %v, want %t", got, err, want)
		}
	}
}
