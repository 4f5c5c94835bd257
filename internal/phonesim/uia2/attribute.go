package uia2

import (
	"strings"

	"postfleet/internal/phonesim/ui"
)

// attribute answers with a string, or null for a description, an id or a hint
// that is not there.
func (s *Server) attribute(c *call) (any, error) {
	name := canonical(c.r.PathValue("name"))
	return s.onElement(c, func(n *ui.Node) (any, error) {
		for _, a := range n.Attributes(0) {
			if a.Name == name {
				return a.Value, nil
			}
		}
		switch name {
		case "content-desc", "resource-id", "hint":
			return nil, nil
		case "original-text":
			return orNull(n.Text), nil
		}
		return nil, errNoAttribute(c.r.PathValue("name"))
	})
}

// canonical is the name under which the page source has an attribute. The
// server knows some by other names too, in any case of letters.
func canonical(name string) string {
	switch name = strings.ToLower(name); name {
	case "contentdescription":
		return "content-desc"
	case "classname":
		return "class"
	case "resourceid":
		return "resource-id"
	case "longclickable":
		return "long-clickable"
	case "name":
		return "text"
	}
	return name
}
