package jobs_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

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
		if err := os.WriteFile(filepath.Join(media, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(media, "folder"), 0o755); err != nil {
		t.Fatal(err)
	}
	got := jobs.MissingVideos(media, []jobs.PostJob{
		{ID: 1, Video: "good.mp4"},
		{ID: 2, Video: "none.mp4"},
		{ID: 3, Video: "empty.mp4"},
		{ID: 4, Video: "folder"},
		{ID: 5, Video: "../x.mp4"},
		{ID: 6, Video: "good.mp4/x"},
	})
	for id, want := range map[int]string{
		2: "no such file", 3: "empty", 4: "not a file", 5: "leaves", 6: "not a directory",
	} {
		if !strings.Contains(got[id], want) {
			t.Errorf("job %d: got %q, want %q in it", id, got[id], want)
		}
	}
	if len(got) != 5 {
		t.Errorf("got %v, want 5 of them", got)
	}
}
