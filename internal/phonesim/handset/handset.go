package handset

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"postfleet/internal/phonesim/app"
	"postfleet/internal/phonesim/ui"
)

// Errors of this package.
var (
	// ErrNotInstalled is Launch's for any app but the sample app.
	ErrNotInstalled = errors.New("handset: not installed")
	// ErrNoFocus is Type's when no field has the focus.
	ErrNoFocus = errors.New("handset: no field has the focus")
)

// Config is what New needs.
type Config struct {
	// App is the sample app's. A Store or a Gallery that is nil is the handset's.
	App app.Config
	// Skin is what the app looks like; 0 is the original.
	Skin int
	// Terse leaves out of Source what says nothing, such as attributes that are
	// false: a walk then takes half as long.
	Terse bool
	// Renderer draws screenshots; nil is a blank picture.
	Renderer *ui.Renderer
	// CallFunc is called before the n-th call, from 1, is done, and may fail it.
	// A call is named after its method, in lower case, and an upload after its
	// file as well: "upload reel.mp4". Nil lets all pass whose context is alive.
	CallFunc func(ctx context.Context, n int, call string) error
	// Stage stands before the app; nil is none.
	Stage Stage
}

// Handset is a phone with the sample app. All methods are safe for concurrent
// use, as far as CallFunc and Stage are.
type Handset struct {
	// App is what is on the screen.
	App *app.App
	// Service is what App posts to, and Gallery where it finds videos, unless the
	// Config had others.
	Service *Service
	Gallery *Gallery

	cfg Config

	mu      sync.Mutex
	calls   []string
	touched []string
}

// New returns a phone on which the app is not running. Close it. Its errors are
// app.New's and those of a skin that there is not.
func New(cfg Config) (*Handset, error) {
	h := &Handset{Service: &Service{}, Gallery: &Gallery{}, cfg: cfg}
	if cfg.App.Store == nil {
		cfg.App.Store = h.Service
	}
	if cfg.App.Gallery == nil {
		cfg.App.Gallery = h.Gallery
	}
	var err error
	if h.App, err = app.New(cfg.App); err != nil {
		return nil, fmt.Errorf("start the sample app: %w", err)
	}
	if cfg.Skin > 0 {
		if err := h.App.Inject(app.FaultReskin, cfg.Skin); err != nil {
			h.App.Close()
			return nil, fmt.Errorf("update the sample app: %w", err)
		}
	}
	return h, nil
}

// Close ends the app and waits for what it has under way.
func (h *Handset) Close() { h.App.Close() }

// Screen returns what is on the screen now, dressed by the stage. The tree is the
// caller's own.
func (h *Handset) Screen() ui.Screen {
	s := h.App.Screen()
	if h.cfg.Stage != nil {
		h.cfg.Stage.Dress(&s)
	}
	return s
}

// Calls lists the calls so far, failed ones too, by the names that CallFunc has.
func (h *Handset) Calls() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.calls)
}

// Touched lists what was touched so far, as page and element: "share/share_button".
func (h *Handset) Touched() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.touched)
}

// Shares is how often the button that publishes was touched.
func (h *Handset) Shares() (n int) {
	for _, what := range h.Touched() {
		if strings.HasSuffix(what, "/"+Share) {
			n++
		}
	}
	return n
}

// call is what every call begins with.
func (h *Handset) call(ctx context.Context, name string) error {
	h.mu.Lock()
	h.calls = append(h.calls, name)
	n := len(h.calls)
	h.mu.Unlock()
	if h.cfg.CallFunc != nil {
		if err := h.cfg.CallFunc(ctx, n, name); err != nil {
			return err
		}
	}
	if ctx.Err() != nil {
		return fmt.Errorf("%s: %w", name, ctx.Err())
	}
	return nil
}
