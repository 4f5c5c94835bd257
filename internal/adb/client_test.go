package adb_test

import (
	"errors"
	"net"
	"os"
	"sync/atomic"
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

// scripts numbers the adbtest.Scripts of all tests: a number stands for a port.
var scripts atomic.Int32

// freePort returns a port that nobody listens on just now.
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
	port := int(scripts.Add(1))
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

func TestNoProgram(t *testing.T) {
	t.Parallel()
	c := adb.NewClient(adb.ClientConfig{Program: "/no/such/adb", Port: 1})
	if _, err := c.Devices(t.Context()); !errors.Is(err, os.ErrNotExist) || !fault.Is(err, fault.Infra) {
		t.Errorf("got %v of class %q", err, fault.Of(err))
	}
}
