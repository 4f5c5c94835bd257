package phonesim

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"postfleet/internal/phonesim/app"
)

func post(account, caption string, second int64) app.Post {
	at := time.Unix(second, 0).UTC()
	return app.Post{Account: account, Caption: caption, VideoSHA256: "ab", VideoBytes: 2, At: at}
}

func captions(list []app.Post) []string {
	var all []string
	for _, p := range list {
		all = append(all, p.Caption)
	}
	return all
}

func openTestPosts(t *testing.T, path, peers string) *posts {
	t.Helper()
	p, err := openPosts(path, peers)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func add(t *testing.T, p *posts, list ...app.Post) {
	t.Helper()
	for _, post := range list {
		if err := p.Add(post); err != nil {
			t.Fatal(err)
		}
	}
}

func TestPostsSurvive(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "sim-0.json")
	want := []app.Post{post("a", "one 🎉\n\"x\" <b>&", 1), post("b", "שלום", 2)}
	add(t, openTestPosts(t, path, ""), want...)
	if diff := cmp.Diff(want, openTestPosts(t, path, "").own()); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestProfileShowsPeers(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	one := openTestPosts(t, filepath.Join(dir, "sim-0.json"), dir)
	two := openTestPosts(t, filepath.Join(dir, "sim-1.json"), dir)
	check := func(p *posts, account string, want ...string) {
		t.Helper()
		list, err := p.Posts(account)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, captions(list)); diff != "" {
			t.Errorf("%s: -want +got:\n%s", account, diff)
		}
	}
	check(one, "a")
	add(t, one, post("a", "first", 1), post("b", "other", 2))
	add(t, two, post("a", "second", 3))
	check(one, "a", "second", "first")
	check(two, "a", "second", "first")
	check(two, "b", "other")
	add(t, one, post("a", "third", 4))
	check(two, "a", "third", "second", "first")
	for _, junk := range []string{"notes.txt", ".state-1.tmp"} {
		if err := os.WriteFile(filepath.Join(dir, junk), []byte("{"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	check(two, "a", "third", "second", "first")
	if got := len(one.own()); got != 3 {
		t.Errorf("got %d own posts, want 3", got)
	}
}

func TestDamagedState(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "sim-0.json")
	if err := os.WriteFile(path, []byte(`{"posts":[{"acc`), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := openPosts(path, ""); err == nil {
		t.Error("a damaged state was taken for an empty one")
	}
	healthy := openTestPosts(t, filepath.Join(dir, "sim-1.json"), dir)
	if _, err := healthy.Posts("a"); err == nil {
		t.Error("a peer's damaged state was taken for an empty one")
	}
}

// TestPostThatIsNotKeptIsNoPost: what could not be written never shows.
func TestPostThatIsNotKeptIsNoPost(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "gone")
	p := openTestPosts(t, filepath.Join(dir, "sim-0.json"), "")
	if err := p.Add(post("a", "lost", 1)); err == nil {
		t.Error("got no error from a directory that is not there")
	}
	if got := p.own(); len(got) != 0 {
		t.Errorf("got %v, want none", got)
	}
}
