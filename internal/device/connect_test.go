package device_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"postfleet/internal/adb"
	"postfleet/internal/adb/adbtest"
	"postfleet/internal/device"
	"postfleet/internal/fault"
)

// serialno is how a phone is asked who it is.
const serialno = on + "getprop ro.serialno"

const crashed = "'GET /source' cannot be proxied to UiAutomator2 server because the instrumentation process " +
	"is not running (probably crashed)"

// check compares an error with what it is to be and whose fault.
func check(t *testing.T, err, want error, class fault.Class) {
	t.Helper()
	if !errors.Is(err, want) || fault.Of(err) != class {
		t.Errorf("got %v of class %q, want %v of class %q", err, fault.Of(err), want, class)
	}
}

func TestConnect(t *testing.T) {
	t.Parallel()
	b := setup(t, but(adbtest.Script{"devices": {
		{Stdout: heading}, {Stdout: heading + address + "\tdevice\n"},
	}}))
	check(t, b.Connect(t.Context()), nil, fault.Unclassified)
	want := []string{
		"forward --list", "forward --list", "disconnect " + address,
		"devices", "connect " + address, "devices", serialno, "forward --list", serialno,
	}
	if diff := cmp.Diff(want, b.calls()); diff != "" {
		t.Errorf("first connect, adb (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"POST /session"}, b.appium.take()); diff != "" {
		t.Errorf("first connect, Appium (-want +got):\n%s", diff)
	}
	check(t, b.Connect(t.Context()), nil, fault.Unclassified)
	if diff := cmp.Diff([]string{"GET /window/rect"}, b.appium.take()); diff != "" {
		t.Errorf("second connect, Appium (-want +got):\n%s", diff)
	}
}

// TestReach: it asks no Appium, and the next Connect takes its link, once.
func TestReach(t *testing.T) {
	t.Parallel()
	b := setup(t, healthy())
	link := []string{
		"forward --list", "forward --list", "disconnect " + address, "devices", serialno,
	}
	check(t, b.Reach(t.Context()), nil, fault.Unclassified)
	if diff := cmp.Diff(link, b.calls()); diff != "" {
		t.Errorf("reach, adb (-want +got):\n%s", diff)
	}
	if asked := b.appium.take(); len(asked) != 0 {
		t.Errorf("reach asked Appium %v", asked)
	}
	b.appium.set("POST /session", w3c(500, "unknown error", "no"), created("s1"))
	if err := b.Connect(t.Context()); fault.Of(err) != fault.Infra {
		t.Errorf("got %v, want class infra", err)
	}
	if calls := b.calls(); len(calls) != 0 {
		t.Errorf("connect after reach, adb: got %v, want the link taken as it is", calls)
	}
	check(t, b.Connect(t.Context()), nil, fault.Unclassified)
	link = append(link, "forward --list", serialno)
	if diff := cmp.Diff(link, b.calls()); diff != "" {
		t.Errorf("connect after a failure, adb (-want +got):\n%s", diff)
	}
}

func TestCapabilities(t *testing.T) {
	t.Parallel()
	b := connected(t, healthy())
	var got struct {
		Capabilities struct {
			AlwaysMatch map[string]any `json:"alwaysMatch"`
		} `json:"capabilities"`
	}
	if err := json.Unmarshal([]byte(b.appium.body("POST /session")), &got); err != nil {
		t.Fatal(err)
	}
	delete(got.Capabilities.AlwaysMatch, "appium:adbPort") // another one in each run
	want := map[string]any{
		"platformName":                            "Android",
		"appium:automationName":                   "UiAutomator2",
		"appium:udid":                             address,
		"appium:remoteAdbHost":                    "127.0.0.1",
		"appium:suppressKillServer":               true,
		"appium:systemPort":                       8200.0,
		"appium:mjpegServerPort":                  8201.0,
		"appium:noReset":                          true,
		"appium:autoLaunch":                       false,
		"appium:ignoreHiddenApiPolicyError":       true,
		"appium:skipLogcatCapture":                true,
		"appium:skipUnlock":                       true,
		"appium:newCommandTimeout":                900.0,
		"appium:adbExecTimeout":                   20000.0,
		"appium:uiautomator2ServerReadTimeout":    30000.0,
		"appium:uiautomator2ServerLaunchTimeout":  60000.0,
		"appium:uiautomator2ServerInstallTimeout": 120000.0,
		"appium:settings[waitForIdleTimeout]":     500.0,
	}
	if diff := cmp.Diff(want, got.Capabilities.AlwaysMatch); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestConnectFails(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name    string
		script  adbtest.Script
		session answer
		want    error
		class   fault.Class
	}{
		{
			name: "phone unreachable",
			script: adbtest.Script{
				"devices":            {{Stdout: heading}},
				"connect " + address: {{Stdout: "failed to connect to '" + address + "': Connection refused\n"}},
			},
			want: adb.ErrUnreachable, class: fault.Device,
		},
		{
			name:   "glogin",
			script: adbtest.Script{on + "getprop ro.serialno": {{Stdout: "error: you should run glogin to login\n"}}},
			want:   adb.ErrNeedsLogin, class: fault.Human,
		},
		{
			name:   "no adb server",
			script: adbtest.Script{"forward --list": {{Stderr: "adb: cannot connect to daemon\n", Code: 1}}},
			want:   adb.ErrNoServer, class: fault.Infra,
		},
		{
			name:    "driver does not see the phone",
			session: w3c(500, "unknown error", "Could not find a connected Android device in 20000ms"),
			class:   fault.Device,
		},
		{
			name:    "driver cannot install",
			session: w3c(500, "unknown error", "INSTALL_FAILED_INSUFFICIENT_STORAGE"),
			class:   fault.Infra,
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			b := setup(t, but(tc.script))
			if tc.session.value != nil {
				b.appium.set("POST /session", tc.session)
			}
			err := b.Connect(t.Context())
			if err == nil {
				t.Fatal("got no error")
			}
			if tc.want != nil && !errors.Is(err, tc.want) || fault.Of(err) != tc.class {
				t.Errorf("got %v of class %q, want %v of class %q", err, fault.Of(err), tc.want, tc.class)
			}
			_, err = b.Source(t.Context())
			check(t, err, device.ErrNotConnected, fault.Infra)
		})
	}
	t.Run("no appium", func(t *testing.T) {
		t.Parallel()
		b := setup(t, healthy())
		b.http.Close()
		if err := b.Connect(t.Context()); fault.Of(err) != fault.Appium {
			t.Errorf("got %v of class %q, want %q", err, fault.Of(err), fault.Appium)
		}
	})
	t.Run("cancelled", func(t *testing.T) {
		t.Parallel()
		b := setup(t, healthy())
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		check(t, b.Connect(ctx), context.Canceled, fault.Unclassified)
	})
}

