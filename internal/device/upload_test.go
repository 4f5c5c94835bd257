package device_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"postfleet/internal/adb"
	"postfleet/internal/adb/adbtest"
	"postfleet/internal/device"
	"postfleet/internal/fault"
)

func video(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "it's a $(video).mp4")
	if err := os.WriteFile(path, []byte("video"), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

const scan = on + "am broadcast -a android.intent.action.MEDIA_SCANNER_SCAN_FILE -d file://"

func TestUpload(t *testing.T) {
	t.Parallel()
	b := connected(t, healthy())
	local := video(t)
	got, err := b.Upload(t.Context(), local, "postfleet-7-1.mp4")
	check(t, err, nil, fault.Unclassified)
	if got != remote {
		t.Errorf("got %q, want %q", got, remote)
	}
	want := []string{
		on + "mkdir -p /sdcard/Movies",
		on + "ls /sdcard/Movies",
		on + "rm -f /sdcard/Movies/postfleet-1-1.mp4",
		scan + "/sdcard/Movies/postfleet-1-1.mp4",
		"-s " + address + " push " + local + " " + remote,
		on + "stat -c %s " + remote,
		on + "touch " + remote,
		scan + remote,
	}
	if diff := cmp.Diff(want, b.calls()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestUploadRefused(t *testing.T) {
	t.Parallel()
	b := setup(t, healthy())
	local := video(t)
	for _, tc := range []struct{ local, name string }{
		{local, ""},
		{local, "video.mp4"},
		{local, "postfleet-"},
		{local, "postfleet-../../x"},
		{local, "postfleet-a b"},
		{local, "postfleet-$(reboot)"},
		{local, "postfleet-1\n"},
		{filepath.Join(t.TempDir(), "missing.mp4"), "postfleet-1.mp4"},
		{t.TempDir(), "postfleet-1.mp4"},
	} {
		if _, err := b.Upload(t.Context(), tc.local, tc.name); fault.Of(err) != fault.Input {
			t.Errorf("%q as %q: got %v of class %q, want input", tc.local, tc.name, err, fault.Of(err))
		}
	}
}

func TestUploadFails(t *testing.T) {
	t.Parallel()
	push := "-s " + address + " push "
	for _, tc := range []struct {
		name   string
		script func(local string) adbtest.Script
		want   error
		lost   bool
	}{
		{
			name: "another size",
			script: func(string) adbtest.Script {
				return adbtest.Script{on + "stat -c %s " + remote: {{Stdout: "4\n"}}}
			},
			want: device.ErrUploadDiffers,
		},
		{
			name: "phone gone",
			script: func(local string) adbtest.Script {
				gone := adbtest.Reply{Stderr: "adb: error: failed to get feature set: device offline\n", Code: 1}
				return adbtest.Script{push + local + " " + remote: {gone}}
			},
			want: adb.ErrOffline, lost: true,
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			local := video(t)
			b := connected(t, but(tc.script(local)))
			_, err := b.Upload(t.Context(), local, "postfleet-7-1.mp4")
			check(t, err, tc.want, fault.Infra)
			if err := b.Back(t.Context()); tc.lost != errors.Is(err, device.ErrNotConnected) {
				t.Errorf("got %v afterwards, want the link to be lost: %t", err, tc.lost)
			}
		})
	}
}

func TestRemove(t *testing.T) {
	t.Parallel()
	b := connected(t, healthy())
	check(t, b.Remove(t.Context(), remote), nil, fault.Unclassified)
	if diff := cmp.Diff([]string{on + "rm -f " + remote, scan + remote}, b.calls()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, bad := range []string{
		"", "/sdcard/DCIM/x.mp4", "/sdcard/Movies/holiday.mp4", "/sdcard/Movies/../postfleet-1",
	} {
		if err := b.Remove(t.Context(), bad); fault.Of(err) != fault.Input {
			t.Errorf("%q: got %v of class %q", bad, err, fault.Of(err))
		}
	}
}
