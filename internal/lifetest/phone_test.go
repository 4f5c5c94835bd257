package lifetest

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"image"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"postfleet/internal/fault"
	"postfleet/internal/phonesim/app"
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

// phone is a phone with the sample app, and the service behind the app. It
// outlives workers. All methods are safe for concurrent use.
type phone struct {
	*app.App

	mu     sync.Mutex
	posts  []app.Post // newest first
	files  []app.Video
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
	a, err := app.New(app.Config{
		Accounts: []string{"shop_b", "shop_a"}, Store: p, Gallery: p, MediaGranted: true,
		UploadTime: uploadTime,
		PostThenDieFunc: func(app.Post) {
			const connects = 2 // fewer than a worker makes before it gives up
			p.change(func(p *phone) { p.away = connects })
			p.Stop()
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	p.App = a
	t.Cleanup(a.Close)
	for _, caption := range []string{"oldest", "older"} {
		_ = p.Add(app.Post{Account: "shop_a", Caption: caption}) // it takes everything
	}
	return p
}

// Add implements app.Store.
func (p *phone) Add(post app.Post) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.posts = slices.Insert(p.posts, 0, post)
	return nil
}

// Posts implements app.Store.
func (p *phone) Posts(account string) ([]app.Post, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(p.posts), func(post app.Post) bool { return post.Account != account }), nil
}

// Videos implements app.Gallery.
func (p *phone) Videos() []app.Video {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.blind {
		return nil
	}
	return slices.Clone(p.files)
}

// made is how many posts of account have the caption.
func (p *phone) made(account, caption string) (n int) {
	posts, _ := p.Posts(account)
	for _, post := range posts {
		if post.Caption == caption {
			n++
		}
	}
	return n
}

// do does what a worker asks.
func (p *phone) do(o Order) (string, error) {
	if o.Call == callNote {
		p.note(o.Note)
		return "", nil
	}
	if err := p.link(o.Call); err != nil {
		return "", err
	}
	switch o.Call {
	case callLaunch:
		return "", p.launch(o.Text)
	case callUpload:
		return p.upload(o.File, o.Text)
	case callRemove:
		p.remove(o.Text)
	case callSource:
		return p.source(), nil
	case callScreenshot:
		return "a picture", nil
	case callTap:
		p.tap(o.From)
	case callSwipe:
		p.Swipe(o.From, o.To)
	case callType:
		return "", p.enter(o.Text)
	case callBack:
		const backKey = 4
		p.Key(backKey)
	}
	return "", nil
}

// link is what a call fails with when the phone cannot be reached.
func (p *phone) link(call string) error {
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
	return nil
}

func (p *phone) launch(id string) error {
	p.mu.Lock()
	err := p.launchErr
	if p.coverLaunches--; p.coverLaunches < 0 {
		p.cover = ""
	}
	p.mu.Unlock()
	if err != nil {
		return fmt.Errorf("launch %s: %w", id, err)
	}
	p.Stop()
	p.Start()
	return nil
}

func (p *phone) upload(file, name string) (string, error) {
	content, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(content)
	p.mu.Lock()
	defer p.mu.Unlock()
	remote := "/sdcard/Movies/" + name
	p.files = slices.Insert(p.files, 0, app.Video{
		Path: remote, SHA256: hex.EncodeToString(sum[:]), Bytes: int64(len(content)), Created: time.Now(),
	})
	return remote, nil
}

func (p *phone) remove(remote string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.files = slices.DeleteFunc(p.files, func(v app.Video) bool { return v.Path == remote })
}

func (p *phone) source() string {
	p.mu.Lock()
	cover := p.cover
	p.mu.Unlock()
	if cover != "" {
		return cover
	}
	return p.Screen().XML()
}

// tap touches the screen. Touching what publishes is an event, whose job is not
// known here.
func (p *phone) tap(at image.Point) {
	n := p.Screen().Hit(at)
	p.Tap(at)
	if n != nil && n.Name == "share_button" {
		p.note(event{What: evTap})
	}
}

func (p *phone) enter(text string) error {
	field := p.Screen().Focused()
	if field == nil {
		return errors.New("no field has the focus")
	}
	return p.SetText(field.Ref, text)
}

// change sets what the phone is from now on.
func (p *phone) change(set func(p *phone)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	set(p)
}
