package android_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"postfleet/internal/phonesim/android"
)

const startLine = "am instrument -w -e disableAnalytics true " +
	"io.appium.uiautomator2.server.test/androidx.test.runner.AndroidJUnitRunner"

// get asks the automation server, waiting for it to listen.
func (s setup) get(ctx context.Context, path string) (string, error) {
	transport := &http.Transport{
		DisableKeepAlives: true,
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return s.Dial(ctx, android.AutomationPort)
		},
	}
	defer transport.CloseIdleConnections()
	for {
		request, _ := http.NewRequestWithContext(ctx, http.MethodGet, "http://phone"+path, http.NoBody)
		response, err := transport.RoundTrip(request)
		if errors.Is(err, android.ErrNoListener) && s.Automated() {
			continue
		}
		if err != nil {
			return "", err
		}
		b, err := io.ReadAll(response.Body)
		return string(b), errors.Join(err, response.Body.Close())
	}
}

func TestInstrumentationOutlivesItsShell(t *testing.T) {
	t.Parallel()
	d := newDevice(t)
	ctx, hangUp := context.WithCancel(t.Context())
	done := make(chan result)
	go func() { done <- d.run(ctx, startLine, "") }()
	waitFor(t, d.Automated)
	if body, err := d.get(t.Context(), "/status"); err != nil || body != "/status" {
		t.Fatalf("got %q, %v", body, err)
	}
	hangUp()
	<-done
	if body, err := d.get(t.Context(), "/again"); err != nil || body != "/again" {
		t.Errorf("after the shell: got %q, %v", body, err)
	}
	d.run(t.Context(), "am force-stop io.appium.uiautomator2.server", "")
	if _, err := d.Dial(t.Context(), android.AutomationPort); !errors.Is(err, android.ErrNoListener) {
		t.Errorf("after the force-stop: got %v, want %v", err, android.ErrNoListener)
	}
	if got := d.run(t.Context(), "ps -A", ""); strings.Contains(got.Out, android.AutomationPackage) {
		t.Errorf("the process is still there:\n%s", got.Out)
	}
}

// waitFor polls what has no event of its own.
func waitFor(t *testing.T, condition func() bool) {
	t.Helper()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	deadline := time.After(5 * time.Second)
	for !condition() {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatal("waited in vain")
		}
	}
}

func TestInstrumentationEnds(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name string
		end  func(setup) error
		want string
	}{
		{"by itself, its last answer whole", func(d setup) error {
			body, err := d.get(context.Background(), "/end")
			if body != "/end" {
				err = errors.Join(err, errors.New("got answer "+body))
			}
			return err
		}, "OK (1 test)"},
		{"by a crash", func(d setup) error { d.CrashInstrumentation(); return nil }, "Process crashed"},
		{"by the power", func(d setup) error { d.PowerOff(); return nil }, "Process crashed"},
		{"by another start", func(d setup) error {
			d.run(context.Background(), strings.Replace(startLine, "-w ", "", 1), "")
			return nil
		}, "Process crashed"},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			d := newDevice(t)
			done := make(chan result)
			go func() { done <- d.run(t.Context(), startLine, "") }()
			waitFor(t, d.Automated)
			if _, err := d.get(t.Context(), "/status"); err != nil {
				t.Fatal(err)
			}
			if err := tc.end(d); err != nil {
				t.Error(err)
			}
			if got := <-done; !strings.Contains(got.Out, tc.want) {
				t.Errorf("got %q, want %q in it", got.Out, tc.want)
			}
		})
	}
}

func TestInstrumentationListensAfterItsDelay(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := newDevice(t, func(c *android.Config) { c.InstrumentationDelay = 3 * time.Second })
		go d.run(t.Context(), startLine, "")
		dial := func() error {
			conn, err := d.Dial(t.Context(), android.AutomationPort)
			if err == nil {
				_ = conn.Close()
			}
			synctest.Wait()
			return err
		}
		<-time.After(3*time.Second - time.Millisecond)
		if err := dial(); !errors.Is(err, android.ErrNoListener) {
			t.Errorf("before the delay: got %v, want %v", err, android.ErrNoListener)
		}
		<-time.After(2 * time.Millisecond)
		if err := dial(); err != nil {
			t.Errorf("after the delay: %v", err)
		}
		d.CrashInstrumentation()
	})
}

func TestBrokenInstrumentation(t *testing.T) {
	t.Parallel()
	d := newDevice(t)
	d.BreakInstrumentation(true)
	if got := d.run(t.Context(), startLine, ""); !strings.Contains(got.Out, "Process crashed") || d.Automated() {
		t.Errorf("got %+v, running %t", got, d.Automated())
	}
	d.BreakInstrumentation(false)
	d.run(t.Context(), strings.Replace(startLine, "-w ", "", 1), "")
	if _, err := d.get(t.Context(), "/status"); err != nil {
		t.Errorf("after the repair: %v", err)
	}
}

func TestInstrumentationNeedsItsPackages(t *testing.T) {
	t.Parallel()
	d := newDevice(t)
	d.run(t.Context(), "pm uninstall io.appium.uiautomator2.server", "")
	got := d.run(t.Context(), startLine, "")
	if got.Code == 0 || !strings.Contains(got.Out, "Unable to find instrumentation info") {
		t.Errorf("got %+v", got)
	}
}
