package app_test

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"postfleet/internal/phonesim/app"
	"postfleet/internal/phonesim/ui"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// service is a Store in memory.
type service struct {
	mu    sync.Mutex
	posts []app.Post
	err   error
}

func (s *service) Add(p app.Post) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err != nil {
		return s.err
	}
	s.posts = append(s.posts, p)
	return nil
}

func (s *service) Posts(account string) ([]app.Post, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err != nil {
		return nil, s.err
	}
	var list []app.Post
	for _, p := range slices.Backward(s.posts) {
		if p.Account == account {
			list = append(list, p)
		}
	}
	return list, nil
}

func (s *service) all() []app.Post {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.posts)
}

func (s *service) fail() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.err = errors.New("disk full")
}

// album is a Gallery that does not change.
type album []app.Video

func (a album) Videos() []app.Video { return a }

func movies() album {
	day := time.Date(2026, 11, 23, 9, 30, 0, 0, time.UTC)
	return album{
		{Path: "/sdcard/Movies/new.mp4", SHA256: "beef", Bytes: 4711, Created: day.Add(time.Hour)},
		{Path: "/sdcard/Movies/old.mp4", SHA256: "cafe", Bytes: 815, Created: day},
	}
}

// user is somebody with a phone in hand.
type user struct {
	*app.App
	t       *testing.T
	service *service
}

// unlock gives the user a phone with the app open. Change may alter its config.
func unlock(t *testing.T, change func(*app.Config)) *user {
	t.Helper()
	u := &user{t: t, service: &service{}}
	cfg := app.Config{
		Accounts: []string{"shop_a", "shop_b", "shop_c"},
		Store:    u.service, Gallery: movies(), MediaGranted: true,
	}
	if change != nil {
		change(&cfg)
	}
	a, err := app.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(a.Close)
	u.App = a
	a.Start()
	return u
}

// find returns the first view of that name on the screen, or nil.
func (u *user) find(name string) *ui.Node {
	for n := range u.Screen().Active().All() {
		if n.Name == name {
			return n
		}
	}
	return nil
}

func (u *user) see(name string) *ui.Node {
	u.t.Helper()
	n := u.find(name)
	if n == nil {
		u.t.Fatalf("no %s on screen %s", name, u.State().Screen)
	}
	return n
}

func (u *user) press(names ...string) {
	u.t.Helper()
	for _, name := range names {
		u.Tap(u.see(name).Center())
	}
}

func (u *user) pick(text string) {
	u.t.Helper()
	for n := range u.Screen().Active().All() {
		if n.Clickable && (n.Text == text || n.Desc == text) {
			u.Tap(n.Center())
			return
		}
	}
	u.t.Fatalf("nothing says %q on screen %s", text, u.State().Screen)
}

func (u *user) on(want string) {
	u.t.Helper()
	if got := u.State().Screen; got != want {
		u.t.Fatalf("got screen %s, want %s", got, want)
	}
}

// write goes from home to a caption that is written.
func (u *user) write(caption string) {
	u.t.Helper()
	u.press("tab_create", "create_reel", "gallery_item", "next_button", "next_button", "caption_field")
	if err := u.SetText(u.see("caption_field").Ref, caption); err != nil {
		u.t.Fatal(err)
	}
}

// post goes from home through the whole flow and home again.
func (u *user) post(caption string) {
	u.t.Helper()
	u.write(caption)
	u.press("share_button")
	u.on("posting")
	wait(app.DefaultUploadTime)
	u.on("posted")
	u.press("done_button")
	u.on("home")
}

func (u *user) captions() []string {
	var list []string
	for _, p := range u.service.all() {
		list = append(list, p.Account+": "+p.Caption)
	}
	return list
}

// wait lets time pass, in a synctest bubble, until everything has settled.
func wait(d time.Duration) {
	<-time.After(d)
	synctest.Wait()
}

// play runs f with a phone in a bubble where time is made up.
func play(t *testing.T, change func(*app.Config), f func(u *user)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) { f(unlock(t, change)) })
}

func many(n int) []string {
	names := make([]string, n)
	for i := range names {
		names[i] = strings.Repeat("x", i%5) + string(rune('a'+i%26)) + strings.Repeat("y", i/26)
	}
	return names
}
