package uia2

// Android key codes.
const (
	keyBack   = 4
	keyEnter  = 66
	keyDelete = 67
	keyEscape = 111
)

// performKeys types what the keys that go down stand for.
func (s *Server) performKeys(actions []action) error {
	for _, a := range actions {
		switch a.Type {
		case "keyDown":
			s.press(a.Value)
		case "keyUp", "pause":
		default:
			return errArgument("key action type %q is not supported", a.Type)
		}
	}
	return nil
}

// press types one key of W3C's table, or the character itself.
func (s *Server) press(value string) {
	switch value {
	case "\ue003":
		s.phone.Key(keyDelete)
	case "\ue006", "\ue007":
		s.phone.Key(keyEnter)
	case "\ue00c":
		s.phone.Key(keyEscape)
	default:
		s.phone.Type(value)
	}
}

// typeKeys writes into whatever has the focus.
func (s *Server) typeKeys(c *call) (any, error) {
	var body struct {
		Text    string `json:"text"`
		Replace bool   `json:"replace"`
	}
	if err := c.read(&body); err != nil {
		return nil, err
	}
	n := s.phone.Screen().Focused()
	if n == nil {
		return nil, errNoElement()
	}
	text := body.Text
	if !body.Replace {
		text = n.Text + text
	}
	return nil, s.setText(n, text)
}

func (s *Server) back(*call) (any, error) {
	s.phone.Key(keyBack)
	return nil, nil
}

// pressKey presses a key by its Android key code, for long or not: no key of
// this phone tells the difference.
func (s *Server) pressKey(c *call) (any, error) {
	var body struct {
		KeyCode *int `json:"keycode"`
	}
	if err := c.read(&body); err != nil {
		return nil, err
	}
	if body.KeyCode == nil {
		return nil, errArgument("'keycode' is mandatory")
	}
	s.phone.Key(*body.KeyCode)
	return nil, nil
}
