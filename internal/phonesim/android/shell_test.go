package android_test

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestShell(t *testing.T) {
	t.Parallel()
	const clip = "/sdcard/Movies/it's a \"clip\".mp4"
	const missing = "No such file or directory\n"
	cases := []struct {
		name, line string
		want       result
	}{
		{"property", "getprop ro.build.version.sdk", result{Out: "33\n"}},
		{"property that is not set", "getprop no.such; getprop no.such default", result{Out: "\ndefault\n"}},
		{"property set", "setprop debug.x 'a b' && getprop debug.x", result{Out: "a b\n"}},
		{
			"constant property", "setprop ro.x y",
			result{Err: "setprop: failed to set property 'ro.x' to 'y'\n", Code: 1},
		},
		{
			"settings", "settings put global a 1;settings get global a;settings delete global a;settings get global a",
			result{Out: "1\nDeleted 1 rows\nnull\n"},
		},
		{"exit code", "exit 7", result{Code: 7}},
		{"unknown program", "frobnicate -x", result{
			Err: "/system/bin/sh: frobnicate: inaccessible or not found\n", Code: 127,
		}},
		{"and, or", "false && echo a; true && echo b; false || echo c", result{Out: "b\nc\n"}},
		{"quotes", `echo 'a  b' "c'd" e\ f`, result{Out: "a  b c'd e f\n"}},
		{"errors joined", "ls /nowhere 2>&1 || echo MARK", result{Out: "ls: /nowhere: " + missing + "MARK\n"}},
		{"errors dropped", "ls /nowhere 2>/dev/null", result{Code: 1}},
		{
			"test", "[ -e '/sdcard/Movies' ] && echo __PASS__; [ -d /sdcard/x ] || echo none",
			result{Out: "__PASS__\nnone\n"},
		},
		{
			"redirection", "echo a > /sdcard/f; echo b >> /sdcard/f; cat /sdcard/f; wc -c < /sdcard/f",
			result{Out: "a\nb\n4\n"},
		},
		{"pipe", "pm list packages | grep example | wc -l", result{Out: "1\n"}},
		{"names with quotes", `stat -c '%s %n' '/sdcard/Movies/it'\''s a "clip".mp4'`, result{Out: "5 " + clip + "\n"}},
		{"glob", "ls -d /sdcard/Mov*", result{Out: "/sdcard/Movies\n"}},
		{
			"links to the shared storage", "ls /storage/self/primary/Movies /mnt/sdcard/Movies",
			result{Out: "it's a \"clip\".mp4\nit's a \"clip\".mp4\n"},
		},
		{
			"copy, move, remove", "cd /sdcard; cp Movies/*.mp4 a.mp4; mv a.mp4 b.mp4; ls *.mp4; rm b.mp4; ls b.mp4",
			result{Out: "b.mp4\n", Err: "ls: b.mp4: " + missing, Code: 1},
		},
		{"remove nothing", "rm -f /sdcard/none; rm /sdcard/none", result{Err: "rm: /sdcard/none: " + missing, Code: 1}},
		{"read-only system", "echo x > /system/x", result{Err: "create /system/x: permission denied\n", Code: 1}},
		{
			"digest", "echo -n clip1 > /data/local/tmp/c; sha256sum -b /data/local/tmp/c",
			result{Out: "8b92047ba19581769407a0110bc5c72afed4ab6bd9bb63c1aa3633cff7928b71\n"},
		},
		{"background", "sleep 100 &", result{Err: "/system/bin/sh: background commands are not supported\n", Code: 1}},
		{
			"logcat as adb wraps it", `export ANDROID_LOG_TAGS="''"; exec logcat '-d' '-s' x`,
			result{Out: "--------- beginning of main\n"},
		},
		{"kill nobody", "kill 99999", result{Err: "/system/bin/kill: 99999: No such process\n", Code: 1}},
		{"which", "which am; command -v nosuch", result{Out: "/system/bin/am\n", Code: 1}},
		{"display", "wm size; wm density", result{Out: "Physical size: 1080x2208\nPhysical density: 420\n"}},
		{"screencap", "screencap -p", result{Out: "\x89PNG picture"}},
		{
			"permission for somebody else", "pm grant no.such android.permission.READ_MEDIA_VIDEO",
			result{Err: "grant: Unknown package: no.such\n", Code: 1},
		},
		{"service that is not", "cmd nosuch x", result{Err: "cmd: Can't find service: nosuch\n", Code: 20}},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			d := newDevice(t)
			d.put(t, clip, "clip1")
			got := d.run(t.Context(), tc.line, "")
			if tc.name == "logcat as adb wraps it" { // The lines carry the time.
				got.Out, _, _ = strings.Cut(got.Out, "SystemServer")
				got.Out = got.Out[:len(tc.want.Out)]
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s: -want +got:\n%s", tc.line, diff)
			}
		})
	}
}

