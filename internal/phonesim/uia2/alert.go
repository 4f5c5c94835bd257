package uia2

import (
	"strings"

	"postfleet/internal/phonesim/ui"
)

// alertText answers with the texts of the dialog on top, a line each.
func (s *Server) alertText(*call) (any, error) {
	dialog := s.phone.Screen().Dialog()
	if dialog == nil {
		return nil, errNoAlert()
	}
	var lines []string
	for n := range dialog.All() {
		if n.Role == ui.RoleMessage {
			lines = append(lines, n.Text)
		}
	}
	return strings.Join(lines, "\n"), nil
}

func (s *Server) acceptAlert(c *call) (any, error) { return s.closeAlert(c, ui.RoleAccept) }

func (s *Server) dismissAlert(c *call) (any, error) { return s.closeAlert(c, ui.RoleDismiss) }

// closeAlert touches the button of that role, or of that label when the body
// has one. A dialog with a single button is closed by it either way. It
// answers with the button's label.
func (s *Server) closeAlert(c *call, role ui.Role) (any, error) {
	var body struct {
		ButtonLabel string `json:"buttonLabel"`
	}
	if err := c.read(&body); err != nil {
		return nil, err
	}
	dialog := s.phone.Screen().Dialog()
	if dialog == nil {
		return nil, errNoAlert()
	}
	var buttons []*ui.Node
	for n := range dialog.All() {
		if n.Clickable {
			buttons = append(buttons, n)
		}
	}
	for _, b := range buttons {
		wanted := b.Role == role || len(buttons) == 1
		if body.ButtonLabel != "" {
			wanted = b.Text == body.ButtonLabel
		}
		if wanted {
			s.phone.Tap(b.Center())
			return b.Text, nil
		}
	}
	return nil, errElementState("The expected button cannot be detected on the alert", nil)
}
