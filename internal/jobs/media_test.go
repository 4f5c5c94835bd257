package jobs_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"postfleet/internal/jobs"
)

// leaves says the same as ResolveVideo in the plainest way: follow all of the
// path, and as much of it as there is.
func leaves(t *testing.T, root, rel string) bool {
	t.Helper()
	real, err := filepath.EvalSymlinks(root)
	if err != nil {
		t.Fatal(err)
	}
	for path := filepath.Join(real, rel); path != real; path = filepath.Dir(path) {
		if target, err := filepath.EvalSymlinks(path); err == nil {
			return target != real && !strings.HasPrefix(target, real+"/")
		}
	}
	return false
}

// TestLinksAtRandom holds one pass over many videos, which remembers folders,
// to leaves, which remembers nothing.
func TestLinksAtRandom(t *testing.T) {
	t.Parallel()
	names := []string{"a", "b", "c"}
	for seed := range uint64(12) {
		random := rand.New(rand.NewPCG(seed, 1))
		pick := func(from []string) string { return from[random.IntN(len(from))] }
		dir := t.TempDir()
		root := filepath.Join(dir, "media")
		for _, d := range []string{"media/a/b", "media/b/c", "out/a", "media/c"} {
			if random.IntN(4) > 0 {
				must(t, os.MkdirAll(filepath.Join(dir, d), 0o755))
			}
		}
		must(t, os.MkdirAll(root, 0o755))
		for _, f := range []string{"out/a/b", "out/c", "media/a/c", "media/b/c/a"} {
			_ = os.WriteFile(filepath.Join(dir, f), []byte("x"), 0o644) // its folder may not be there
		}
		targets := []string{
			"..", "../a", "../b/c", "../../out", filepath.Join(dir, "out"), filepath.Join(root, "b"), "a", "b", ".",
		}
		for range 6 {
			link := filepath.Join(root, pick([]string{"", "a", "b", "a/b"}), pick(names))
			_ = os.Symlink(pick(targets), link) // something may be there
		}
		var rows strings.Builder
		rows.WriteString("account_name,video_path,caption\n")
		var videos []string
		for range 60 {
			path := pick(names)
			for range random.IntN(4) {
				path += "/" + pick(names)
			}
			videos = append(videos, path)
			fmt.Fprintf(&rows, "x,%s,y\n", path)
		}
		must(t, os.WriteFile(filepath.Join(dir, "jobs.csv"), []byte(rows.String()), 0o600))
		_, all := jobs.Read(filepath.Join(dir, "jobs.csv"), root)
		for i, video := range videos {
			want := leaves(t, root, video)
			if _, err := jobs.ResolveVideo(root, video); errors.Is(err, jobs.ErrOutsideMedia) != want {
				t.Errorf("seed %d: %s alone: got %v, want outside %t", seed, video, err, want)
			}
			row := fmt.Sprintf("row %d (", i+2)
			if got := all != nil && strings.Contains(all.Error(), row); got != want {
				t.Errorf("seed %d: %s among others: got outside %t, want %t", seed, video, got, want)
			}
		}
	}
}

// TestMoreVideosThanAreRemembered: forgetting changes nothing.
func TestMoreVideosThanAreRemembered(t *testing.T) {
	t.Parallel()
	const rows = 1<<16 + 1000
	var text strings.Builder
	text.WriteString("account_name,video_path,caption\n")
	for i := range rows {
		fmt.Fprintf(&text, "a,./v%d.mp4,c\na,there.mp4,c\n", i)
	}
	path, media := write(t, text.String())
	must(t, os.WriteFile(filepath.Join(media, "there.mp4"), []byte("x"), 0o600))
	in, err := jobs.Read(path, media)
	if err != nil {
		t.Fatal(err)
	}
	if got := in.Jobs[2*rows-2].Video; got != fmt.Sprintf("v%d.mp4", rows-1) {
		t.Errorf("got video %s of the last but one", got)
	}
	if got := len(in.MissingVideos(0)); got != rows {
		t.Errorf("got %d missing, want %d", got, rows)
	}
}

func must(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}
