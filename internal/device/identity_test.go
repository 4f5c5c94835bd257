package device_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"postfleet/internal/adb/adbtest"
	"postfleet/internal/device"
	"postfleet/internal/fault"
	"postfleet/internal/logging"
)

// changed is setup with another Config.
func changed(t *testing.T, s adbtest.Script, change func(*device.Config)) *bundle {
	t.Helper()
	b := setup(t, s)
	port := freePort(t)
	if err := fake.Play(port, s); err != nil {
		t.Fatal(err)
	}
	cfg := device.Config{
		Address: address, ADBPort: port, ADBProgram: fake.Program(), AppiumURL: b.http.URL, SystemPort: 8200,
		Timeouts: device.Timeouts{Reach: time.Millisecond, Close: 20 * time.Second},
	}
	change(&cfg)
	b.Controller = device.New(cfg, logging.Discard())
	t.Cleanup(func() { _ = b.Close(t.Context()) })
	b.calls = func() []string {
		calls, err := fake.Calls(port)
		if err != nil {
			t.Fatal(err)
		}
		return calls
	}
	return b
}

// TestOtherPhone: whichever sign says that it is another phone, and whenever,
// nobody works on it, and a person has to look.
func TestOtherPhone(t *testing.T) {
	t.Parallel()
	const forward = "forward --list"
	udid := func(c *device.Config) { c.UDID = "SER1" }
	none := func(*device.Config) {}
	was := adbtest.Reply{Stdout: "SER1\n"}
	is := adbtest.Reply{Stdout: "SER2\n"}
	for _, tc := range []struct {
		name     string
		change   func(*device.Config)
		script   adbtest.Script
		reported string
		// sessions is how many were made before it was noticed.
		sessions int
	}{
		{name: "not the udid", change: udid, script: adbtest.Script{serialno: {is}}},
		{name: "no serial number", change: udid, script: adbtest.Script{serialno: {{Stdout: "\n"}}}},
		{
			name: "another one once the session is there", change: udid,
			script: adbtest.Script{serialno: {was, is}}, sessions: 1,
		},
		{
			name: "another one than a moment ago", change: none,
			script: adbtest.Script{serialno: {was, is}}, sessions: 1,
		},
		{name: "the session is elsewhere", change: none, reported: "10.0.0.8:5555", sessions: 1},
		{
			name: "the port leads elsewhere", change: none, sessions: 1,
			script: adbtest.Script{forward: {{}, {Stdout: "10.0.0.8:5555 tcp:8200 tcp:6790\n"}, {}}},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			b := changed(t, but(tc.script), tc.change)
			if tc.reported != "" {
				b.appium.set("POST /session", answer{value: map[string]any{
					"sessionId": "s1", "capabilities": map[string]any{"deviceUDID": tc.reported},
				}})
			}
			check(t, b.Connect(t.Context()), device.ErrOtherPhone, fault.Human)
			if asked := b.appium.take(); len(asked) != tc.sessions {
				t.Errorf("got %q asked of Appium, want %d sessions", asked, tc.sessions)
			}
			check(t, b.Tap(t.Context(), 1, 2), device.ErrNotConnected, fault.Infra)
			check(t, b.Close(t.Context()), nil, fault.Unclassified)
			if asked := b.appium.take(); len(asked) != tc.sessions {
				t.Errorf("got %q asked of Appium at the end, want the session ended", asked)
			}
		})
	}
}

// TestOtherPhoneLater: a reconnect finds another phone at the address.
func TestOtherPhoneLater(t *testing.T) {
	t.Parallel()
	b := setup(t, but(adbtest.Script{serialno: {{Stdout: "SER1\n"}, {Stdout: "SER1\n"}, {Stdout: "SER2\n"}}}))
	check(t, b.Connect(t.Context()), nil, fault.Unclassified)
	b.appium.set("GET /window/rect", w3c(500, "unknown error", crashed))
	check(t, b.Connect(t.Context()), device.ErrOtherPhone, fault.Human)
}

// TestSamePhone: all signs that it is the right one.
func TestSamePhone(t *testing.T) {
	t.Parallel()
	b := changed(t, but(adbtest.Script{
		"forward --list": {{}, {Stdout: "10.0.0.8:5555 tcp:8210 tcp:6790\n" + address + " tcp:8200 tcp:6790\n"}},
	}), func(c *device.Config) { c.UDID = "SER1" })
	b.appium.set("POST /session", answer{value: map[string]any{
		"sessionId": "s1", "capabilities": map[string]any{"deviceUDID": address},
	}})
	check(t, b.Connect(t.Context()), nil, fault.Unclassified)
}

// TestAttachedPhone: a phone of another host's adb server is waited for, never
// connected or disconnected, and driven through that server.
func TestAttachedPhone(t *testing.T) {
	t.Parallel()
	const serial = "R5CT20"
	prop := "-s " + serial + " shell getprop ro.serialno"
	b := changed(t, adbtest.Script{
		"devices": {{Stdout: heading}, {Stdout: heading + serial + "\tdevice\n"}},
		prop:      {{Stdout: serial + "\n"}},
	}, func(c *device.Config) { c.Address, c.Attached, c.ADBHost = serial, true, "host.docker.internal" })
	check(t, b.Connect(t.Context()), nil, fault.Unclassified)
	check(t, b.Close(t.Context()), nil, fault.Unclassified)
	want := []string{"forward --list", "devices", "devices", prop, "forward --list", prop, "forward --list"}
	if diff := cmp.Diff(want, b.calls()); diff != "" {
		t.Errorf("adb (-want +got):\n%s", diff)
	}
	for _, capability := range []string{
		`"appium:remoteAdbHost":"host.docker.internal"`, `"appium:suppressKillServer":true`,
		`"appium:systemPort":8200`, `"appium:udid":"R5CT20"`,
	} {
		if got := b.appium.body("POST /session"); !strings.Contains(got, capability) {
			t.Errorf("got %s, want %s in it", got, capability)
		}
	}
}
