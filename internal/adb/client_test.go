package adb_test

import (
	"context"
	"errors"
	"net"
	"os"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"postfleet/internal/adb"
	"postfleet/internal/adb/adbtest"
	"postfleet/internal/fault"
)

const (
	phone   = "10.0.0.7:5555"
	heading = "List of devices attached\n"
	ready   = heading + phone + "\tdevice\n\n"
	absent  = heading + "\n"
	offline = heading + phone + "\toffline\n\n"
)

// freePort returns a port that no other test has, and so names its adbtest.Script.
func freePort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().(*net.TCPAddr).Port
}

// patience is longer than any test's adb takes.
const patience = 20 * time.Second

// client returns a client whose adb follows the script, and how to ask which
// commands it was given.
func client(t *testing.T, s adbtest.Script) (*adb.Client, func() []string) {
	t.Helper()
	return clientWithin(t, s, patience)
}

func clientWithin(t *testing.T, s adbtest.Script, d time.Duration) (*adb.Client, func() []string) {
	t.Helper()
	port := freePort(t)
	if err := fake.Play(port, s); err != nil {
		t.Fatal(err)
	}
	c := adb.NewClient(adb.ClientConfig{Program: fake.Program(), Port: port, Timeout: d, PushTimeout: d})
	return c, func() []string {
		calls, err := fake.Calls(port)
		if err != nil {
			t.Fatal(err)
		}
		return calls
	}
}

func TestConnect(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		script adbtest.Script
		calls  []string
		want   error
		class  fault.Class
	}{
		{
			name:   "connected already",
			script: adbtest.Script{"devices": {{Stdout: ready}}},
			calls:  []string{"devices"},
		},
		{
			name: "new",
			script: adbtest.Script{
				"devices":          {{Stdout: absent}, {Stdout: ready}},
				"connect " + phone: {{Stdout: "connected to " + phone + "\n"}},
			},
			calls: []string{"devices", "connect " + phone, "devices"},
		},
		{
			name: "said to be connected while offline",
			script: adbtest.Script{
				"devices":             {{Stdout: offline}, {Stdout: offline}, {Stdout: ready}},
				"disconnect " + phone: {{Stdout: "disconnected " + phone + "\n"}},
				"connect " + phone:    {{Stdout: "already connected to " + phone + "\n"}},
			},
			calls: []string{"devices", "disconnect " + phone, "connect " + phone, "devices", "devices"},
		},
		{
			name: "gone by the time it is disconnected",
			script: adbtest.Script{
				"devices":             {{Stdout: offline}, {Stdout: ready}},
				"disconnect " + phone: {{Stderr: "error: no such device '" + phone + "'\n", Code: 1}},
				"connect " + phone:    {{Stdout: "connected to " + phone + "\n"}},
			},
			calls: []string{"devices", "disconnect " + phone, "connect " + phone, "devices"},
		},
		{
			name: "refused",
			script: adbtest.Script{
				"devices":          {{Stdout: absent}},
				"connect " + phone: {{Stdout: "failed to connect to '" + phone + "': Connection refused\n"}},
			},
			calls: []string{"devices", "connect " + phone},
			want:  adb.ErrUnreachable, class: fault.Device,
		},
		{
			name: "refused by a newer adb",
			script: adbtest.Script{
				"devices":          {{Stdout: absent}},
				"connect " + phone: {{Stdout: "cannot connect to " + phone + ": Connection refused (111)\n"}},
			},
			calls: []string{"devices", "connect " + phone},
			want:  adb.ErrUnreachable, class: fault.Device,
		},
		{
			name: "words that nobody knows",
			script: adbtest.Script{
				"devices":          {{Stdout: absent}},
				"connect " + phone: {{Stdout: "something new\n"}},
			},
			calls: []string{"devices", "connect " + phone},
			want:  adb.ErrUnreachable, class: fault.Device,
		},
		{
			name: "no server",
			script: adbtest.Script{"devices": {{
				Stderr: "adb: failed to check server version: cannot connect to daemon at tcp:127.0.0.1:1\n", Code: 1,
			}}},
			calls: []string{"devices"},
			want:  adb.ErrNoServer, class: fault.Infra,
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			c, calls := client(t, tc.script)
			err := c.Connect(t.Context(), phone)
			if !errors.Is(err, tc.want) || fault.Of(err) != tc.class {
				t.Errorf("got %v of class %q, want %v of class %q", err, fault.Of(err), tc.want, tc.class)
			}
			if diff := cmp.Diff(tc.calls, calls()); diff != "" {
				t.Errorf("calls (-want +got):\n%s", diff)
			}
		})
	}
}

