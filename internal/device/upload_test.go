package device_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
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

const earlier = "/sdcard/Movies/postfleet-1-1.mp4"

const scan = "am broadcast -a android.intent.action.MEDIA_SCANNER_SCAN_FILE -d file://"

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
		listing,
		on + "rm -f " + earlier + also + scan + earlier + also + "true",
		"-s " + address + " push " + local + " " + remote,
		shown,
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
		last   string
	}{
		{
			name: "another size",
			script: func(string) adbtest.Script {
				return adbtest.Script{shown: {{Stdout: "4\n"}}}
			},
			want: device.ErrUploadDiffers, last: removed,
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
			if calls := b.calls(); tc.last != "" && calls[len(calls)-1] != tc.last {
				t.Errorf("got %q last, want %q", calls[len(calls)-1], tc.last)
			}
			if err := b.Back(t.Context()); tc.lost != errors.Is(err, device.ErrNotConnected) {
				t.Errorf("got %v afterwards, want the link to be lost: %t", err, tc.lost)
			}
		})
	}
}

// TestUploadRemovesManyLeftovers: each of them, in lines that a shell takes.
func TestUploadRemovesManyLeftovers(t *testing.T) {
	t.Parallel()
	const many = 12
	var names strings.Builder
	for i := range many {
		fmt.Fprintf(&names, "postfleet-%d-1.mp4\n", i)
	}
	b := connected(t, but(adbtest.Script{listing: {{Stdout: names.String()}}}))
	_, err := b.Upload(t.Context(), video(t), "postfleet-7-1.mp4")
	check(t, err, nil, fault.Unclassified)
	calls := b.calls()
	for i := range many {
		name := fmt.Sprintf("/sdcard/Movies/postfleet-%d-1.mp4", i)
		if n := strings.Count(strings.Join(calls, "\n"), "rm -f "+name+also+scan+name); n != 1 {
			t.Errorf("%s was removed %d times, want once", name, n)
		}
	}
	for _, call := range calls {
		if len(call) > 1000 {
			t.Errorf("got a line of %d bytes: %s", len(call), call)
		}
	}
}

func TestRemove(t *testing.T) {
	t.Parallel()
	b := connected(t, healthy())
	check(t, b.Remove(t.Context(), remote), nil, fault.Unclassified)
	if diff := cmp.Diff([]string{removed}, b.calls()); diff != "" {
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
