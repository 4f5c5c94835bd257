package main

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"postfleet/internal/evidence"
)

// endpoints are servers outside of a bubble of fake time, whose handlers come
// later. In the bubble a connection that stays open would stop the time.
func endpoints(t *testing.T, n int) serveFunc {
	t.Helper()
	type endpoint struct {
		url     string
		handler atomic.Pointer[http.Handler]
	}
	free := make([]*endpoint, n)
	for i := range free {
		e := &endpoint{}
		server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			(*e.handler.Load()).ServeHTTP(w, r)
		}))
		server.Config.SetKeepAlivesEnabled(false)
		server.Start()
		t.Cleanup(server.Close)
		e.url, free[i] = server.URL, e
	}
	var taken atomic.Int32
	return func(_ context.Context, h http.Handler) (string, func() error, error) {
		e := free[taken.Add(1)-1]
		e.handler.Store(&h)
		return e.url, func() error { return nil }, nil
	}
}

// TestRun: less than the short form, in fake time, meets every target but the one
// that is known to be missed, and that for the number of screens.
func TestRun(t *testing.T) {
	t.Parallel()
	cfg := full()
	cfg.shorten()
	cfg.warm, cfg.fleet, cfg.outlined, cfg.languages, cfg.dumps = 1, 2, 1, 1, 10
	cfg.paced, cfg.crew, cfg.dir, cfg.blank = 0, 1, t.TempDir(), true
	cfg.report = filepath.Join(cfg.dir, "report.json")
	cfg.stderr, cfg.serveFunc = io.Discard, endpoints(t, 8)
	var out strings.Builder
	cfg.stdout = &out
	var ran error
	synctest.Test(t, func(t *testing.T) { ran = run(t.Context(), cfg) })
	t.Log(out.String())
	if ran == nil || !strings.Contains(ran.Error(), "checks do not hold") {
		t.Errorf("got %v, want checks that do not hold", ran)
	}
	text, err := os.ReadFile(cfg.report)
	if err != nil {
		t.Fatal(err)
	}
	var report evidence.Report
	if err := json.Unmarshal(text, &report); err != nil {
		t.Fatal(err)
	}
	for _, c := range report.Failed() {
		if c.Name != "fingerprint: agreement, any language" && c.Name != "outline: generated screens" {
			t.Errorf("%s: got %v, want %s %g", c.Name, c.Value, c.Op, c.Target)
		}
	}
	left, err := os.ReadDir(cfg.dir)
	if err != nil || slices.ContainsFunc(left, os.DirEntry.IsDir) {
		t.Errorf("got %v, %v left in the folder, want the report alone", left, err)
	}
}
