package android_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestStartActivity(t *testing.T) {
	t.Parallel()
	cases := []struct {
		line   string
		events []string
		out    string
	}{
		{"am start -n com.example.app/.MainActivity", []string{"start"}, ""},
		{"am start-activity -W -S -n com.example.app/com.example.app.MainActivity -a android.intent.action.MAIN " +
			"-c android.intent.category.LAUNCHER -f 0x10200000", []string{"stop", "start"}, "Status: ok"},
		{"am start --es key value com.example.app/.MainActivity", []string{"start"}, ""},
		{"am start -n com.example.app/.Nosuch", nil, "Error: Activity class {com.example.app/.Nosuch} does not exist."},
		{"am start -n no.such/.Main", nil, "Error: Activity class"},
		{"am start -a android.intent.action.MAIN -c android.intent.category.HOME", []string{"key 3"}, ""},
		{"monkey -p com.example.app -c android.intent.category.LAUNCHER 1", []string{"start"}, "Events injected: 1"},
		{"am force-stop com.example.app", []string{"stop"}, ""},
		{"cmd activity start -n com.example.app/.MainActivity", []string{"start"}, ""},
		{"pm grant com.example.app android.permission.READ_MEDIA_VIDEO", []string{"grant true"}, ""},
		{"pm revoke com.example.app android.permission.READ_EXTERNAL_STORAGE", []string{"grant false"}, ""},
		{"pm grant com.example.app android.permission.CAMERA", nil, ""},
	}
	for _, tc := range cases {
		t.Run(tc.line, func(t *testing.T) {
			t.Parallel()
			d := newDevice(t)
			got := d.run(t.Context(), tc.line, "")
			if !strings.Contains(got.Out, tc.out) {
				t.Errorf("got %q, want %q in it", got.Out, tc.out)
			}
			if diff := cmp.Diff(tc.events, d.screen.took()); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestProcessesFollowTheApp(t *testing.T) {
	t.Parallel()
	d := newDevice(t)
	if got := d.run(t.Context(), "pidof com.example.app", ""); got.Code == 0 {
		t.Errorf("got %+v before the start", got)
	}
	d.run(t.Context(), "am start -n com.example.app/.MainActivity", "")
	got := d.run(t.Context(), "kill $(pidof com.example.app); ps -A | grep example; "+
		"dumpsys window | grep mCurrentFocus", "")
	if want := "  mCurrentFocus=Window{abc1234 u0 com.android.launcher3/.Launcher}\n"; got.Out != want {
		t.Errorf("got %q, want %q", got.Out, want)
	}
}

// TestSettingsApp: what the driver looks for before it believes that the
// settings app runs.
func TestSettingsApp(t *testing.T) {
	t.Parallel()
	const ask = "dumpsys activity services io.appium.settings | grep isForeground=true"
	const scan = "am broadcast -n io.appium.settings/.receivers.MediaScannerReceiver " +
		"-a io.appium.settings.scan_media --es path '/sdcard/Movies/my clip.mp4'"
	d := newDevice(t)
	d.put(t, "/sdcard/Movies/my clip.mp4", "video")
	if got := d.run(t.Context(), ask, ""); got.Code == 0 {
		t.Errorf("got %+v before the start", got)
	}
	if got := d.run(t.Context(), scan, ""); strings.Contains(got.Out, "result=-1") || len(d.storage.Media()) != 0 {
		t.Errorf("got %+v and %d videos without the app running", got, len(d.storage.Media()))
	}
	d.run(t.Context(), "am start-activity -n io.appium.settings/.Settings", "")
	if got := d.run(t.Context(), ask, ""); got.Code != 0 {
		t.Errorf("got %+v after the start", got)
	}
	if got := d.run(t.Context(), scan, ""); !strings.Contains(got.Out, "result=-1") || len(d.storage.Media()) != 1 {
		t.Errorf("got %+v and %d videos", got, len(d.storage.Media()))
	}
}
