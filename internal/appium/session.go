package appium

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/url"
)

// Strategy is how Find searches.
type Strategy string

// The strategies of the UiAutomator2 driver.
const (
	ByID              Strategy = "id"
	ByXPath           Strategy = "xpath"
	ByAccessibilityID Strategy = "accessibility id"
	ByClassName       Strategy = "class name"
	ByUIAutomator     Strategy = "-android uiautomator"
)

// elementKey is the W3C's name for an element reference.
const elementKey = "element-6066-11e4-a52e-4f735466cecf"

// errNoSession is a success without a session in it.
var errNoSession = errors.New("appium: answer has no session id")

// Session is one driver session. Its methods are safe for concurrent use, but
// the driver runs one command after the other. A session lives until Delete,
// until its newCommandTimeout, or until its server ends.
type Session struct {
	client *Client
	id     string
	caps   map[string]any
}

// NewSession makes a session that has exactly the capabilities caps, whose
// names carry their vendor's prefix ("appium:udid").
func (c *Client) NewSession(ctx context.Context, caps map[string]any) (*Session, error) {
	in := map[string]any{"capabilities": map[string]any{
		"alwaysMatch": caps,
		"firstMatch":  []any{map[string]any{}},
	}}
	var out struct {
		SessionID    string         `json:"sessionId"`
		Capabilities map[string]any `json:"capabilities"`
	}
	if err := c.callWithin(ctx, c.timeouts.NewSession, http.MethodPost, "/session", in, &out); err != nil {
		return nil, fmt.Errorf("create session: %w", err)
	}
	if out.SessionID == "" {
		return nil, errNoSession
	}
	return &Session{client: c, id: out.SessionID, caps: out.Capabilities}, nil
}

// ID returns the session's id at the server.
func (s *Session) ID() string { return s.id }

// Capability returns a text capability the driver reported, such as
// deviceUDID, or "".
func (s *Session) Capability(name string) string {
	v, _ := s.caps[name].(string)
	return v
}

// Delete ends the session. On a frozen phone it takes as long as the driver's
// timeouts together: give ctx a deadline.
func (s *Session) Delete(ctx context.Context) error {
	return s.do(ctx, "delete session", http.MethodDelete, "", nil, nil)
}

// Source returns the screen's element tree as XML, as the driver gives it.
func (s *Session) Source(ctx context.Context) (string, error) {
	var xml string
	err := s.do(ctx, "get source", http.MethodGet, "/source", nil, &xml)
	return xml, err
}

// Screenshot returns the screen as PNG.
func (s *Session) Screenshot(ctx context.Context) ([]byte, error) {
	var text string
	if err := s.do(ctx, "take screenshot", http.MethodGet, "/screenshot", nil, &text); err != nil {
		return nil, err
	}
	png, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return nil, fmt.Errorf("decode screenshot: %w", err)
	}
	return png, nil
}

// Rect is a place on the screen in pixels.
type Rect struct {
	X      int `json:"x"`
	Y      int `json:"y"`
	Width  int `json:"width"`
	Height int `json:"height"`
}

// WindowRect returns the size of the screen. The driver asks the phone each
// time, so that it serves as a sign of life as well.
func (s *Session) WindowRect(ctx context.Context) (Rect, error) {
	var r Rect
	err := s.do(ctx, "get window rect", http.MethodGet, "/window/rect", nil, &r)
	return r, err
}

// Back presses the back button.
func (s *Session) Back(ctx context.Context) error {
	return s.do(ctx, "press back", http.MethodPost, "/back", struct{}{}, nil)
}

// Execute runs an extension command such as "mobile: activateApp" and decodes
// what it returns into out, unless that is nil.
func (s *Session) Execute(ctx context.Context, command string, args map[string]any, out any) error {
	if args == nil {
		args = map[string]any{}
	}
	in := map[string]any{"script": command, "args": []any{args}}
	return s.do(ctx, "execute "+command, http.MethodPost, "/execute/sync", in, out)
}

func (s *Session) do(ctx context.Context, what, method, path string, in, out any) error {
	err := s.client.call(ctx, method, "/session/"+url.PathEscape(s.id)+path, in, out)
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return nil
}
