package android_test

import (
	"errors"
	"io/fs"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"postfleet/internal/phonesim/android"
)

func mediaPaths(s *android.Storage) []string {
	var paths []string
	for _, m := range s.Media() {
		paths = append(paths, m.Path)
	}
	return paths
}

// TestMediaIndex: the gallery shows what was pushed and scanned, and nothing else.
func TestMediaIndex(t *testing.T) {
	t.Parallel()
	d := newDevice(t)
	const a, b = "/storage/emulated/0/Movies/a.mp4", "/storage/emulated/0/Movies/b.mp4"
	const scan = "am broadcast -a android.intent.action.MEDIA_SCANNER_SCAN_FILE -d file://"
	step := func(name, line string, want ...string) {
		t.Helper()
		if line != "" {
			if got := d.run(t.Context(), line, ""); got.Code != 0 {
				t.Fatalf("%s: got %+v", name, got)
			}
		}
		if diff := cmp.Diff(want, mediaPaths(d.storage)); diff != "" {
			t.Errorf("%s: -want +got:\n%s", name, diff)
		}
	}
	d.put(t, "/sdcard/Movies/a.mp4", "first")
	d.put(t, "/sdcard/Movies/b.mp4", "second")
	d.put(t, "/sdcard/Movies/c.txt", "text")
	d.put(t, "/data/local/tmp/d.mp4", "private")
	step("pushed", "")
	step("scanned b", scan+"/sdcard/Movies/b.mp4", b)
	step("scanned a, the newer find", scan+"/sdcard/Movies/a.mp4", a, b)
	step("no videos", scan+"/sdcard/Movies/c.txt; "+scan+"/data/local/tmp/d.mp4; "+scan+"/none.mp4", a, b)
	step("scanned again", scan+b, a, b)
	d.put(t, "/sdcard/Movies/a.mp4", "changed")
	step("changed and not scanned", "", b)
	step("whole volume", "content call --uri content://media --method scan_volume --arg external_primary", a, b)
	step("removed", "rm -f /sdcard/Movies/a.mp4", b)
	step("moved", "mv "+b+" /sdcard/Movies/z.mp4")
	step("scanned by the provider", "content call --uri content://media --method scan_file --arg /sdcard/Movies/z.mp4",
		"/storage/emulated/0/Movies/z.mp4")
	step("deleted by the provider",
		"content delete --uri content://media/external/video/media --where \"_data='/sdcard/Movies/z.mp4'\"")
	if _, err := d.storage.Stat("/sdcard/Movies/z.mp4"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v, want the file gone", err)
	}
}

func TestMediaQuery(t *testing.T) {
	t.Parallel()
	d := newDevice(t)
	d.put(t, "/sdcard/Movies/it's.mp4", "video")
	query := "content query --uri content://media/external/video/media --projection _id:_data:_size "
	if got := d.run(t.Context(), query, ""); got.Out != "No result found.\n" {
		t.Errorf("got %+v before the scan", got)
	}
	d.storage.Scan("/sdcard")
	want := "Row: 0 _id=1, _data=/storage/emulated/0/Movies/it's.mp4, _size=5\n"
	for _, where := range []string{
		"", `--where "_data='/sdcard/Movies/it''s.mp4'"`, `--where "_display_name='it''s.mp4'"`,
	} {
		if got := d.run(t.Context(), query+where, ""); got.Out != want {
			t.Errorf("%s: got %+v, want %q", where, got, want)
		}
	}
	if got := d.run(t.Context(), query+`--where "_data='/other.mp4'"`, ""); got.Out != "No result found.\n" {
		t.Errorf("got %+v", got)
	}
	if got := d.run(t.Context(), query+`--where "1=1"`, ""); got.Code == 0 {
		t.Errorf("got %+v for a condition that is not understood", got)
	}
}

func TestStorageKeepsNoBodiesBehind(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := setup{storage: android.NewStorage(dir)}
	s.put(t, "/sdcard/a.mp4", "one")
	s.put(t, "/sdcard/a.mp4", "two")
	u, err := s.storage.Create("/sdcard/b.mp4", 0o600)
	if err != nil {
		t.Fatal(err)
	}
	if err := u.Abort(); err != nil {
		t.Fatal(err)
	}
	if err := s.storage.Rename("/sdcard/a.mp4", "/sdcard/Movies"); err != nil {
		t.Fatal(err)
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 1 {
		t.Errorf("got %d bodies for one file", len(entries))
	}
	if err := s.storage.Remove("/sdcard/Movies", true); err != nil {
		t.Fatal(err)
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 0 {
		t.Errorf("got %d bodies for no file", len(entries))
	}
}

func TestStorageRefuses(t *testing.T) {
	t.Parallel()
	s := setup{storage: android.NewStorage(t.TempDir())}
	s.put(t, "/sdcard/file", "x")
	_, below := s.storage.Create("/sdcard/file/below", 0o600)
	_, dir := s.storage.Create("/sdcard/Movies", 0o600)
	_, system := s.storage.Create("/system/x", 0o600)
	_, escape := s.storage.Create("/sdcard/../../etc/x", 0o600)
	for name, err := range map[string]error{
		"file below a file": below, "file over a directory": dir, "system file": system, "way out": escape,
		"removing a directory":  s.storage.Remove("/sdcard/Movies", false),
		"removing the system":   s.storage.Remove("/system/bin", true),
		"directory over a file": s.storage.Mkdir("/sdcard/file/d"),
	} {
		if err == nil {
			t.Errorf("%s: got no error", name)
		}
	}
}