func TestConnectIsPatient(t *testing.T) {
	t.Parallel()
	b := setupWithin(t, but(adbtest.Script{
		"devices": {{Stdout: heading}, {Stdout: heading}, {Stdout: heading + address + "\tdevice\n"}},
		"connect " + address: {
			{Stdout: "failed to connect to '" + address + "': Connection refused\n"},
			{Stdout: "connected to " + address + "\n"},
		},
	}), device.Timeouts{Reach: time.Minute})
	check(t, b.Connect(t.Context()), nil, fault.Unclassified)
}

func TestConnectMendsALostLink(t *testing.T) {
	t.Parallel()
	for name, lost := range map[string]answer{
		"instrumentation crashed": w3c(500, "unknown error", crashed),
		"session expired":         w3c(404, "invalid session id", "A session is either terminated or not started"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := connected(t, healthy())
			b.appium.set("GET /source", lost)
			_, err := b.Source(t.Context())
			check(t, err, device.ErrLinkLost, fault.Infra)
			check(t, b.Tap(t.Context(), 1, 2), device.ErrNotConnected, fault.Infra)
			b.appium.set("DELETE ", w3c(404, "invalid session id", "gone"))
			check(t, b.Connect(t.Context()), nil, fault.Unclassified)
			if diff := cmp.Diff([]string{"GET /source", "DELETE ", "POST /session"}, b.appium.take()); diff != "" {
				t.Errorf("Appium (-want +got):\n%s", diff)
			}
			want := []string{
				"forward --list", "forward --list", "disconnect " + address, "devices",
				serialno, on + "am force-stop io.appium.uiautomator2.server",
				"forward --list", serialno,
			}
			if diff := cmp.Diff(want, b.calls()); diff != "" {
				t.Errorf("adb (-want +got):\n%s", diff)
			}
			if got := b.appium.body("POST /session"); !strings.Contains(got, `"appium:skipServerInstallation":true`) {
				t.Errorf("a second session installs again: %s", got)
			}
			check(t, b.Tap(t.Context(), 1, 2), nil, fault.Unclassified)
		})
	}
}

