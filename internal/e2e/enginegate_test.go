//go:build integration

package e2e

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
)

const engineSocket = "/var/run/docker.sock"

// engineGate stands before the engine's socket and lets through what the
// security document lists, as the proxy there does.
type engineGate struct {
	allowed []*regexp.Regexp
	engine  http.Handler

	mu      sync.Mutex
	refused []string
}

// newEngineGate returns a gate that is open until the test ends, and the
// DOCKER_HOST that leads to it.
func newEngineGate(t *testing.T) (*engineGate, string) {
	t.Helper()
	text, err := os.ReadFile(repository + "/docs/security.md")
	if err != nil {
		t.Fatal(err)
	}
	g := &engineGate{}
	for _, m := range regexp.MustCompile(`(?m)^ +"~(\^[^"]+\$)" +1;`).FindAllStringSubmatch(string(text), -1) {
		g.allowed = append(g.allowed, regexp.MustCompile(m[1]))
	}
	socket := engineSocket
	if path, ok := strings.CutPrefix(os.Getenv("DOCKER_HOST"), "unix://"); ok {
		socket = path
	}
	g.engine = &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) { r.Out.URL.Scheme, r.Out.URL.Host = "http", "engine" },
		Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, "unix", socket)
		}},
		FlushInterval: -1, // a wait answers in two parts
	}
	server := httptest.NewServer(g)
	t.Cleanup(server.Close)
	return g, strings.Replace(server.URL, "http://", "tcp://", 1)
}

// ServeHTTP implements http.Handler.
func (g *engineGate) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	call := r.Method + " " + r.URL.Path
	if slices.ContainsFunc(g.allowed, func(p *regexp.Regexp) bool { return p.MatchString(call) }) {
		g.engine.ServeHTTP(w, r)
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.refused = append(g.refused, call)
	http.Error(w, "the list does not have "+call, http.StatusForbidden)
}

// mustHaveSufficed holds the calls to the list.
func (g *engineGate) mustHaveSufficed(t *testing.T) {
	t.Helper()
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.allowed) == 0 || len(g.refused) > 0 {
		t.Errorf("calls that are not in the list of %d: %q", len(g.allowed), g.refused)
	}
}