func TestWhatStatesMean(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		state string
		want  error
		class fault.Class
	}{
		{state: "device"},
		{state: "", want: adb.ErrUnreachable, class: fault.Device},
		{state: "offline", want: adb.ErrOffline, class: fault.Device},
		{state: "connecting", want: adb.ErrOffline, class: fault.Device},
		{state: "recovery", want: adb.ErrOffline, class: fault.Device},
		{state: "unauthorized", want: adb.ErrUnauthorized, class: fault.Human},
		{state: "authorizing", want: adb.ErrUnauthorized, class: fault.Human},
	} {
		if err := adb.State(tc.state).Err(); !errors.Is(err, tc.want) || fault.Of(err) != tc.class {
			t.Errorf("%q: got %v of class %q, want %v of class %q", tc.state, err, fault.Of(err), tc.want, tc.class)
		}
	}
}

func TestWaitDeviceSaysWhatThePhoneWasInstead(t *testing.T) {
	t.Parallel()
	c, _ := clientWithin(t, adbtest.Script{"devices": {{Stdout: heading + phone + "\tunauthorized\n"}}}, 3*time.Second)
	if err := c.WaitDevice(t.Context(), phone); !errors.Is(err, adb.ErrUnauthorized) || !fault.Is(err, fault.Human) {
		t.Errorf("got %v of class %q, want %v", err, fault.Of(err), adb.ErrUnauthorized)
	}
}

func TestFrozenPhone(t *testing.T) {
	t.Parallel()
	s := adbtest.Script{"-s " + phone + " shell true": {{Hang: true}}}
	t.Run("our own deadline", func(t *testing.T) {
		t.Parallel()
		c, _ := clientWithin(t, s, 200*time.Millisecond)
		_, err := c.Shell(t.Context(), phone, "true")
		if !errors.Is(err, adb.ErrTimeout) || !fault.Is(err, fault.Device) {
			t.Errorf("got %v of class %q", err, fault.Of(err))
		}
	})
	t.Run("the caller's patience", func(t *testing.T) {
		t.Parallel()
		ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
		defer cancel()
		c, _ := client(t, s)
		_, err := c.Shell(ctx, phone, "true")
		if !errors.Is(err, context.DeadlineExceeded) || fault.Of(err) != fault.Unclassified {
			t.Errorf("got %v of class %q", err, fault.Of(err))
		}
	})
}

func TestShell(t *testing.T) {
	t.Parallel()
	on := "-s " + phone + " shell "
	for _, tc := range []struct {
		name   string
		args   []string
		line   string
		reply  adbtest.Reply
		want   string
		err    error
		class  fault.Class
		status int
	}{
		{
			name: "plain", args: []string{"getprop", "ro.serialno"}, line: "getprop ro.serialno",
			reply: adbtest.Reply{Stdout: "X\n"}, want: "X\n",
		},
		{
			name: "everything is quoted", args: []string{"rm", "-f", "/sdcard/a b'; reboot $(x) `y` \"*"},
			line: `rm -f '/sdcard/a b'\''; reboot $(x) ` + "`y`" + ` "*'`,
		},
		{name: "empty word", args: []string{"echo", ""}, line: "echo ''"},
		{
			name: "command fails", args: []string{"ls", "/x"}, line: "ls /x",
			reply: adbtest.Reply{Stderr: "ls: /x: No such file\n", Code: 1}, status: 1,
		},
		{
			name: "command speaks of trouble with a connection", args: []string{"ls", "/x"}, line: "ls /x",
			reply: adbtest.Reply{Stderr: "ls: device offline\n", Code: 1}, status: 1,
		},
		{
			name: "offline", args: []string{"true"}, line: "true",
			reply: adbtest.Reply{Stderr: "adb: device offline\n", Code: 1},
			err:   adb.ErrOffline, class: fault.Device,
		},
		{
			name: "not connected", args: []string{"true"}, line: "true",
			reply: adbtest.Reply{Stderr: "adb: device '" + phone + "' not found\n", Code: 1},
			err:   adb.ErrOffline, class: fault.Device,
		},
		{
			name: "link closed under it", args: []string{"true"}, line: "true",
			reply: adbtest.Reply{Stderr: "error: closed\n", Code: 1},
			err:   adb.ErrOffline, class: fault.Device,
		},
		{
			name: "unauthorized", args: []string{"true"}, line: "true",
			reply: adbtest.Reply{Stderr: "adb: device unauthorized.\nThis adb server's $X is not set\n", Code: 1},
			err:   adb.ErrUnauthorized, class: fault.Human,
		},
		{
			name: "glogin, which is a success to adb", args: []string{"getprop"}, line: "getprop",
			reply: adbtest.Reply{Stdout: "error: you should run glogin to login first\n"},
			err:   adb.ErrNeedsLogin, class: fault.Human,
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			c, calls := client(t, adbtest.Script{on + tc.line: {tc.reply}})
			got, err := c.Shell(t.Context(), phone, tc.args...)
			if diff := cmp.Diff([]string{on + tc.line}, calls()); diff != "" {
				t.Fatalf("calls (-want +got):\n%s", diff)
			}
			if got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
			if exit, ok := errors.AsType[*adb.ExitError](err); ok != (tc.status != 0) || ok && exit.Code != tc.status {
				t.Errorf("got %v, want exit status %d", err, tc.status)
			}
			if tc.status == 0 && (!errors.Is(err, tc.err) || fault.Of(err) != tc.class) {
				t.Errorf("got %v of class %q, want %v of class %q", err, fault.Of(err), tc.err, tc.class)
			}
		})
	}
}

