//go:build integration

package cloudphone_test

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"postfleet/internal/adb"
	"postfleet/internal/cloudphone"
	"postfleet/internal/device"
	"postfleet/internal/geelark"
	"postfleet/internal/geelark/custody"
	"postfleet/internal/logging"
)

// TestIntegrationRealADB has a stock adb reach the simulated phones: a login that
// lapses, a phone that shuts down by itself, and a video that goes through the
// service's storage.
func TestIntegrationRealADB(t *testing.T) {
	c := newCloud(t)
	port := freePort(t)
	server, err := adb.StartServer(t.Context(), adb.ServerConfig{
		Port: port, LogPath: filepath.Join(c.dir, "adb.log"), Home: c.dir,
	}, logging.Discard())
	if err != nil {
		t.Fatal(err)
	}
	after := context.WithoutCancel(t.Context())
	t.Cleanup(func() { _ = server.Stop(after) })
	account, err := custody.Open(custody.Config{
		DataDir: c.dir, Fleet: "f", BaseURL: "http://" + c.service.APIAddress(),
		Credentials: geelark.Credentials{Token: token},
	}, logging.Discard())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = account.Close() })
	d := cloudphone.New(cloudphone.Config{
		LoginEvery: 50 * time.Millisecond,
		Device: device.Config{
			ADBPort: port, SystemPort: freePort(t), SlowLink: 1 << 40,
			Timeouts: device.Timeouts{SlowPush: time.Nanosecond},
		},
		RentFunc: func(name string) *geelark.Phone {
			cfg := geelark.PhoneConfig{Name: name, Pace: pace}
			return geelark.NewPhone(cfg, account.Client, account.Book, logging.Discard())
		},
	}, logging.Discard())
	t.Cleanup(func() {
		if err := d.Stop(after); err != nil {
			t.Error(err)
		}
		c.wantOn()
	})
	local := filepath.Join(t.TempDir(), "reel.mp4")
	if err := os.WriteFile(local, []byte(strings.Repeat("video ", 1000)), 0o600); err != nil {
		t.Fatal(err)
	}

	if _, err := d.Start(t.Context(), "a"); err != nil {
		t.Fatal(err)
	}
	if err := d.Reach(t.Context()); err != nil {
		t.Fatal(err)
	}
	c.fault(`{"kind":"glogin_expired","count":1}`)
	remote, err := d.Upload(t.Context(), local, "postfleet-1-1.mp4")
	if err != nil {
		t.Fatalf("upload through the service: %v", err)
	}
	if c.uploads() == 0 {
		t.Error("the video did not go through the service")
	}
	if err := d.Remove(t.Context(), remote); err != nil {
		t.Error(err)
	}
	if err := d.Check(t.Context()); err != nil {
		t.Error(err)
	}

	c.fault(`{"kind":"shutdown","phone":"a"}`)
	for d.Check(t.Context()) == nil && t.Context().Err() == nil {
		time.Sleep(10 * time.Millisecond) //nolint:forbidigo // until adb has noticed
	}
	if err := d.Reach(t.Context()); err != nil {
		t.Errorf("reach the phone that was off: %v", err)
	}
	c.wantOn("a")
}

// uploads is how often a phone was told to fetch a file.
func (c *cloud) uploads() int {
	answer := httptest.NewRecorder()
	c.service.ControlHandler().ServeHTTP(answer,
		httptest.NewRequestWithContext(c.t.Context(), http.MethodGet, "/limits", http.NoBody))
	return strings.Count(answer.Body.String(), "phone/uploadFile\"")
}

func freePort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().(*net.TCPAddr).Port
}
