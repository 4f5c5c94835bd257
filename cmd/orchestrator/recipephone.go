package main

import (
	"context"
	"errors"
	"fmt"
	"image"
	"slices"
	"time"

	"postfleet/internal/navigator"
	sample "postfleet/internal/phonesim/app"
)

var _ navigator.Screen = (*samplePhone)(nil)

// samplePhone is a phone whose screen is the sample app, without adb or Appium
// between. It has one video and one post.
type samplePhone struct{ app *sample.App }

func newSamplePhone(account, language string, skin int) (*samplePhone, error) {
	others := slices.DeleteFunc([]string{"shop_b", "shop_c"}, func(name string) bool { return name == account })
	a, err := sample.New(sample.Config{
		Accounts: append(others, account), Store: sampleStore{account}, Gallery: sampleGallery{},
		Language: sample.Language(language),
	})
	if err != nil {
		return nil, fmt.Errorf("start the sample app: %w", err)
	}
	if skin > 0 {
		if err := a.Inject(sample.FaultReskin, skin); err != nil {
			return nil, fmt.Errorf("start the sample app: %w", err)
		}
	}
	return &samplePhone{app: a}, nil
}

// Source implements navigator.Screen.
func (p *samplePhone) Source(context.Context) (string, error) { return p.app.Screen().XML(), nil }

// Tap implements navigator.Screen.
func (p *samplePhone) Tap(_ context.Context, x, y int) error {
	p.app.Tap(image.Pt(x, y))
	return nil
}

// Swipe implements navigator.Screen.
func (p *samplePhone) Swipe(_ context.Context, x1, y1, x2, y2 int, _ time.Duration) error {
	p.app.Swipe(image.Pt(x1, y1), image.Pt(x2, y2))
	return nil
}

// Type implements navigator.Screen.
func (p *samplePhone) Type(_ context.Context, text string) error {
	field := p.app.Screen().Focused()
	if field == nil {
		return errors.New("no field has the focus")
	}
	return p.app.SetText(field.Ref, text)
}

// Back implements navigator.Screen.
func (p *samplePhone) Back(context.Context) error {
	const backKey = 4
	p.app.Key(backKey)
	return nil
}

// sampleStore is a service that has one post, and takes no other.
type sampleStore struct{ account string }

// Add implements sample.Store.
func (sampleStore) Add(sample.Post) error { return errors.New("a try publishes nothing") }

// Posts implements sample.Store.
func (s sampleStore) Posts(account string) ([]sample.Post, error) {
	if account != s.account {
		return nil, nil
	}
	return []sample.Post{{Account: account, Caption: "An older post.", VideoSHA256: "older"}}, nil
}

// sampleGallery holds one video.
type sampleGallery struct{}

// Videos implements sample.Gallery.
func (sampleGallery) Videos() []sample.Video {
	return []sample.Video{{Path: "/sdcard/Movies/try.mp4", SHA256: "try", Bytes: 1, Created: time.Now()}}
}
