package appium

import (
	"context"
	"errors"
	"net/http"
	"net/url"
)

// errNoElement is a success without an element in it.
var errNoElement = errors.New("appium: answer has no element id")

// Find returns the id of the first element that matches. When there is none
// the error is IsNoSuchElement. It does not wait.
func (s *Session) Find(ctx context.Context, by Strategy, selector string) (string, error) {
	in := map[string]string{"using": string(by), "value": selector}
	return s.element(ctx, "find element", http.MethodPost, "/element", in)
}

// ActiveElement returns the id of the element that has the focus. When there
// is none the error is IsNoSuchElement.
func (s *Session) ActiveElement(ctx context.Context) (string, error) {
	return s.element(ctx, "find focused element", http.MethodGet, "/element/active", nil)
}

func (s *Session) element(ctx context.Context, what, method, path string, in any) (string, error) {
	var ref map[string]string
	if err := s.do(ctx, what, method, path, in, &ref); err != nil {
		return "", err
	}
	if ref[elementKey] == "" {
		return "", errNoElement
	}
	return ref[elementKey], nil
}

// Click taps the element's middle.
func (s *Session) Click(ctx context.Context, element string) error {
	return s.do(ctx, "click", http.MethodPost, elementPath(element, "click"), struct{}{}, nil)
}

// SendKeys appends text, of any script, to what the element holds.
func (s *Session) SendKeys(ctx context.Context, element, text string) error {
	in := map[string]string{"text": text}
	return s.do(ctx, "send keys", http.MethodPost, elementPath(element, "value"), in, nil)
}

// Clear empties the element.
func (s *Session) Clear(ctx context.Context, element string) error {
	return s.do(ctx, "clear", http.MethodPost, elementPath(element, "clear"), struct{}{}, nil)
}

// Text returns what the element holds. An empty field gives its hint.
func (s *Session) Text(ctx context.Context, element string) (string, error) {
	var text string
	err := s.do(ctx, "get text", http.MethodGet, elementPath(element, "text"), nil, &text)
	return text, err
}

// Attribute returns an attribute of the element as text ("true", "null").
func (s *Session) Attribute(ctx context.Context, element, name string) (string, error) {
	var v string
	path := elementPath(element, "attribute/"+url.PathEscape(name))
	err := s.do(ctx, "get attribute "+name, http.MethodGet, path, nil, &v)
	return v, err
}

func elementPath(element, rest string) string {
	return "/element/" + url.PathEscape(element) + "/" + rest
}
