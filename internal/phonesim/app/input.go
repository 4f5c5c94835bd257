package app

import (
	"fmt"
	"image"
	"unicode/utf8"
)

// Android key codes that do something.
const (
	keyHome   = 3
	keyBack   = 4
	keyEnter  = 66
	keyDelete = 67
	keyEscape = 111
)

const (
	// slop is how far, in pixels, a finger may wander and still tap.
	slop = 24
	// rowHeight is how far a finger scrolls to move the content by a row.
	rowHeight = 340
)

// Tap touches the screen for a moment.
func (a *App) Tap(p image.Point) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.tap(p)
}

func (a *App) tap(p image.Point) {
	n := a.screen().Hit(p)
	if n == nil {
		return
	}
	if n.Editable() {
		a.focus = n.Name
		return
	}
	a.top().tap(a, n)
	a.settle()
}

// LongPress touches the screen for longer; no view of the app tells it from a
// tap.
func (a *App) LongPress(p image.Point) { a.Tap(p) }

// Swipe drags a finger. A swipe too short to be one is a tap.
func (a *App) Swipe(from, to image.Point) {
	a.mu.Lock()
	defer a.mu.Unlock()
	d := from.Sub(to)
	if max(d.X, -d.X, d.Y, -d.Y) <= slop {
		a.tap(from)
		return
	}
	if s, ok := a.top().page.(scroller); ok {
		s.scroll(a, rows(d.Y))
	}
}

// rows rounds a drag away from zero, so that every drag moves something.
func rows(dy int) int {
	switch {
	case dy > 0:
		return (dy + rowHeight - 1) / rowHeight
	case dy < 0:
		return (dy - rowHeight + 1) / rowHeight
	}
	return 0
}

// SetText replaces the text of the field with that ui.Node.Ref. It returns
// ErrNotEditable when the field is gone or no text field.
func (a *App) SetText(ref, text string) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	n := a.screen().Find(ref)
	if n == nil || !n.Editable() {
		return fmt.Errorf("set text of %s: %w", ref, ErrNotEditable)
	}
	field := a.field(n.Name)
	if field == nil {
		return fmt.Errorf("set text of %s: %w", n.Name, ErrNotEditable)
	}
	*field = text
	return nil
}

// Type appends text to the field that has the focus, as a keyboard does; it
// reports whether there was one.
func (a *App) Type(text string) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.typeText(text)
}

func (a *App) typeText(text string) bool {
	field := a.field(a.focus)
	if field == nil {
		return false
	}
	*field += text
	return true
}

// field returns the text behind a field of the page on top, or nil.
func (a *App) field(name string) *string {
	if f, ok := a.top().page.(form); ok && name != "" {
		return f.field(name)
	}
	return nil
}

// Key presses a key of the phone by its Android key code. Keys that mean
// nothing here are ignored, as on a phone.
func (a *App) Key(code int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	switch code {
	case keyHome:
		a.leave(&launcher{})
	case keyBack, keyEscape:
		a.top().back(a)
		a.settle()
	case keyEnter:
		a.typeText("\n")
	case keyDelete:
		if field := a.field(a.focus); field != nil {
			_, size := utf8.DecodeLastRuneInString(*field)
			*field = (*field)[:len(*field)-size]
		}
	}
}
