package device_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"postfleet/internal/adb/adbtest"
	"postfleet/internal/device"
	"postfleet/internal/fault"
	"postfleet/internal/logging"
)

const (
	locked = "error: not logged in, run glogin <password> first\n"
	glogin = on + "glogin s3cret"

	downloads = on + "mkdir -p /sdcard/Download" + also + "ls /sdcard/Download"
)

// cloud is setup for a cloud phone.
func cloud(t *testing.T, s adbtest.Script, change func(*device.Config)) *bundle {
	t.Helper()
	b := setup(t, s)
	cfg := device.Config{
		Address: address, Password: "s3cret", ADBPort: freePort(t), ADBProgram: fake.Program(),
		AppiumURL: b.http.URL, SystemPort: 8200, MJPEGPort: 8201,
		Timeouts: device.Timeouts{Reach: time.Millisecond, Close: 20 * time.Second},
	}
	if change != nil {
		change(&cfg)
	}
	if err := fake.Play(cfg.ADBPort, s); err != nil {
		t.Fatal(err)
	}
	b.Controller = device.New(cfg, logging.Discard())
	t.Cleanup(func() { _ = b.Close(t.Context()) })
	b.calls = func() []string {
		calls, err := fake.Calls(cfg.ADBPort)
		if err != nil {
			t.Fatal(err)
		}
		return calls
	}
	return b
}

// A shell that asks for glogin, with exit code 0, is logged in to, and the
// command that it did not run is repeated.
func TestLapsedLoginIsMended(t *testing.T) {
	t.Parallel()
	b := cloud(t, but(adbtest.Script{
		on + "getprop ro.serialno": {{Stdout: locked}, {Stdout: "SER1\n"}},
		listing:                    {{Stdout: locked}, {Stdout: ""}},
		glogin:                     {{Stdout: "success\n"}},
	}), nil)
	if err := b.Connect(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := count(b.calls(), glogin); n != 1 {
		t.Errorf("connect: got %d logins, want 1", n)
	}
	if _, err := b.Upload(t.Context(), video(t), "postfleet-7-1.mp4"); err != nil {
		t.Fatal(err)
	}
	if n := count(b.calls(), glogin); n != 1 {
		t.Errorf("upload: got %d logins, want 1", n)
	}
	if err := b.Login(t.Context()); err != nil || count(b.calls(), glogin) != 1 {
		t.Errorf("renew: got %v, want one login", err)
	}
}

// A password that is not good any more is a link to be made anew, not a person's
// business; and it is shown nowhere.
func TestWrongPassword(t *testing.T) {
	t.Parallel()
	b := cloud(t, but(adbtest.Script{
		on + "getprop ro.serialno": {{Stdout: locked}}, glogin: {{Stdout: "error: glogin: wrong password\n"}},
	}), nil)
	err := b.Connect(t.Context())
	if !fault.Is(err, fault.Device) || strings.Contains(err.Error(), "s3cret") {
		t.Errorf("got %v of class %s", err, fault.Of(err))
	}
}

// Without a password it is a person's business.
func TestPhoneThatWantsALogin(t *testing.T) {
	t.Parallel()
	b := setup(t, but(adbtest.Script{on + "getprop ro.serialno": {{Stdout: locked}}}))
	if err := b.Connect(t.Context()); !fault.Is(err, fault.Human) {
		t.Errorf("got %v of class %s", err, fault.Of(err))
	}
}

// A video for which adb is too slow comes another way, to the same place.
func TestSlowLink(t *testing.T) {
	t.Parallel()
	local := video(t)
	push := "-s " + address + " push " + local + " " + remote
	for _, tt := range []struct {
		name  string
		after string // what is in Download then
		err   error
		want  string // "" for success
	}{
		{"delivered", "old.mp4\nx9$(reboot).mp4\n", nil, ""},
		{"not delivered", "old.mp4\n", os.ErrClosed, os.ErrClosed.Error()},
		{"lost", "old.mp4\n", nil, "0 are new"},
		{"two", "old.mp4\na.mp4\nb.mp4\n", nil, "2 are new"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := cloud(t, but(adbtest.Script{
				push:      {{Hang: true}},
				downloads: {{Stdout: "old.mp4\n"}, {Stdout: tt.after}},
			}), func(cfg *device.Config) {
				cfg.Password, cfg.SlowLink, cfg.Timeouts.SlowPush = "", 1<<20, 300*time.Millisecond
				cfg.Deliver = func(context.Context, string) error { return tt.err }
			})
			if err := b.Connect(t.Context()); err != nil {
				t.Fatal(err)
			}
			_, err := b.Upload(t.Context(), local, filepath.Base(remote))
			if tt.want == "" {
				moved := on + `mv -f '/sdcard/Download/x9$(reboot).mp4' ` + remote
				if err != nil || !slices.Contains(b.calls(), moved) {
					t.Errorf("got %v, calls %q", err, b.calls())
				}
			} else if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}

func count(calls []string, call string) int {
	n := 0
	for _, c := range calls {
		if c == call {
			n++
		}
	}
	return n
}
