//go:build integration

package appium_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"postfleet/internal/appium"
)

// smokeServer runs the worker image's Appium with the fake driver, the way a
// worker runs it but for the driver, and returns its container and a client.
func smokeServer(t *testing.T) (id string, client *appium.Client) {
	t.Helper()
	image := run(t, "../setup/smoke.sh")
	id = run(t, "docker", "run", "--detach", "--publish", "127.0.0.1::4723", "--cap-drop", "ALL",
		"--security-opt", "no-new-privileges", "--user", "10001:10001", image,
		"appium", "server", "--address", "0.0.0.0", "--port", "4723", "--use-drivers", "fake", "--log-no-colors")
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("the server said:\n%s", run(t, "docker", "logs", id))
		}
		run(t, "docker", "rm", "--force", id)
	})
	address := run(t, "docker", "port", id, "4723/tcp")
	client = appium.NewClient("http://"+address, appium.Timeouts{Command: 10 * time.Second})
	t.Cleanup(client.Close)
	deadline := time.After(time.Minute)
	again := time.NewTicker(50 * time.Millisecond)
	defer again.Stop()
	for {
		ready, err := client.Ready(t.Context())
		if err == nil && ready {
			return id, client
		}
		select {
		case <-again.C:
		case <-deadline:
			t.Fatalf("the server is not ready: %v", err)
		}
	}
}

// TestIntegrationSmokeWithoutPhone takes our client through the real server by a
// way on which there is neither adb nor a phone: when this holds and the way
// with a phone does not, the server is not to blame.
func TestIntegrationSmokeWithoutPhone(t *testing.T) {
	t.Parallel()
	id, client := smokeServer(t)
	ctx := t.Context()
	caps := map[string]any{
		"platformName": "Fake", "appium:automationName": "Fake", "appium:deviceName": "Fake",
		"appium:app": "/opt/smoke/app.xml",
	}
	s, err := client.NewSession(ctx, caps)
	if err != nil {
		t.Fatal(err)
	}
	if source, err := s.Source(ctx); err != nil || !strings.Contains(source, `id="btn"`) {
		t.Errorf("source: got %q and %v, want the app's", source, err)
	}
	if png, err := s.Screenshot(ctx); err != nil || !strings.HasPrefix(string(png), "\x89PNG") {
		t.Errorf("screenshot: got %d bytes and %v, want a PNG", len(png), err)
	}
	if rect, err := s.WindowRect(ctx); err != nil || rect.Width == 0 || rect.Height == 0 {
		t.Errorf("window: got %+v and %v, want a size", rect, err)
	}
	if got := s.Capability("automationName"); got != "Fake" {
		t.Errorf("capability: got %q, want Fake", got)
	}
	var refused *appium.Error
	if err := s.Execute(ctx, "mobile: activateApp", nil, nil); !errors.As(err, &refused) {
		t.Errorf("a command that the driver has not: got %v, want the server's error", err)
	}
	if err := s.Delete(ctx); err != nil {
		t.Errorf("delete: %v", err)
	}
	if _, err := s.Source(ctx); !appium.IsInvalidSession(err) {
		t.Errorf("a session that was deleted: got %v, want it to be invalid", err)
	}
	if _, err := client.NewSession(ctx, map[string]any{"platformName": "Android"}); err == nil {
		t.Error("a session of a driver that is not there: got no error")
	}
	// With a session that lives, the server still ends in order when it is told to.
	if _, err := client.NewSession(ctx, caps); err != nil {
		t.Fatal(err)
	}
	run(t, "docker", "kill", "--signal", "TERM", id)
	if code := run(t, "docker", "wait", id); code != "0" {
		t.Errorf("exit code after TERM: got %s, want 0", code)
	}
	if _, err := client.Ready(ctx); !errors.Is(err, appium.ErrUnreachable) {
		t.Errorf("a server that has ended: got %v, want %v", err, appium.ErrUnreachable)
	}
}