// TestShellNeverReachesTheHost: what exists on the machine does not exist on the phone.
func TestShellNeverReachesTheHost(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	d := newDevice(t)
	for _, line := range []string{
		"cat /etc/passwd", "cat < /etc/passwd", "ls " + dir, "cd " + dir, "[ -e /etc/passwd ]", ". /etc/profile",
		"echo x > " + dir + "/f", "/bin/sh -c id", "touch " + dir + "/f", "test -r /etc/passwd", "exec /bin/true",
	} {
		if got := d.run(t.Context(), line, ""); got.Code == 0 || got.Out != "" {
			t.Errorf("%s: got %+v, want a failure", line, got)
		}
	}
	if got := d.run(t.Context(), "echo /etc/*; echo ~; echo $PATH", ""); got.Out != "/etc/*\n/\n/system/bin\n" {
		t.Errorf("got %+v", got)
	}
}

func TestShellReadsCommandsFromInput(t *testing.T) {
	t.Parallel()
	got := newDevice(t).run(t.Context(), "", "x=1\nif true; then\n echo got $x\nfi\nexit 3\necho never\n")
	if diff := cmp.Diff(result{Out: "got 1\n", Code: 3}, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestShellLeavesUnreadInputAlone(t *testing.T) {
	t.Parallel()
	in := strings.NewReader("for nobody")
	d := newDevice(t)
	if got := d.run(t.Context(), "cat", "for cat"); got.Out != "for cat" {
		t.Errorf("got %+v", got)
	}
	d.run(t.Context(), "getprop x", "")
	if in.Len() != len("for nobody") {
		t.Errorf("%d bytes left", in.Len())
	}
}

func TestShellEndsWithItsHost(t *testing.T) {
	t.Parallel()
	d := newDevice(t)
	for _, line := range []string{"logcat -v threadtime", "sleep 1000", "while true; do sleep 0.01; done"} {
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan result)
		go func() { done <- d.run(ctx, line, "") }()
		cancel()
		if got := <-done; line != "logcat -v threadtime" && got.Code == 0 {
			t.Errorf("%s: got exit code 0, want a failure", line)
		}
	}
}

func TestInput(t *testing.T) {
	t.Parallel()
	d := newDevice(t)
	d.run(t.Context(), "input tap 10 20; "+
		"input touchscreen swipe 1 2 3.5 4 300; input text a%sb; input keyevent KEYCODE_HOME 66", "")
	want := []string{"tap (10,20)", "swipe (1,2) (3,4)", "type a b", "key 3", "key 66"}
	if diff := cmp.Diff(want, d.screen.took()); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	for _, line := range []string{"input tap x y", "input tap 1", "input", "input keyevent NOSUCH"} {
		if got := d.run(t.Context(), line, ""); got.Code == 0 {
			t.Errorf("%s: got exit code 0, want a failure", line)
		}
	}
}
