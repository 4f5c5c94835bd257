package uia2

import (
	"encoding/json"
	"image"

	"postfleet/internal/phonesim/ui"
)

// point is a place in a gesture's body.
type point struct {
	X int `json:"x"`
	Y int `json:"y"`
}

// gesture is the body of the gesture commands. Which fields count depends on
// the command.
type gesture struct {
	Origin json.RawMessage `json:"origin"`
	Offset *point          `json:"offset"`
	Start  *point          `json:"start"`
	End    *point          `json:"end"`
	Area   *struct {
		Left, Top, Width, Height int
	} `json:"area"`
	Direction string  `json:"direction"`
	Percent   float64 `json:"percent"`
}

// origin finds the element that a gesture or a move starts from.
func (s *Server) origin(raw json.RawMessage) (*ui.Node, error) {
	var model map[string]string
	if err := json.Unmarshal(raw, &model); err != nil {
		return nil, errArgument("read the origin %s: %w", raw, err)
	}
	id := model[w3cElementKey]
	if id == "" {
		id = model[oldElementKey]
	}
	return s.element(id)
}

// place is where a gesture happens: offset from an element's corner or the
// screen's, the element's middle without an offset.
func (s *Server) place(g gesture, offset *point) (image.Point, error) {
	if len(g.Origin) == 0 || string(g.Origin) == "null" {
		if offset == nil {
			return image.Point{}, errArgument("an element or coordinates are mandatory")
		}
		return image.Pt(offset.X, offset.Y), nil
	}
	n, err := s.origin(g.Origin)
	if err != nil {
		return image.Point{}, err
	}
	if offset == nil {
		return n.Center(), nil
	}
	return n.Bounds.Min.Add(image.Pt(offset.X, offset.Y)), nil
}

func (s *Server) clickGesture(c *call) (any, error) { return s.touch(c, s.phone.Tap) }

func (s *Server) longClickGesture(c *call) (any, error) { return s.touch(c, s.phone.LongPress) }

func (s *Server) touch(c *call, do func(image.Point)) (any, error) {
	var g gesture
	if err := c.read(&g); err != nil {
		return nil, err
	}
	p, err := s.place(g, g.Offset)
	if err != nil {
		return nil, err
	}
	do(p)
	return nil, nil
}

func (s *Server) dragGesture(c *call) (any, error) {
	var g gesture
	if err := c.read(&g); err != nil {
		return nil, err
	}
	if g.End == nil {
		return nil, errArgument("'end' is mandatory")
	}
	from, err := s.place(g, g.Start)
	if err != nil {
		return nil, err
	}
	s.phone.Swipe(from, image.Pt(g.End.X, g.End.Y))
	return nil, nil
}

// swipeGesture moves the finger in the direction.
func (s *Server) swipeGesture(c *call) (any, error) { return s.stroke(c, 1) }

// scrollGesture moves the content's window in the direction: the finger goes
// the other way. It answers whether there is more to scroll; this server never
// says so.
func (s *Server) scrollGesture(c *call) (any, error) {
	if _, err := s.stroke(c, -1); err != nil {
		return nil, err
	}
	return false, nil
}

func (s *Server) stroke(c *call, sign int) (any, error) {
	g := gesture{Percent: 1}
	if err := c.read(&g); err != nil {
		return nil, err
	}
	area := ui.Bounds()
	switch {
	case len(g.Origin) > 0 && string(g.Origin) != "null":
		n, err := s.origin(g.Origin)
		if err != nil {
			return nil, err
		}
		area = n.Bounds
	case g.Area != nil:
		area = image.Rect(0, 0, g.Area.Width, g.Area.Height).Add(image.Pt(g.Area.Left, g.Area.Top))
	}
	half := image.Pt(int(float64(area.Dx())*g.Percent/2), int(float64(area.Dy())*g.Percent/2)).Mul(sign)
	var way image.Point
	switch g.Direction {
	case "up":
		way = image.Pt(0, -half.Y)
	case "down":
		way = image.Pt(0, half.Y)
	case "left":
		way = image.Pt(-half.X, 0)
	case "right":
		way = image.Pt(half.X, 0)
	default:
		return nil, errArgument("direction %q is none of up, down, left, right", g.Direction)
	}
	middle := area.Min.Add(area.Max).Div(2)
	s.phone.Swipe(middle.Sub(way), middle.Add(way))
	return nil, nil
}