func TestExitErrorSaysWhatTheCommandSaid(t *testing.T) {
	t.Parallel()
	c, _ := client(t, adbtest.Script{"-s " + phone + " shell false": {{Stdout: "Failure [NOPE]\n", Code: 7}}})
	_, err := c.Shell(t.Context(), phone, "false")
	if want := "adb shell on " + phone + ": exit status 7: Failure [NOPE]"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestPush(t *testing.T) {
	t.Parallel()
	c, calls := client(t, nil)
	if err := c.Push(t.Context(), phone, "/m/x/../-v.mp4", "/sdcard/Movies/v.mp4"); err != nil {
		t.Fatal(err)
	}
	want := []string{"-s " + phone + " push /m/-v.mp4 /sdcard/Movies/v.mp4"}
	if diff := cmp.Diff(want, calls()); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
}

func TestDevices(t *testing.T) {
	t.Parallel()
	c, _ := client(t, adbtest.Script{"devices": {{Stdout: "* daemon started successfully\n" + heading +
		"R5CT20\tdevice\n10.0.0.7:5555\tunauthorized\nx\tno permissions; see [http://x]\n\n"}}})
	got, err := c.Devices(t.Context())
	want := []adb.Device{
		{Serial: "R5CT20", State: adb.StateDevice},
		{Serial: phone, State: adb.StateUnauthorized},
		{Serial: "x", State: "no permissions"},
	}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}

func TestRemoveForward(t *testing.T) {
	t.Parallel()
	list := phone + " tcp:8200 tcp:6790\nother tcp:8300 tcp:6790\n\n"
	remove := "-s " + phone + " forward --remove tcp:8200"
	for _, tc := range []struct {
		name   string
		stderr string
		want   error
	}{
		{name: "there"},
		{name: "gone by then", stderr: "adb: error: listener 'tcp:8200' not found\n"},
		{name: "gone with its phone", stderr: "adb: error: device '" + phone + "' not found\n"},
		{name: "no server", stderr: "adb: cannot connect to daemon\n", want: adb.ErrNoServer},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			c, calls := client(t, adbtest.Script{"forward --list": {{Stdout: list}}, remove: {{Stderr: tc.stderr, Code: min(1, len(tc.stderr))}}})
			if err := c.RemoveForward(t.Context(), 8200); !errors.Is(err, tc.want) {
				t.Errorf("got %v, want %v", err, tc.want)
			}
			if diff := cmp.Diff([]string{"forward --list", remove}, calls()); diff != "" {
				t.Errorf("calls (-want +got):\n%s", diff)
			}
		})
	}
	t.Run("not forwarded", func(t *testing.T) {
		t.Parallel()
		c, calls := client(t, adbtest.Script{"forward --list": {{Stdout: list}}})
		if err := c.RemoveForward(t.Context(), 8400); err != nil || len(calls()) != 1 {
			t.Errorf("got %v after %q", err, calls())
		}
	})
	t.Run("all", func(t *testing.T) {
		t.Parallel()
		c, calls := client(t, adbtest.Script{
			"forward --list": {{Stdout: list}}, remove: {{}}, "-s other forward --remove tcp:8300": {{}},
		})
		if err := c.RemoveForwards(t.Context()); err != nil || len(calls()) != 3 {
			t.Errorf("got %v after %q", err, calls())
		}
	})
}

func TestNoProgram(t *testing.T) {
	t.Parallel()
	c := adb.NewClient(adb.ClientConfig{Program: "/no/such/adb", Port: 1})
	if _, err := c.Devices(t.Context()); !errors.Is(err, os.ErrNotExist) || !fault.Is(err, fault.Infra) {
		t.Errorf("got %v of class %q", err, fault.Of(err))
	}
}
