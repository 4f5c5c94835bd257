package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"image"
	"image/png"
	"os"
	"path"
	"time"

	"postfleet/internal/fault"
	"postfleet/internal/guide"
	sample "postfleet/internal/phonesim/app"
	"postfleet/internal/phonesim/ui"
	"postfleet/internal/posting"
)

// phone is a device whose screen is the sample app, without adb or Appium
// between.
type phone struct {
	service
	gallery

	app      *sample.App
	renderer *ui.Renderer
	// shares is how often what publishes was tapped.
	shares int
}

var (
	_ posting.Device = (*phone)(nil)
	_ guide.Phone    = (*phone)(nil)
)

// newPhone returns a phone that account is on, but not in front, with so many
// posts of its own. Close its app.
func newPhone(l *lab, skin int, language sample.Language, account string, posts int) (*phone, error) {
	p := &phone{renderer: l.renderer}
	for i := range posts {
		p.posts = append(p.posts, sample.Post{Account: account, Caption: fmt.Sprintf("Older %d", i)})
	}
	var err error
	p.app, err = sample.New(sample.Config{
		Accounts: []string{"shop_other", account, "shop_third"}, Store: &p.service, Gallery: &p.gallery,
		Language: language, UploadTime: l.cfg.upload,
	})
	if err != nil {
		return nil, fmt.Errorf("start the sample app: %w", err)
	}
	if skin > 0 {
		if err := p.app.Inject(sample.FaultReskin, skin); err != nil {
			return nil, fmt.Errorf("update the sample app: %w", err)
		}
	}
	return p, nil
}

// Connect implements posting.Device.
func (*phone) Connect(ctx context.Context) error { return ctx.Err() }

// Launch implements posting.Device.
func (p *phone) Launch(_ context.Context, id string) error {
	if id != sample.Package {
		return fault.Errorf(fault.Human, "launch %s: not installed", id)
	}
	p.app.Stop()
	p.app.Start()
	return nil
}

// Upload implements posting.Device.
func (p *phone) Upload(_ context.Context, local, name string) (string, error) {
	content, err := os.ReadFile(local)
	if err != nil {
		return "", fmt.Errorf("upload: %w", err)
	}
	sum := sha256.Sum256(content)
	remote := path.Join("/sdcard/Movies", name)
	p.put(sample.Video{
		Path: remote, SHA256: hex.EncodeToString(sum[:]), Bytes: int64(len(content)), Created: time.Now(),
	})
	return remote, nil
}

// Remove implements posting.Device.
func (p *phone) Remove(_ context.Context, remote string) error {
	p.remove(remote)
	return nil
}

// Screenshot implements posting.Device and guide.Phone.
func (p *phone) Screenshot(context.Context) ([]byte, error) {
	if p.renderer != nil {
		return p.renderer.PNG(p.app.Screen())
	}
	var b bytes.Buffer
	err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 1, 1)))
	return b.Bytes(), err
}

// Version implements guide.Phone.
func (p *phone) Version(context.Context, string) (string, error) {
	name, _ := p.app.Skin().Version()
	return name, nil
}

// Source implements navigator.Screen.
func (p *phone) Source(context.Context) (string, error) { return p.app.Screen().XML(), nil }

// Tap implements navigator.Screen.
func (p *phone) Tap(_ context.Context, x, y int) error {
	at := image.Pt(x, y)
	if n := p.app.Screen().Hit(at); n != nil && n.Name == "share_button" {
		p.shares++
	}
	p.app.Tap(at)
	return nil
}

// Swipe implements navigator.Screen.
func (p *phone) Swipe(_ context.Context, x1, y1, x2, y2 int, _ time.Duration) error {
	p.app.Swipe(image.Pt(x1, y1), image.Pt(x2, y2))
	return nil
}

// Type implements navigator.Screen.
func (p *phone) Type(_ context.Context, text string) error {
	field := p.app.Screen().Focused()
	if field == nil {
		return fault.Errorf(fault.Infra, "type: no field has the focus")
	}
	return p.app.SetText(field.Ref, text)
}

// Back implements navigator.Screen.
func (p *phone) Back(context.Context) error {
	const backKey = 4
	p.app.Key(backKey)
	return nil
}
