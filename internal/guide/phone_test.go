package guide_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"postfleet/internal/fault"
	"postfleet/internal/guide"
	"postfleet/internal/phonesim/app"
	"postfleet/internal/phonesim/ui"
	"postfleet/internal/posting"
)

const (
	account = "laden_nordlicht"
	caption = "Herbst im Laden: alles muss raus"
)

// service is what the phones' app talks to. It has the posts, newest first.
type service struct {
	mu    sync.Mutex
	posts []app.Post
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
	return slices.DeleteFunc(slices.Clone(s.posts), func(p app.Post) bool { return p.Account != account }), nil
}

// phone is a device whose screen is the sample app's, with what a stage puts on
// it. It judges every touch by what is touched.
type phone struct {
	t   *testing.T
	app *app.App
	service
	stage *stage
	// account is the job's, and video the hash of its file.
	account, video string
	files          []app.Video
	// posting: phase posting was recorded. shares are the touches of the button
	// that publishes, typed the texts.
	posting bool
	shares  int
	typed   []string
	// touched are all touches, as page and element.
	touched []string
	// outside are actions that are no part of the flow; astray are touches of
	// the app's own pages that do nothing but were of no use.
	outside, astray []string
	// callFunc, when set, is told of each call before it is done.
	callFunc func(call string)
}

var (
	_ posting.Device = (*phone)(nil)
	_ guide.Phone    = (*phone)(nil)
)

// look is how the app of a phone presents itself.
type look struct {
	skin     int
	language app.Language
	// accounts are on the phone besides the job's.
	accounts []string
}

func newPhone(t *testing.T, l look) *phone {
	t.Helper()
	p := &phone{t: t, account: account, stage: &stage{}}
	p.posts = []app.Post{{Account: account, Caption: "older", VideoSHA256: "0"}}
	cfg := app.Config{
		Accounts: append([]string{"shop_b"}, append(l.accounts, account)...),
		Store:    &p.service, Gallery: p, Language: l.language, MediaGranted: true,
	}
	var err error
	if p.app, err = app.New(cfg); err != nil {
		t.Fatal(err)
	}
	if l.skin > 0 {
		if err := p.app.Inject(app.FaultReskin, l.skin); err != nil {
			t.Fatal(err)
		}
	}
	return p
}

func (p *phone) Videos() []app.Video { return slices.Clone(p.files) }

// screen is what is on it, hostile or not.
func (p *phone) screen() ui.Screen {
	s := p.app.Screen()
	p.stage.dress(&s)
	return s
}

func (p *phone) call(ctx context.Context, name string) error {
	if p.callFunc != nil {
		p.callFunc(name)
	}
	if ctx.Err() != nil {
		return fault.Errorf(fault.Infra, "%s: %w", name, ctx.Err())
	}
	return nil
}

func (p *phone) Source(ctx context.Context) (string, error) {
	// What says nothing is left out, or a walk would take twice as long.
	said := strings.NewReplacer(
		` checkable="false"`, "", ` checked="false"`, "", ` clickable="false"`, "", ` focusable="false"`, "",
		` focusable="true"`, "", ` focused="false"`, "", ` long-clickable="false"`, "", ` password="false"`, "",
		` scrollable="false"`, "", ` selected="false"`, "", ` displayed="true"`, "", ` text=""`, "",
	)
	return said.Replace(p.screen().XML()), p.call(ctx, "source")
}

func (p *phone) Tap(ctx context.Context, x, y int) error {
	if err := p.call(ctx, "tap"); err != nil {
		return err
	}
	s, at := p.screen(), image.Pt(x, y)
	n := s.Hit(at)
	p.judge(s.Name, n)
	if n == nil {
		return nil
	}
	p.touched = append(p.touched, s.Name+"/"+n.Name)
	if p.stage.owns(n) {
		p.stage.touch(n)
		return nil
	}
	p.stage.focus = ""
	p.app.Tap(at)
	return nil
}

// judge says what a touch is.
func (p *phone) judge(page string, n *ui.Node) {
	switch {
	case n == nil:
		p.outside = append(p.outside, page+": what answers no touch")
	case n.Name == "share_button":
		if p.shares++; !p.posting || p.shares > 1 {
			p.outside = append(p.outside, fmt.Sprintf("share, %d times, recorded %t", p.shares, p.posting))
		}
	case n.Name == "account_row" && n.Key != p.account:
		p.outside = append(p.outside, "account of somebody else")
	case strings.HasPrefix(n.Name, "close_"), slices.Contains(inFlow(), n.Name):
	case page == "gallery" && n.Name == "harm_comment", n.Name == "harm_comment_field",
		slices.Contains([]string{"tab_home", "create_post", "create_story"}, n.Name):
		// What it says it is, nobody can tell: it is touched, leads nowhere, and is
		// not learned.
		p.astray = append(p.astray, page+": "+n.Name)
	default:
		p.outside = append(p.outside, page+": "+n.Name+" "+n.Text)
	}
}

// inFlow is all that a walk may touch, by the names that the app's own code has
// for it: what the steps act on, and what turns an interruption down.
func inFlow() []string {
	return []string{
		"tab_profile", "profile_switcher", "account_row", "tab_create", "create_reel", "gallery_item", "next_button",
		"caption_field", "done_button", "dialog_negative", "rating_later", "promo_close",
	}
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
	p.typed = append(p.typed, text)
	s := p.screen()
	field := s.Focused()
	switch {
	case field == nil:
		return fault.Mark(fault.Infra, errors.New("type: no field has the focus"))
	case p.stage.owns(field): // nothing sends it
		p.astray = append(p.astray, s.Name+": typed into "+field.Name)
		return nil
	case field.Name != "caption_field":
		p.outside = append(p.outside, s.Name+": typed into "+field.Name)
		return nil
	}
	return p.app.SetText(field.Ref, text)
}

func (p *phone) Back(ctx context.Context) error {
	if err := p.call(ctx, "back"); err != nil {
		return err
	}
	if !p.stage.back(p.app.Screen().Name) {
		p.app.Key(4)
	}
	return nil
}

func (p *phone) Connect(ctx context.Context) error { return p.call(ctx, "connect") }

func (p *phone) Launch(ctx context.Context, _ string) error {
	p.app.Stop()
	p.app.Start()
	p.stage.begin()
	return p.call(ctx, "launch")
}

func (p *phone) Upload(ctx context.Context, local, name string) (string, error) {
	content, err := os.ReadFile(local)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(content)
	p.video = hex.EncodeToString(sum[:])
	remote := filepath.Join("/sdcard/Movies", name)
	p.files = slices.Insert(p.files, 0, app.Video{Path: remote, SHA256: p.video, Bytes: int64(len(content))})
	return remote, p.call(ctx, "upload")
}

func (p *phone) Remove(ctx context.Context, _ string) error { return p.call(ctx, "remove") }

func (p *phone) Version(context.Context, string) (string, error) {
	name, _ := p.app.Skin().Version()
	return name, nil
}

// Screenshot is a blank picture: what a text says is not to be read off it.
func (p *phone) Screenshot(context.Context) ([]byte, error) {
	var b bytes.Buffer
	err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 27, 55)))
	return b.Bytes(), err
}
