package appium

import (
	"context"
	"net/http"
	"time"
)

// tapHold is how long a tap's finger stays down: long enough to be noticed by
// every view, far too short for a long press.
const tapHold = 60 * time.Millisecond

// PointerStep is one W3C pointer action. Make one with MoveTo, Press, Pause or
// Lift.
type PointerStep struct {
	Type       string `json:"type"`
	Button     *int   `json:"button,omitempty"`
	DurationMS *int64 `json:"duration,omitempty"`
	Origin     string `json:"origin,omitempty"`
	X          *int   `json:"x,omitempty"`
	Y          *int   `json:"y,omitempty"`
}

// MoveTo moves the finger to a point of the screen, taking d.
func MoveTo(x, y int, d time.Duration) PointerStep {
	ms := d.Milliseconds()
	return PointerStep{Type: "pointerMove", DurationMS: &ms, Origin: "viewport", X: &x, Y: &y}
}

// Press puts the finger down.
func Press() PointerStep { return PointerStep{Type: "pointerDown", Button: new(int)} }

// Lift takes the finger up.
func Lift() PointerStep { return PointerStep{Type: "pointerUp", Button: new(int)} }

// Pause holds still for d.
func Pause(d time.Duration) PointerStep {
	ms := d.Milliseconds()
	return PointerStep{Type: "pause", DurationMS: &ms}
}

// PerformActions moves one finger. It returns when the last step is done.
func (s *Session) PerformActions(ctx context.Context, steps ...PointerStep) error {
	in := map[string]any{"actions": []any{map[string]any{
		"type":       "pointer",
		"id":         "finger1",
		"parameters": map[string]string{"pointerType": "touch"},
		"actions":    steps,
	}}}
	return s.do(ctx, "perform actions", http.MethodPost, "/actions", in, nil)
}

// Tap taps a point of the screen, in pixels.
func (s *Session) Tap(ctx context.Context, x, y int) error {
	return s.PerformActions(ctx, MoveTo(x, y, 0), Press(), Pause(tapHold), Lift())
}

// Swipe moves the finger from one point to another in d.
func (s *Session) Swipe(ctx context.Context, x1, y1, x2, y2 int, d time.Duration) error {
	return s.PerformActions(ctx, MoveTo(x1, y1, 0), Press(), MoveTo(x2, y2, d), Lift())
}
