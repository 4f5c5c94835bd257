package main

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"regexp"
	"sync"
	"time"
)

// spent is what something took, all in all.
type spent struct {
	Count int           `json:"count"`
	Time  time.Duration `json:"time"`
}

// tally is what was done since it was last read, by kind. Safe for concurrent
// use.
type tally struct {
	mu   sync.Mutex
	done map[string]spent
}

func (t *tally) add(kind string, took time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.done == nil {
		t.done = map[string]spent{}
	}
	s := t.done[kind]
	s.Count++
	s.Time += took
	t.done[kind] = s
}

// take returns what was done and begins anew.
func (t *tally) take() map[string]spent {
	t.mu.Lock()
	defer t.mu.Unlock()
	done := t.done
	t.done = nil
	return done
}

// counted is the number of all that was done.
func counted(done map[string]spent) (n int) {
	for _, s := range done {
		n += s.Count
	}
	return n
}

// gate is an HTTP server in front of Appium that counts the commands.
type gate struct {
	tally
	listener net.Listener
	server   *http.Server
}

func openGate(ctx context.Context, appium string) (*gate, error) {
	target, err := url.Parse(appium)
	if err != nil {
		return nil, err
	}
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	g := &gate{listener: l}
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(target) }}
	g.server = &http.Server{ReadHeaderTimeout: time.Minute, Handler: http.HandlerFunc(
		func(w http.ResponseWriter, r *http.Request) {
			began := time.Now()
			defer func() { g.add(kindOf(r.Method, r.URL.Path), time.Since(began)) }()
			proxy.ServeHTTP(w, r)
		},
	)}
	return g, nil
}

func (g *gate) url() string { return "http://" + g.listener.Addr().String() }

// run serves until ctx ends.
func (g *gate) run(ctx context.Context) error {
	stop := context.AfterFunc(ctx, func() { _ = g.server.Close() })
	defer stop()
	if err := g.server.Serve(g.listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// kindOf is a command without the ids of sessions and elements.
func kindOf(method, path string) string {
	path = regexp.MustCompile(`^/session/[^/]+`).ReplaceAllString(path, "")
	path = regexp.MustCompile(`^/element/[^/]+/`).ReplaceAllString(path, "/element/")
	if path == "" {
		path = "/session"
	}
	return method + " " + path
}
