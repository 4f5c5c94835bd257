package adb_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"postfleet/internal/adb"
	"postfleet/internal/adb/adbtest"
	"postfleet/internal/fault"
)

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
		{
			name: "glogin on the other output", args: []string{"getprop"}, line: "getprop",
			reply: adbtest.Reply{Stderr: "error: you should run glogin to login first\n"},
			err:   adb.ErrNeedsLogin, class: fault.Human,
		},
		{
			name: "glogin with a status", args: []string{"getprop"}, line: "getprop",
			reply: adbtest.Reply{Stderr: "you should run glogin to login first\n", Code: 1},
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

// TestShellAll: one line, in which only the joints are the shell's business.
func TestShellAll(t *testing.T) {
	t.Parallel()
	const line = "-s " + phone + " shell ls '&&' '|| reboot' >/dev/null && stat -c %s '/a b'"
	for name, reply := range map[string]adbtest.Reply{
		"all succeed": {Stdout: "5\n"},
		"one fails":   {Stderr: "ls: no such file\n", Code: 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, calls := client(t, adbtest.Script{line: {reply}})
			got, err := c.ShellAll(t.Context(), phone,
				[]string{"ls", "&&", "|| reboot"}, []string{"stat", "-c", "%s", "/a b"})
			exit, failed := errors.AsType[*adb.ExitError](err)
			if got != reply.Stdout || failed != (reply.Code != 0) || failed && exit.Code != reply.Code {
				t.Errorf("got %q, %v, want %q and code %d", got, err, reply.Stdout, reply.Code)
			}
			if diff := cmp.Diff([]string{line}, calls()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