func TestConnectFindsOutThatTheLinkIsLost(t *testing.T) {
	t.Parallel()
	b := connected(t, healthy())
	b.appium.set("GET /window/rect", w3c(500, "unknown error", crashed))
	check(t, b.Connect(t.Context()), nil, fault.Unclassified)
	if diff := cmp.Diff([]string{"GET /window/rect", "DELETE ", "POST /session"}, b.appium.take()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	b := setup(t, healthy())
	check(t, b.Check(t.Context()), device.ErrNotConnected, fault.Infra)
	check(t, b.Connect(t.Context()), nil, fault.Unclassified)
	check(t, b.Check(t.Context()), nil, fault.Unclassified)
	b.appium.set("GET /window/rect", w3c(500, "unknown error", crashed))
	check(t, b.Check(t.Context()), device.ErrLinkLost, fault.Infra)
	gone := setup(t, but(adbtest.Script{"devices": {{Stdout: heading + address + "\toffline\n"}}}))
	check(t, gone.Check(t.Context()), adb.ErrOffline, fault.Infra)
}

func TestFrozenPhone(t *testing.T) {
	t.Parallel()
	b := setupWithin(t, healthy(), device.Timeouts{Probe: 10 * time.Second, Close: 50 * time.Millisecond})
	check(t, b.Connect(t.Context()), nil, fault.Unclassified)
	b.appium.set("GET /source", answer{hang: true})
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, err := b.Source(ctx)
	check(t, err, context.DeadlineExceeded, fault.Unclassified)
	b.appium.set("DELETE ", answer{hang: true})
	b.calls()
	began := time.Now()
	if err := b.Close(ctx); fault.Of(err) != fault.Infra {
		t.Errorf("got %v of class %q, want one of class infra", err, fault.Of(err))
	}
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("close took %s", took)
	}
	if calls := b.calls(); calls[len(calls)-1] != "disconnect "+address {
		t.Errorf("got %q, want the link dropped at last", calls)
	}
	check(t, b.Close(t.Context()), nil, fault.Unclassified)
}

// TestCloseWithin: the caller's deadline holds for a phone that is frozen, and
// leaves time to drop the link.
func TestCloseWithin(t *testing.T) {
	t.Parallel()
	b := setupWithin(t, healthy(), device.Timeouts{Probe: 10 * time.Second, Close: time.Hour})
	check(t, b.Connect(t.Context()), nil, fault.Unclassified)
	b.appium.set("DELETE ", answer{hang: true})
	b.calls()
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
	defer cancel()
	if err := b.Close(ctx); fault.Of(err) != fault.Infra {
		t.Errorf("got %v of class %q, want one of class infra", err, fault.Of(err))
	}
	if calls := b.calls(); ctx.Err() != nil || len(calls) == 0 || calls[len(calls)-1] != "disconnect "+address {
		t.Errorf("got %q and %v, want the link dropped in time", calls, ctx.Err())
	}
}

func TestClose(t *testing.T) {
	t.Parallel()
	b := connected(t, but(adbtest.Script{
		"forward --list": {{Stdout: address + " tcp:8200 tcp:6790\n" + address + " tcp:9999 tcp:1\n"}},
	}))
	for range 2 {
		check(t, b.Close(t.Context()), nil, fault.Unclassified)
	}
	if diff := cmp.Diff([]string{"DELETE "}, b.appium.take()); diff != "" {
		t.Errorf("Appium (-want +got):\n%s", diff)
	}
	once := []string{
		"forward --list", "-s " + address + " forward --remove tcp:8200", "forward --list", "disconnect " + address,
	}
	if diff := cmp.Diff(append(once, once...), b.calls()); diff != "" {
		t.Errorf("adb (-want +got):\n%s", diff)
	}
}
