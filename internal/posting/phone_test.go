package posting_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"errors"
	"fmt"
	"image"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"postfleet/internal/fault"
	"postfleet/internal/phonesim/app"
	"postfleet/internal/phonesim/ui"
	"postfleet/internal/posting"
)

// phone is a device whose screen is the simulator's sample app, without adb or
// Appium between: the same recipe, the same screens, trouble at any call.
type phone struct {
	t   *testing.T
	app *app.App
	service

	// files are the gallery's, newest first.
	files []app.Video
	// calls are the device calls so far, by name.
	calls []string
	// troubleFunc, when set, is asked at the n-th call (from 1) and may fail it.
	troubleFunc func(ctx context.Context, n int, call string) error
}

var _ posting.Device = (*phone)(nil)

// service is what the phones' app talks to: it has the posts.
type service struct {
	mu    sync.Mutex
	posts []app.Post
	// hideFor is how long a new post stays off the profile.
	hideFor time.Duration
}

func (s *service) Add(p app.Post) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.posts = slices.Insert(s.posts, 0, p)
	return nil
}

func (s *service) Posts(account string) ([]app.Post, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(s.posts), func(p app.Post) bool {
		return p.Account != account || time.Since(p.At) < s.hideFor
	}), nil
}

// captions are what an account has posted, newest first.
func (s *service) captions(account string) []string {
	posts, _ := s.Posts(account)
	var captions []string
	for _, p := range posts {
		captions = append(captions, p.Caption)
	}
	return captions
}

func newPhone(t *testing.T, cfg app.Config) *phone {
	t.Helper()
	p := &phone{t: t}
	if cfg.Accounts == nil {
		cfg.Accounts = []string{"shop_b", "shop_a", "shop_c"}
	}
	cfg.Store, cfg.Gallery = &p.service, p
	a, err := app.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	p.app = a
	t.Cleanup(a.Close)
	return p
}

func (p *phone) Videos() []app.Video { return slices.Clone(p.files) }

// call is what every device call begins with.
func (p *phone) call(ctx context.Context, name string) error {
	p.calls = append(p.calls, name)
	if p.troubleFunc != nil {
		if err := p.troubleFunc(ctx, len(p.calls), name); err != nil {
			return err
		}
	}
	if ctx.Err() != nil {
		return fault.Errorf(fault.Infra, "%s: %w", name, ctx.Err())
	}
	return nil
}

func (p *phone) Connect(ctx context.Context) error { return p.call(ctx, "connect") }

func (p *phone) Launch(ctx context.Context, id string) error {
	if err := p.call(ctx, "launch"); err != nil {
		return err
	}
	if id != app.Package {
		return fault.Errorf(fault.Human, "launch %s: not installed", id)
	}
	p.app.Stop()
	p.app.Start()
	return nil
}

func (p *phone) Upload(ctx context.Context, local, name string) (string, error) {
	if err := p.call(ctx, "upload "+name); err != nil {
		return "", err
	}
	content, err := os.ReadFile(local)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(content)
	remote := filepath.Join("/sdcard/Movies", name)
	p.files = slices.Insert(p.files, 0, app.Video{
		Path: remote, SHA256: hex.EncodeToString(sum[:]), Bytes: int64(len(content)), Created: time.Now(),
	})
	return remote, nil
}

func (p *phone) Remove(ctx context.Context, remote string) error {
	if err := p.call(ctx, "remove"); err != nil {
		return err
	}
	p.files = slices.DeleteFunc(p.files, func(v app.Video) bool { return v.Path == remote })
	return nil
}

func (p *phone) Screenshot(ctx context.Context) ([]byte, error) {
	if err := p.call(ctx, "screenshot"); err != nil {
		return nil, err
	}
	return []byte("PNG"), nil
}

func (p *phone) Source(ctx context.Context) (string, error) {
	if err := p.call(ctx, "source"); err != nil {
		return "", err
	}
	var b bytes.Buffer
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?><hierarchy rotation="0">`)
	dump(&b, p.app.Screen().Active())
	b.WriteString("</hierarchy>")
	return b.String(), nil
}

func dump(b *bytes.Buffer, n *ui.Node) {
	fmt.Fprintf(b, "<%s", n.Class)
	for _, a := range [][2]string{
		{"package", n.Package},
		{"class", n.Class},
		{"text", n.ShownText()},
		{"content-desc", n.Desc},
		{"resource-id", n.ResourceID},
		{"enabled", fmt.Sprint(n.Enabled)},
		{"selected", fmt.Sprint(n.Selected)},
		{"scrollable", fmt.Sprint(n.Scrollable)},
		{"bounds", fmt.Sprintf("[%d,%d][%d,%d]", n.Bounds.Min.X, n.Bounds.Min.Y, n.Bounds.Max.X, n.Bounds.Max.Y)},
	} {
		fmt.Fprintf(b, ` %s="`, a[0])
		_ = xml.EscapeText(b, []byte(a[1])) // a bytes.Buffer takes everything
		b.WriteString(`"`)
	}
	b.WriteString(">")
	for _, c := range n.Children {
		dump(b, c)
	}
	fmt.Fprintf(b, "</%s>", n.Class)
}

func (p *phone) Tap(ctx context.Context, x, y int) error {
	if err := p.call(ctx, "tap"); err != nil {
		return err
	}
	p.app.Tap(image.Pt(x, y))
	return nil
}

func (p *phone) Swipe(ctx context.Context, x1, y1, x2, y2 int, _ time.Duration) error {
	if err := p.call(ctx, "swipe"); err != nil {
		return err
	}
	p.app.Swipe(image.Pt(x1, y1), image.Pt(x2, y2))
	return nil
}

func (p *phone) Type(ctx context.Context, text string) error {
	if err := p.call(ctx, "type"); err != nil {
		return err
	}
	field := p.app.Screen().Focused()
	if field == nil {
		return fault.Mark(fault.Infra, errors.New("type: no field has the focus"))
	}
	return p.app.SetText(field.Ref, text)
}

func (p *phone) Back(ctx context.Context) error {
	if err := p.call(ctx, "back"); err != nil {
		return err
	}
	p.app.Key(4)
	return nil
}

// brokenAt fails the n-th call and, with forever, every later one.
func brokenAt(n int, forever bool, err error) func(context.Context, int, string) error {
	return func(_ context.Context, now int, _ string) error {
		if now == n || forever && now > n {
			return err
		}
		return nil
	}
}

// frozenFrom lets no call from the n-th on answer before the driver gives up.
func frozenFrom(n int) func(context.Context, int, string) error {
	return func(ctx context.Context, now int, call string) error {
		if now < n {
			return nil
		}
		timer := time.NewTimer(30 * time.Second)
		defer timer.Stop()
		select {
		case <-timer.C:
			return fault.Errorf(fault.Device, "%s: the phone does not answer", call)
		case <-ctx.Done():
			return fault.Errorf(fault.Infra, "%s: %w", call, ctx.Err())
		}
	}
}

func hasPrefix(prefix string) func(string) bool {
	return func(s string) bool { return strings.HasPrefix(s, prefix) }
}
