package handset

import (
	"context"
	"fmt"
	"image"
	"strings"
	"time"
)

// Source returns what is on the screen as UiAutomator2 writes it.
func (h *Handset) Source(ctx context.Context) (string, error) {
	if err := h.call(ctx, "source"); err != nil {
		return "", err
	}
	source := h.Screen().XML()
	if h.cfg.Terse {
		source = terse(source)
	}
	return source, nil
}

func terse(source string) string {
	return strings.NewReplacer(
		` checkable="false"`, "", ` checked="false"`, "", ` clickable="false"`, "", ` focusable="false"`, "",
		` focusable="true"`, "", ` focused="false"`, "", ` long-clickable="false"`, "", ` password="false"`, "",
		` scrollable="false"`, "", ` selected="false"`, "", ` displayed="true"`, "", ` text=""`, "",
	).Replace(source)
}

// Tap touches a point of the screen.
func (h *Handset) Tap(ctx context.Context, x, y int) error {
	if err := h.call(ctx, "tap"); err != nil {
		return err
	}
	s, at := h.Screen(), image.Pt(x, y)
	n := s.Hit(at)
	if n != nil {
		h.mu.Lock()
		h.touched = append(h.touched, s.Name+"/"+n.Name)
		h.mu.Unlock()
	}
	if h.cfg.Stage == nil || !h.cfg.Stage.Touch(s.Name, n) {
		h.App.Tap(at)
	}
	return nil
}

// Swipe moves a finger from the first point to the second, at once.
func (h *Handset) Swipe(ctx context.Context, x1, y1, x2, y2 int, _ time.Duration) error {
	if err := h.call(ctx, "swipe"); err != nil {
		return err
	}
	h.App.Swipe(image.Pt(x1, y1), image.Pt(x2, y2))
	return nil
}

// Type replaces the text of the field that has the focus; without one it returns
// ErrNoFocus.
func (h *Handset) Type(ctx context.Context, text string) error {
	if err := h.call(ctx, "type"); err != nil {
		return err
	}
	s := h.Screen()
	field := s.Focused()
	switch {
	case h.cfg.Stage != nil && h.cfg.Stage.Type(s.Name, field, text):
		return nil
	case field == nil:
		return fmt.Errorf("type: %w", ErrNoFocus)
	}
	return h.App.SetText(field.Ref, text)
}

// Back presses the back key.
func (h *Handset) Back(ctx context.Context) error {
	if err := h.call(ctx, "back"); err != nil {
		return err
	}
	if h.cfg.Stage == nil || !h.cfg.Stage.Back(h.Screen().Name) {
		const backKey = 4
		h.App.Key(backKey)
	}
	return nil
}
