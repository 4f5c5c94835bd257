package uia2

import (
	"encoding/json"
	"image"
	"math"
	"time"
)

const (
	// longPress is how long a finger rests before Android calls it a long press.
	longPress = 500 * time.Millisecond
	// moved is how far it goes, in pixels, before it is a swipe.
	moved = 24
)

// source is one input source of W3C actions.
type source struct {
	Type    string   `json:"type"`
	Actions []action `json:"actions"`
}

// action is one step of a source. Which fields count depends on its type.
type action struct {
	Type     string          `json:"type"`
	Duration float64         `json:"duration"`
	X        float64         `json:"x"`
	Y        float64         `json:"y"`
	Origin   json.RawMessage `json:"origin"`
	Value    string          `json:"value"`
}

// performActions carries out the sources one after the other. The phone's
// screen knows one finger, so there is nothing to keep in step. Pauses and
// durations are not waited for; they only tell a tap from a long press.
func (s *Server) performActions(c *call) (any, error) {
	var body struct {
		Actions []source `json:"actions"`
	}
	if err := c.read(&body); err != nil {
		return nil, err
	}
	for _, src := range body.Actions {
		if err := s.perform(src); err != nil {
			return nil, err
		}
	}
	return nil, nil
}

func (s *Server) perform(src source) error {
	switch src.Type {
	case "pointer":
		return s.performPointer(src.Actions)
	case "key":
		return s.performKeys(src.Actions)
	case "none":
		return nil
	}
	return errArgument("input source type %q is not supported", src.Type)
}

// finger follows a pointer from its way down to its way up.
type finger struct {
	at, down image.Point
	pressed  bool
	held     time.Duration
}

func (s *Server) performPointer(actions []action) error {
	var f finger
	for _, a := range actions {
		duration := time.Duration(a.Duration * float64(time.Millisecond))
		switch a.Type {
		case "pointerMove":
			to, err := s.target(a, f.at)
			if err != nil {
				return err
			}
			f.at = to
			f.held += duration
		case "pointerDown":
			f.down, f.pressed, f.held = f.at, true, 0
		case "pointerUp":
			if f.pressed {
				s.release(f)
			}
			f.pressed = false
		case "pause":
			f.held += duration
		default:
			return errArgument("pointer action type %q is not supported", a.Type)
		}
	}
	return nil
}

// release turns what the finger did into a touch of the phone.
func (s *Server) release(f finger) {
	d := f.at.Sub(f.down)
	switch {
	case max(d.X, -d.X, d.Y, -d.Y) > moved:
		s.phone.Swipe(f.down, f.at)
	case f.held >= longPress:
		s.phone.LongPress(f.down)
	default:
		s.phone.Tap(f.down)
	}
}

// target is where a move ends: on the screen, relative to the finger, or
// relative to the middle of an element.
func (s *Server) target(a action, at image.Point) (image.Point, error) {
	p := image.Pt(int(math.Round(a.X)), int(math.Round(a.Y)))
	if len(a.Origin) == 0 {
		return p, nil
	}
	var word string
	if json.Unmarshal(a.Origin, &word) == nil {
		switch word {
		case "viewport", "":
			return p, nil
		case "pointer":
			return at.Add(p), nil
		}
	}
	n, err := s.origin(a.Origin)
	if err != nil {
		return image.Point{}, err
	}
	return n.Center().Add(p), nil
}
