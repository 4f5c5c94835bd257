package uia2

import (
	"fmt"
	"strings"

	"postfleet/internal/phonesim/ui"
)

// Keys under which an element's id travels: W3C's and the old one.
const (
	w3cElementKey = "element-6066-11e4-a52e-4f735466cecf"
	oldElementKey = "ELEMENT"
)

// elements gives ids to views. A view keeps its id for the session.
type elements struct {
	refs map[string]string // by id
	ids  map[string]string // by ref
}

func newElements() elements {
	return elements{refs: map[string]string{}, ids: map[string]string{}}
}

// model is how an element is told to the driver.
func (s *Server) model(n *ui.Node) map[string]string {
	s.mu.Lock()
	defer s.mu.Unlock()
	id, ok := s.elements.ids[n.Ref]
	if !ok {
		id = fmt.Sprintf("00000000-0000-%04x-ffff-ffff%08x", s.opened, len(s.elements.ids)+1)
		s.elements.ids[n.Ref], s.elements.refs[id] = id, n.Ref
	}
	return map[string]string{w3cElementKey: id, oldElementKey: id}
}

// element resolves an id on the screen as it is now.
func (s *Server) element(id string) (*ui.Node, error) { return s.resolve(s.phone.Screen(), id) }

// resolve finds the view with that id on screen. Ids that are not, or no
// longer, of a view there are stale.
func (s *Server) resolve(screen ui.Screen, id string) (*ui.Node, error) {
	s.mu.Lock()
	ref, ok := s.elements.refs[id]
	s.mu.Unlock()
	if ok {
		if n := screen.Find(ref); n != nil {
			return n, nil
		}
	}
	return nil, errStale(id)
}

// onElement makes a handler of a question about the element in the path.
func (s *Server) onElement(c *call, ask func(*ui.Node) (any, error)) (any, error) {
	n, err := s.element(c.r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	return ask(n)
}

func (s *Server) activeElement(*call) (any, error) {
	n := s.phone.Screen().Focused()
	if n == nil {
		return nil, errNoElement()
	}
	return s.model(n), nil
}

// click touches the middle of the element, as the real server does.
func (s *Server) click(c *call) (any, error) {
	return s.onElement(c, func(n *ui.Node) (any, error) {
		s.phone.Tap(n.Center())
		return nil, nil
	})
}

// setValue writes into the element: over its text with "replace", after it
// without.
func (s *Server) setValue(c *call) (any, error) {
	var body struct {
		Text    string   `json:"text"`
		Value   []string `json:"value"`
		Replace bool     `json:"replace"`
	}
	if err := c.read(&body); err != nil {
		return nil, err
	}
	text := body.Text
	if text == "" {
		text = strings.Join(body.Value, "")
	}
	return s.onElement(c, func(n *ui.Node) (any, error) {
		if !body.Replace {
			text = n.Text + text
		}
		return nil, s.setText(n, text)
	})
}

func (s *Server) clear(c *call) (any, error) {
	return s.onElement(c, func(n *ui.Node) (any, error) { return nil, s.setText(n, "") })
}

func (s *Server) setText(n *ui.Node, text string) error {
	if err := s.phone.SetText(n.Ref, text); err != nil {
		return errElementState(fmt.Sprintf("Cannot set the element to '%s'. "+
			"Did you interact with the correct element?", text), err)
	}
	return nil
}

func (s *Server) text(c *call) (any, error) {
	return s.onElement(c, func(n *ui.Node) (any, error) { return n.ShownText(), nil })
}

func (s *Server) contentDesc(c *call) (any, error) {
	return s.onElement(c, func(n *ui.Node) (any, error) { return orNull(n.Desc), nil })
}

func (s *Server) rect(c *call) (any, error) {
	return s.onElement(c, func(n *ui.Node) (any, error) { return rectOf(n.Bounds), nil })
}

func (s *Server) location(c *call) (any, error) {
	return s.onElement(c, func(n *ui.Node) (any, error) {
		return map[string]int{"x": n.Bounds.Min.X, "y": n.Bounds.Min.Y}, nil
	})
}

func (s *Server) size(c *call) (any, error) {
	return s.onElement(c, func(n *ui.Node) (any, error) {
		return map[string]int{"width": n.Bounds.Dx(), "height": n.Bounds.Dy()}, nil
	})
}

func (s *Server) displayed(c *call) (any, error) {
	return s.onElement(c, func(*ui.Node) (any, error) { return true, nil })
}

func (s *Server) enabled(c *call) (any, error) {
	return s.onElement(c, func(n *ui.Node) (any, error) { return n.Enabled, nil })
}

func (s *Server) selected(c *call) (any, error) {
	return s.onElement(c, func(n *ui.Node) (any, error) { return n.Selected, nil })
}

func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}
