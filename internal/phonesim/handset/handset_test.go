package handset_test

import (
	"context"
	"errors"
	"image"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"postfleet/internal/phonesim/app"
	"postfleet/internal/phonesim/handset"
	"postfleet/internal/phonesim/ui"
)

func newHandset(t *testing.T, cfg handset.Config) *handset.Handset {
	t.Helper()
	cfg.App.Accounts = []string{"shop_a"}
	h, err := handset.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(h.Close)
	return h
}

// TestCalls: each call is told before it is done, and a failed one does nothing.
func TestCalls(t *testing.T) {
	t.Parallel()
	lost := errors.New("link lost")
	h := newHandset(t, handset.Config{CallFunc: func(_ context.Context, n int, _ string) error {
		if n == 2 {
			return lost
		}
		return nil
	}})
	video := filepath.Join(t.TempDir(), "v.mp4")
	if err := os.WriteFile(video, []byte("a reel"), 0o600); err != nil {
		t.Fatal(err)
	}
	err := h.Connect(t.Context())
	if _, again := h.Upload(t.Context(), video, "v.mp4"); err != nil || !errors.Is(again, lost) {
		t.Errorf("got %v and %v, want the second call to fail", err, again)
	}
	if got := h.Gallery.Videos(); len(got) > 0 {
		t.Errorf("uploaded all the same: %v", got)
	}
	remote, err := h.Upload(t.Context(), video, "v.mp4")
	if got := h.Gallery.Videos(); err != nil || len(got) != 1 || got[0].Path != remote {
		t.Errorf("got %v, %v, want it in the gallery", got, err)
	}
	if err := h.Remove(t.Context(), remote); err != nil || len(h.Gallery.Videos()) > 0 {
		t.Errorf("got %v, %v, want it gone", h.Gallery.Videos(), err)
	}
	if err := h.Launch(t.Context(), "com.example"); !errors.Is(err, handset.ErrNotInstalled) {
		t.Errorf("got %v, want it not to be installed", err)
	}
	if err := h.Type(t.Context(), "x"); !errors.Is(err, handset.ErrNoFocus) {
		t.Errorf("got %v, want no focus", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := h.Back(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want the context's error", err)
	}
	want := []string{"connect", "upload v.mp4", "upload v.mp4", "remove", "launch", "type", "back"}
	if diff := cmp.Diff(want, h.Calls()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// curtain takes all that is done.
type curtain struct{ told []string }

func (*curtain) Dress(s *ui.Screen) { s.Name = "dressed " + s.Name }

func (c *curtain) Touch(page string, _ *ui.Node) bool { return c.tell("touch " + page) }

func (c *curtain) Type(page string, _ *ui.Node, text string) bool {
	return c.tell("type " + page + text)
}

func (c *curtain) Back(page string) bool { return c.tell("back " + page) }

func (c *curtain) tell(what string) bool {
	c.told = append(c.told, what)
	return true
}

// TestStage: what the stage takes does not get to the app.
func TestStage(t *testing.T) {
	t.Parallel()
	c := &curtain{}
	h := newHandset(t, handset.Config{Stage: c})
	h.App.Start()
	at := middle(t, h.Screen(), "tab_profile")
	if err := errors.Join(
		h.Tap(t.Context(), at.X, at.Y), h.Type(t.Context(), "!"), h.Back(t.Context()),
	); err != nil {
		t.Error(err)
	}
	if diff := cmp.Diff([]string{"touch dressed home", "type dressed home!", "back dressed home"}, c.told); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"dressed home/tab_profile"}, h.Touched()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := h.App.State().Screen; got != "home" {
		t.Errorf("the app is on %s: it was touched", got)
	}
}

func middle(t *testing.T, s ui.Screen, name string) image.Point {
	t.Helper()
	for n := range s.Active().All() {
		if n.Name == name {
			return n.Bounds.Min.Add(n.Bounds.Max).Div(2)
		}
	}
	t.Fatalf("no %s on %s", name, s.Name)
	return image.Point{}
}

// TestService: profiles show what is old enough, and a service may refuse.
func TestService(t *testing.T) {
	t.Parallel()
	var s handset.Service
	s.Set(app.Post{Account: "a", Caption: "old"}, app.Post{Account: "b", Caption: "old"})
	s.HideFor(time.Hour)
	if err := s.Add(app.Post{Account: "a", Caption: "new", At: time.Now()}); err != nil {
		t.Error(err)
	}
	if shown, _ := s.Posts("a"); len(shown) != 1 || shown[0].Caption != "old" {
		t.Errorf("got %v, want the old one", shown)
	}
	closed := errors.New("closed")
	s.Refuse(closed)
	if err := s.Add(app.Post{}); !errors.Is(err, closed) {
		t.Errorf("got %v, want it refused", err)
	}
	if all := s.All(); len(all) != 3 || all[0].Caption != "new" || s.Count("old") != 2 {
		t.Errorf("got %v, want all, newest first", all)
	}
}

// TestConcurrent is for the race detector.
func TestConcurrent(t *testing.T) {
	t.Parallel()
	h := newHandset(t, handset.Config{Skin: 1, Terse: true})
	h.App.Start()
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			_, err := h.Source(t.Context())
			if err := errors.Join(err, h.Tap(t.Context(), 1, 1)); err != nil {
				t.Error(err)
			}
			_, _ = h.Calls(), h.Shares()
		})
	}
	all.Wait()
	if got := len(h.Calls()); got != 8 {
		t.Errorf("got %d calls, want 8", got)
	}
}
