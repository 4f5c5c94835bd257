package main

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestKindOf(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]string{
		"/session":                              "GET /session",
		"/session/4e1":                          "GET /session",
		"/session/4e1/source":                   "GET /source",
		"/session/4e1/element":                  "GET /element",
		"/session/4e1/element/00-1/click":       "GET /element/click",
		"/session/4e1/element/00-1/attribute/x": "GET /element/attribute/x",
		"/status":                               "GET /status",
	} {
		if got := kindOf(http.MethodGet, path); got != want {
			t.Errorf("%s: got %q, want %q", path, got, want)
		}
	}
}

func TestGateCounts(t *testing.T) {
	t.Parallel()
	behind := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, "asked "+r.URL.Path)
	}))
	defer behind.Close()
	ctx, end := context.WithCancel(t.Context())
	g, err := openGate(ctx, behind.URL)
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- g.run(ctx) }()
	for _, path := range []string{"/session/a/source", "/session/b/source", "/status"} {
		resp, err := http.Get(g.url() + path)
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(resp.Body)
		if _ = resp.Body.Close(); err != nil || string(text) != "asked "+path {
			t.Errorf("%s: got %q, %v", path, text, err)
		}
	}
	done := g.take()
	counts := map[string]int{}
	for kind, s := range done {
		if counts[kind] = s.Count; s.Time <= 0 {
			t.Errorf("%s took %s", kind, s.Time)
		}
	}
	if diff := cmp.Diff(map[string]int{"GET /source": 2, "GET /status": 1}, counts); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if counted(done) != 3 || counted(g.take()) != 0 {
		t.Errorf("got %d, want 3, and none the next time", counted(done))
	}
	end()
	if err := <-ended; err != nil {
		t.Errorf("run: %v", err)
	}
}
