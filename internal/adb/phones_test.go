package adb_test

import (
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"postfleet/internal/adb"
	"postfleet/internal/adb/adbtest"
	"postfleet/internal/fault"
	"postfleet/internal/logging"
)

const usbPhone = "R5CT20ABCDE"

// listed is what "adb devices" says of one phone.
func listed(serial, state string) adbtest.Reply {
	if state == "" {
		return adbtest.Reply{Stdout: absent}
	}
	return adbtest.Reply{Stdout: heading + serial + "\t" + state + "\n\n"}
}

// TestConnectFromEveryState: whatever adb says of the phone before, and says to
// the connect, the way to a ready phone is the same: a link that is not up is
// dropped, made, and waited for.
func TestConnectFromEveryState(t *testing.T) {
	t.Parallel()
	answers := []string{"connected to ", "already connected to ", "failed to authenticate to "}
	for i, before := range []string{"", "offline", "unauthorized", "authorizing", "connecting", "recovery"} {
		for j, between := range []string{"", "offline", "authorizing", "connecting", "unauthorized"} {
			says := answers[(i+j)%len(answers)] + phone
			t.Run(fmt.Sprintf("%s, %s, %s", before, says, between), func(t *testing.T) {
				t.Parallel()
				c, calls := client(t, adbtest.Script{
					"devices":          {listed(phone, before), listed(phone, between), listed(phone, "device")},
					"connect " + phone: {{Stdout: says + "\n"}},
				})
				if err := c.Connect(t.Context(), phone); err != nil {
					t.Fatal(err)
				}
				want := []string{"devices", "disconnect " + phone, "connect " + phone, "devices", "devices"}
				if before == "" {
					want = append(want[:1], want[2:]...)
				}
				if diff := cmp.Diff(want, calls()); diff != "" {
					t.Errorf("calls (-want +got):\n%s", diff)
				}
			})
		}
	}
}

// TestConnectEndsInEveryState: a phone that does not get ready in time is an
// error that says what it was, whose fault that is, and what a person must do.
func TestConnectEndsInEveryState(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		state string
		want  error
		class fault.Class
		says  string
	}{
		{"", adb.ErrUnreachable, fault.Device, ""},
		{"offline", adb.ErrOffline, fault.Device, "state offline"},
		{"connecting", adb.ErrOffline, fault.Device, "state connecting"},
		{"unauthorized", adb.ErrUnauthorized, fault.Human, "Always allow from this computer"},
		{"authorizing", adb.ErrUnauthorized, fault.Human, "unlock the phone"},
		{
			"no permissions (user in plugdev group; are your udev rules wrong?); see [http://x]",
			adb.ErrNoPermissions, fault.Human, "udev rule",
		},
	} {
		t.Run(tc.state, func(t *testing.T) {
			t.Parallel()
			c, _ := clientWithin(t, adbtest.Script{
				"devices":          {listed(phone, tc.state)},
				"connect " + phone: {{Stdout: "already connected to " + phone + "\n"}},
			}, 2*time.Second)
			err := c.Connect(t.Context(), phone)
			if !errors.Is(err, tc.want) || fault.Of(err) != tc.class || !strings.Contains(err.Error(), tc.says) {
				t.Errorf("got %v of class %q, want %v, %q, with %q", err, fault.Of(err), tc.want, tc.class, tc.says)
			}
		})
	}
}

// TestAwait: a phone that the server has by itself is waited for; nothing is
// connected, and an offline link is kicked once.
func TestAwait(t *testing.T) {
	t.Parallel()
	const look, kick = "devices", "-s " + usbPhone + " reconnect"
	for name, tc := range map[string]struct {
		states []string
		calls  []string
	}{
		"ready":             {[]string{"device"}, []string{look}},
		"plugged in":        {[]string{"", "offline", "device"}, []string{look, look, look}},
		"offline":           {[]string{"offline", "offline", "device"}, []string{look, kick, look, look}},
		"a person taps":     {[]string{"unauthorized", "unauthorized", "device"}, []string{look, look, look}},
		"device file opens": {[]string{"no permissions; see x", "device"}, []string{look, look}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			script := adbtest.Script{kick: {{Stderr: "error: device offline\n", Code: 1}}}
			for _, s := range tc.states {
				script["devices"] = append(script["devices"], listed(usbPhone, s))
			}
			c, calls := client(t, script)
			if err := c.Await(t.Context(), usbPhone); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.calls, calls()); diff != "" {
				t.Errorf("calls (-want +got):\n%s", diff)
			}
		})
	}
}

func TestRemoveForwardsOfOnePhone(t *testing.T) {
	t.Parallel()
	c, calls := client(t, adbtest.Script{"forward --list": {{
		Stdout: usbPhone + " tcp:8200 tcp:6790\nOTHER tcp:8210 tcp:6790\n" + usbPhone + " tcp:8201 tcp:7810\n",
	}}})
	if err := c.RemoveForwardsOf(t.Context(), usbPhone); err != nil {
		t.Fatal(err)
	}
	want := []string{
		"forward --list",
		"-s " + usbPhone + " forward --remove tcp:8200", "-s " + usbPhone + " forward --remove tcp:8201",
	}
	if diff := cmp.Diff(want, calls()); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
}

// TestAttach: a server that is not ours is used as it is, and never stopped.
func TestAttach(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		answer string
		want   error
		class  fault.Class
	}{
		"ours":    {answer: "OKAY00040029"},
		"old":     {answer: "OKAY0004001f", want: adb.ErrVersion, class: fault.Human},
		"refuses": {answer: "FAIL0002no", want: adb.ErrNoServer, class: fault.Infra},
		"garbage": {answer: "OKAY0004zzzz", want: adb.ErrNoServer, class: fault.Infra},
		"cut off": {answer: "OK", want: adb.ErrNoServer, class: fault.Infra},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			addr, asked := speak(t, tc.answer)
			s, err := adb.Attach(t.Context(), adb.AttachConfig{Address: addr, Timeout: time.Second}, logging.Discard())
			if !errors.Is(err, tc.want) || fault.Of(err) != tc.class {
				t.Fatalf("got %v of class %q, want %v of class %q", err, fault.Of(err), tc.want, tc.class)
			}
			if got := <-asked; got != "host:version" {
				t.Errorf("got the request %q", got)
			}
			if err != nil {
				return
			}
			for range 2 {
				if err := s.Stop(t.Context()); err != nil {
					t.Error(err)
				}
			}
			<-s.Done()
			select {
			case got := <-asked:
				t.Errorf("the stop asked the server %q", got)
			default:
			}
		})
	}
}

func TestAttachWithoutServer(t *testing.T) {
	t.Parallel()
	addr := fmt.Sprintf("127.0.0.1:%d", freePort(t))
	cfg := adb.AttachConfig{Address: addr, Timeout: 300 * time.Millisecond}
	_, err := adb.Attach(t.Context(), cfg, logging.Discard())
	if !errors.Is(err, adb.ErrNoServer) || !fault.Is(err, fault.Infra) || !strings.Contains(err.Error(), addr) {
		t.Errorf("got %v of class %q", err, fault.Of(err))
	}
}

// speak is an adb server that answers everything alike. What it was asked comes
// out of the channel, as far as that has room.
func speak(t *testing.T, answer string) (addr string, asked <-chan string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	heard, done := make(chan string, 100), make(chan struct{})
	go func() {
		defer close(done)
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			heard <- question(conn)
			_, _ = io.WriteString(conn, answer)
			_ = conn.Close()
		}
	}()
	t.Cleanup(func() {
		_ = l.Close()
		<-done
	})
	return l.Addr().String(), heard
}
