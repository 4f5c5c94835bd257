package device

import (
	"context"
	"fmt"
	"unicode/utf8"

	"postfleet/internal/appium"
	"postfleet/internal/fault"
)

// Type replaces the text of the focused field, line breaks and any script
// included, and reads it back: only an exact match is a success.
func (c *Controller) Type(ctx context.Context, text string) error {
	if !utf8.ValidString(text) {
		return fault.Errorf(fault.Input, "type: text is not UTF-8: %+.80q", text)
	}
	return c.drive(ctx, "type", func(s *appium.Session) error { return replaceText(ctx, s, text) })
}

func replaceText(ctx context.Context, s *appium.Session, text string) error {
	field, err := s.ActiveElement(ctx)
	if appium.IsNoSuchElement(err) {
		return fmt.Errorf("%w: %w", ErrNoFocus, err)
	}
	if err != nil {
		return err
	}
	if err := s.Clear(ctx, field); err != nil {
		return err
	}
	if text == "" {
		return nil // an empty field reads as its hint, so there is nothing to compare
	}
	if err := s.SendKeys(ctx, field, text); err != nil {
		return err
	}
	got, err := s.Text(ctx, field)
	if err != nil {
		return err
	}
	if got != text {
		return fmt.Errorf("%w: has %+.80q, not %+.80q", ErrTextDiffers, got, text)
	}
	return nil
}
