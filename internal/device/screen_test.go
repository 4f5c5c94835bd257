package device_test

import (
	"context"
	"encoding/base64"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"postfleet/internal/adb/adbtest"
	"postfleet/internal/device"
	"postfleet/internal/fault"
)

func TestScreen(t *testing.T) {
	t.Parallel()
	b := connected(t, healthy())
	b.appium.set("GET /source", answer{value: "<hierarchy/>"})
	b.appium.set("GET /screenshot", answer{value: base64.StdEncoding.EncodeToString([]byte("png"))})
	if got, err := b.Source(t.Context()); got != "<hierarchy/>" || err != nil {
		t.Errorf("source: got %q, %v", got, err)
	}
	if got, err := b.Screenshot(t.Context()); string(got) != "png" || err != nil {
		t.Errorf("screenshot: got %q, %v", got, err)
	}
	check(t, b.Tap(t.Context(), 3, 4), nil, fault.Unclassified)
	check(t, b.Swipe(t.Context(), 1, 2, 3, 4, time.Second), nil, fault.Unclassified)
	check(t, b.Back(t.Context()), nil, fault.Unclassified)
	want := []string{"GET /source", "GET /screenshot", "POST /actions", "POST /actions", "POST /back"}
	if diff := cmp.Diff(want, b.appium.take()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

const field = "/element/f1"

func focused(b *bundle, holds string) {
	b.appium.set("GET /element/active", answer{value: map[string]string{"element-6066-11e4-a52e-4f735466cecf": "f1"}})
	b.appium.set("GET "+field+"/text", answer{value: holds})
}

func TestType(t *testing.T) {
	t.Parallel()
	const caption = "Grüße 🎉\n\"q\", 'x' مرحبا\n\n $HOME `id`"
	for _, tc := range []struct {
		name, text, holds string
		want              error
		class             fault.Class
		asked             int
	}{
		{name: "exact", text: caption, holds: caption, asked: 4},
		{name: "empty", text: "", holds: "Write a caption…", asked: 2},
		{name: "no line break", text: "a\nb", holds: "a b", want: device.ErrTextDiffers, class: fault.Infra, asked: 4},
		{name: "cut", text: "abc", holds: "ab", want: device.ErrTextDiffers, class: fault.Infra, asked: 4},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			b := connected(t, healthy())
			focused(b, tc.holds)
			check(t, b.Type(t.Context(), tc.text), tc.want, tc.class)
			want := []string{
				"GET /element/active", "POST " + field + "/clear", "POST " + field + "/value", "GET " + field + "/text",
			}
			if diff := cmp.Diff(want[:tc.asked], b.appium.take()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestTypeRefused(t *testing.T) {
	t.Parallel()
	b := connected(t, healthy())
	b.appium.set("GET /element/active", w3c(404, "no such element", "nothing"))
	check(t, b.Type(t.Context(), "x"), device.ErrNoFocus, fault.Infra)
	b.appium.take()
	if err := b.Type(t.Context(), "a\xff"); fault.Of(err) != fault.Input || len(b.appium.take()) > 0 {
		t.Errorf("got %v, want a refusal without a call", err)
	}
}

const (
	app      = "com.instagram.android"
	launcher = app + "/com.instagram.mainactivity.MainActivity$1"
	// How an app is started: by asking for its launcher, and with it.
	resolve = on + "cmd package resolve-activity --brief " + app
	stop    = "am force-stop " + app
	start   = on + stop + also + "am start -a android.intent.action.MAIN -c android.intent.category.LAUNCHER " +
		"-f 0x10200000 -n '" + launcher + "'"
)

// launchable is an adb with a phone that tells what to start.
func launchable() adbtest.Script {
	return but(adbtest.Script{
		resolve: {{Stdout: "priority=0 isDefault=true\n" + launcher + "\n"}},
		start:   {{Stdout: "Starting: Intent { cmp=" + launcher + " }\n"}},
	})
}

func TestLaunch(t *testing.T) {
	t.Parallel()
	for name, fronts := range map[string][]answer{
		"at once":         {{value: app}},
		"in a moment":     {{value: "com.android.launcher3"}, {value: nil}, {value: app}},
		"with a question": {{value: "com.google.android.permissioncontroller"}},
		"between screens": {w3c(500, "unknown error", "Could not retrieve the focused package"), {value: app}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := connected(t, launchable())
			b.appium.set("POST /execute/sync", fronts...)
			check(t, b.Launch(t.Context(), app), nil, fault.Unclassified)
			if diff := cmp.Diff([]string{resolve, start}, b.calls()); diff != "" {
				t.Errorf("adb (-want +got):\n%s", diff)
			}
			if got := len(b.appium.take()); got != len(fronts) {
				t.Errorf("got %d calls, want %d", got, len(fronts))
			}
			check(t, b.Launch(t.Context(), app), nil, fault.Unclassified)
			if diff := cmp.Diff([]string{start}, b.calls()); diff != "" {
				t.Errorf("the second time, adb (-want +got):\n%s", diff)
			}
		})
	}
}

// TestLaunchByTheDriver: it has more ways, and is asked when ours comes to
// nothing, as after an update of the app.
func TestLaunchByTheDriver(t *testing.T) {
	t.Parallel()
	const error3 = "Starting: Intent\nError type 3\n"
	first, both := []string{resolve}, []string{resolve, start}
	for name, tc := range map[string]struct {
		line  string
		reply adbtest.Reply
		calls []string
	}{
		"no launcher":          {resolve, adbtest.Reply{Stdout: "No activity found\n"}, first},
		"the system's chooser": {resolve, adbtest.Reply{Stdout: "android/com.android.ResolverActivity\n"}, first},
		"a phone without cmd":  {resolve, adbtest.Reply{Stderr: "cmd: not found\n", Code: 127}, first},
		"another launcher":     {start, adbtest.Reply{Stdout: error3}, both},
		"a start refused":      {start, adbtest.Reply{Stdout: error3, Code: 1}, both},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := launchable()
			s[tc.line] = []adbtest.Reply{tc.reply}
			b := connected(t, s)
			b.appium.set("POST /execute/sync", answer{}, answer{value: app})
			for range 2 { // and nothing is remembered that did not work
				check(t, b.Launch(t.Context(), app), nil, fault.Unclassified)
				if diff := cmp.Diff(append(slices.Clone(tc.calls), on+stop), b.calls()); diff != "" {
					t.Errorf("adb (-want +got):\n%s", diff)
				}
				if got := len(b.appium.take()); got != 2 {
					t.Errorf("got %d calls, want the driver's start and a look", got)
				}
			}
		})
	}
	t.Run("but not on a link that is lost", func(t *testing.T) {
		t.Parallel()
		s := launchable()
		s[start] = []adbtest.Reply{{Stderr: "adb: device offline\n", Code: 1}}
		b := connected(t, s)
		check(t, b.Launch(t.Context(), app), device.ErrLinkLost, fault.Infra)
		if asked := b.appium.take(); len(asked) != 0 {
			t.Errorf("got %v, want no call", asked)
		}
	})
}

func TestLaunchFails(t *testing.T) {
	t.Parallel()
	t.Run("not an app", func(t *testing.T) {
		t.Parallel()
		b := setup(t, healthy())
		for _, app := range []string{"", "x", "com.x; reboot", "-a.b", "com..x"} {
			if err := b.Launch(t.Context(), app); fault.Of(err) != fault.Input {
				t.Errorf("%q: got %v of class %q", app, err, fault.Of(err))
			}
		}
	})
	t.Run("not installed", func(t *testing.T) {
		t.Parallel()
		b := connected(t, healthy())
		b.appium.set("POST /execute/sync", w3c(500, "unknown error", "Unable to resolve the launchable activity"))
		check(t, b.Launch(t.Context(), "com.no.such"), device.ErrNotInstalled, fault.Human)
	})
	t.Run("installed, but will not start", func(t *testing.T) {
		t.Parallel()
		b := connected(t, but(adbtest.Script{on + "pm path com.sick": {{Stdout: "package:/data/app/x.apk\n"}}}))
		b.appium.set("POST /execute/sync", w3c(500, "unknown error", "Cannot activate"))
		err := b.Launch(t.Context(), "com.sick")
		if errors.Is(err, device.ErrNotInstalled) || fault.Of(err) != fault.Infra {
			t.Errorf("got %v of class %q", err, fault.Of(err))
		}
	})
	t.Run("never in front", func(t *testing.T) {
		t.Parallel()
		b := setupWithin(t, healthy(), device.Timeouts{Launch: 10 * time.Millisecond})
		check(t, b.Connect(t.Context()), nil, fault.Unclassified)
		b.appium.set("POST /execute/sync", answer{}, answer{value: "com.other"})
		check(t, b.Launch(t.Context(), "com.example"), device.ErrNotInFront, fault.Infra)
	})
	t.Run("link lost", func(t *testing.T) {
		t.Parallel()
		b := connected(t, healthy())
		b.appium.set("POST /execute/sync", answer{}, w3c(500, "unknown error", crashed))
		check(t, b.Launch(t.Context(), "com.example"), device.ErrLinkLost, fault.Infra)
	})
	t.Run("cancelled", func(t *testing.T) {
		t.Parallel()
		b := connected(t, healthy())
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		check(t, b.Launch(ctx, "com.example"), context.Canceled, fault.Unclassified)
	})
}
