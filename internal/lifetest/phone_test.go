package lifetest

import (
	"context"
	"fmt"
	"image"
	"sync"
	"testing"
	"time"

	"postfleet/internal/fault"
	"postfleet/internal/phonesim/app"
	"postfleet/internal/phonesim/handset"
)

// What a worker may ask of a phone.
const (
	callConnect    = "connect"
	callLaunch     = "launch"
	callUpload     = "upload"
	callRemove     = "remove"
	callSource     = "source"
	callScreenshot = "screenshot"
	callTap        = "tap"
	callSwipe      = "swipe"
	callType       = "type"
	callBack       = "back"
	callNote       = "note"
)

// Order is one thing that a worker asks of the phone.
type Order struct {
	Call string
	// Text is what is typed, launched, removed, or the name of an upload.
	Text string
	// File is what is uploaded.
	File string
	// From is where to tap or where a swipe begins, To where it ends.
	From, To image.Point
	// Note is what callNote tells.
	Note event
}

// phone is a handset, and what a worker may meet on it. It outlives workers. All
// methods are safe for concurrent use.
type phone struct {
	*handset.Handset

	mu     sync.Mutex
	events []event
	// away is how many more connects fail; until then nothing else works either.
	away int
	// connectErr and launchErr, when set, are what those come to.
	connectErr, launchErr error
	// blind: the gallery does not see the files.
	blind bool
	// cover, when set, is shown in the app's place, and coverLaunches is how many
	// launches it outlasts.
	cover         string
	coverLaunches int
	// onEvent, when set, is called after each event, without the lock held.
	onEvent func(event)
}

const uploadTime = 5 * time.Millisecond

func newPhone(t *testing.T) *phone {
	t.Helper()
	p := &phone{}
	var err error
	p.Handset, err = handset.New(handset.Config{
		App: app.Config{
			Accounts: []string{"shop_b", "shop_a"}, Gallery: p, MediaGranted: true, UploadTime: uploadTime,
			PostThenDieFunc: func(app.Post) {
				const connects = 2 // fewer than a worker makes before it gives up
				p.change(func(p *phone) { p.away = connects })
				p.App.Stop()
			},
		},
		CallFunc: p.link,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	p.Service.Set(app.Post{Account: "shop_a", Caption: "older"}, app.Post{Account: "shop_a", Caption: "oldest"})
	return p
}

// Videos implements app.Gallery.
func (p *phone) Videos() []app.Video {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.blind {
		return nil
	}
	return p.Gallery.Videos()
}

// made is how many posts of account have the caption.
func (p *phone) made(account, caption string) (n int) {
	posts, _ := p.Service.Posts(account)
	for _, post := range posts {
		if post.Caption == caption {
			n++
		}
	}
	return n
}

// do does what a worker asks.
func (p *phone) do(ctx context.Context, o Order) (string, error) {
	switch o.Call {
	case callNote:
		p.note(o.Note)
	case callConnect:
		return "", p.Connect(ctx)
	case callLaunch:
		return "", p.Launch(ctx, o.Text)
	case callUpload:
		return p.Upload(ctx, o.File, o.Text)
	case callRemove:
		return "", p.Remove(ctx, o.Text)
	case callSource:
		return p.source(ctx)
	case callScreenshot:
		picture, err := p.Screenshot(ctx)
		return string(picture), err
	case callTap:
		return "", p.tap(ctx, o.From)
	case callSwipe:
		return "", p.Swipe(ctx, o.From.X, o.From.Y, o.To.X, o.To.Y, 0)
	case callType:
		return "", p.Type(ctx, o.Text)
	case callBack:
		return "", p.Back(ctx)
	}
	return "", nil
}

// link is what a call fails with.
func (p *phone) link(_ context.Context, _ int, call string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if call == callConnect && p.connectErr != nil {
		return p.connectErr
	}
	if p.away > 0 {
		if call == callConnect {
			p.away--
		}
		return fault.Errorf(fault.Infra, "%s: link lost", call)
	}
	if call != callLaunch {
		return nil
	}
	if p.coverLaunches--; p.coverLaunches < 0 {
		p.cover = ""
	}
	if p.launchErr != nil {
		return fmt.Errorf("launch: %w", p.launchErr)
	}
	return nil
}

func (p *phone) source(ctx context.Context) (string, error) {
	source, err := p.Source(ctx)
	p.mu.Lock()
	defer p.mu.Unlock()
	if err == nil && p.cover != "" {
		return p.cover, nil
	}
	return source, err
}

// tap touches the screen. Touching what publishes is an event, whose job is not
// known here.
func (p *phone) tap(ctx context.Context, at image.Point) error {
	n := p.Screen().Hit(at)
	err := p.Tap(ctx, at.X, at.Y)
	if err == nil && n != nil && n.Name == handset.Share {
		p.note(event{What: evTap})
	}
	return err
}

// change sets what the phone is from now on.
func (p *phone) change(set func(p *phone)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	set(p)
}
