package jobs_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"postfleet/internal/fault"
	"postfleet/internal/jobs"
)

func TestResolveVideo(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	media := filepath.Join(dir, "media")
	for _, d := range []string{media, filepath.Join(media, "sub"), filepath.Join(dir, "elsewhere")} {
		if err := os.Mkdir(d, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for name, target := range map[string]string{
		"inside": "sub", "outside": "../elsewhere", "dangling": "nowhere", "up": "..",
	} {
		if err := os.Symlink(target, filepath.Join(media, name)); err != nil {
			t.Fatal(err)
		}
	}
	for video, want := range map[string]string{
		"a.mp4":                        "a.mp4",
		"sub/../a.mp4":                 "a.mp4",
		"inside/a.mp4":                 "inside/a.mp4",
		"dangling":                     "dangling",
		"none/none.mp4":                "none/none.mp4",
		filepath.Join(media, "b.mp4"):  "b.mp4",
		"../media/a.mp4":               "",
		"../a.mp4":                     "",
		"/etc/passwd":                  "",
		"outside/a.mp4":                "",
		"outside":                      "",
		"up/elsewhere/x":               "",
		"sub/../../x":                  "",
		".":                            "",
		filepath.Join(dir, "media2/x"): "",
	} {
		got, err := jobs.ResolveVideo(media, video)
		if want == "" {
			if !errors.Is(err, jobs.ErrOutsideMedia) || !fault.Is(err, fault.Input) || got != "" {
				t.Errorf("%s: got %q, %v (class %v), want ErrOutsideMedia", video, got, err, fault.Of(err))
			}
			continue
		}
		if err != nil || got != filepath.Join(media, want) {
			t.Errorf("%s: got %q, %v, want %q", video, got, err, want)
		}
	}
}

func TestMissingVideos(t *testing.T) {
	t.Parallel()
	media := t.TempDir()
	for name, text := range map[string]string{"good.mp4": "x", "empty.mp4": ""} {
		must(t, os.WriteFile(filepath.Join(media, name), []byte(text), 0o644))
	}
	must(t, os.WriteFile(filepath.Join(media, "ours.mp4"), []byte("x"), 0o600)) // not everybody's
	if err := os.Mkdir(filepath.Join(media, "folder"), 0o755); err != nil {
		t.Fatal(err)
	}
	for name, target := range map[string]string{"link.mp4": "good.mp4", "dangling.mp4": "gone", "loop": "loop"} {
		if err := os.Symlink(target, filepath.Join(media, name)); err != nil {
			t.Fatal(err)
		}
	}
	videos := []string{
		"good.mp4", "none.mp4", "empty.mp4", "folder", "good.mp4/x", "none/none.mp4", "link.mp4", "dangling.mp4",
		"loop", "loop/x.mp4", "good.mp4", "none.mp4", "folder/../good.mp4", "ours.mp4", "../x.mp4",
	}
	js := make([]jobs.PostJob, len(videos))
	for i, video := range videos {
		js[i] = jobs.PostJob{ID: i + 1, Video: video}
	}
	got := jobs.MissingVideos(media, js)
	const none = "there is no such file in the media folder"
	want := map[int]string{
		2: none, 3: "is an empty file", 4: "is not a file", 5: "not a directory", 6: none, 8: none,
		9: "too many levels of symbolic links", 10: "too many levels of symbolic links", 12: none,
	}
	for id, why := range want {
		want[id] = "video " + videos[id-1] + ": " + why
	}
	outside := len(videos)
	if !strings.Contains(got[outside], "leaves the media root") {
		t.Errorf("got %q, want that it leaves the media root", got[outside])
	}
	delete(got, outside)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("missing (-want +got):\n%s", diff)
	}

	// What Read has seen says the same.
	text := "account_name,video_path,caption\n"
	for _, video := range videos[:outside-1] {
		text += "a," + video + ",c\n"
	}
	path := filepath.Join(t.TempDir(), "jobs.csv")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	in, err := jobs.Read(path, media)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, in.MissingVideos(0)); diff != "" {
		t.Errorf("missing, as Read saw it (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[int]string{12: want[12]}, in.MissingVideos(10)); diff != "" {
		t.Errorf("missing behind the first 10 (-want +got):\n%s", diff)
	}
	if got := in.MissingVideos(100); len(got) > 0 {
		t.Errorf("got %v behind the last, want none", got)
	}
}
