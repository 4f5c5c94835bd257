package uia2

import (
	"fmt"
	"strings"

	"postfleet/internal/phonesim/ui"
)

// query is the body of a find: not W3C's using and value, but the driver's own
// words.
type query struct {
	Strategy string `json:"strategy"`
	Selector string `json:"selector"`
	// Context is the element to search below, "" for the whole screen.
	Context string `json:"context"`
}

// findOne answers with the first match, whatever the body's "multiple" says:
// the real server goes by the route.
func (s *Server) findOne(c *call) (any, error) {
	found, err := s.find(c)
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, errNoElement()
	}
	return s.model(found[0]), nil
}

func (s *Server) findAll(c *call) (any, error) {
	found, err := s.find(c)
	if err != nil {
		return nil, err
	}
	list := make([]any, 0, len(found))
	for _, n := range found {
		list = append(list, s.model(n))
	}
	return list, nil
}

func (s *Server) find(c *call) ([]*ui.Node, error) {
	var q query
	if err := c.read(&q); err != nil {
		return nil, err
	}
	screen := s.phone.Screen()
	var context *ui.Node
	if q.Context != "" {
		n, err := s.resolve(screen, q.Context)
		if err != nil {
			return nil, err
		}
		context = n
	}
	switch q.Strategy {
	case "id":
		id := qualify(q.Selector, screen.Active().Package)
		return filter(screen, context, func(n *ui.Node) bool { return n.ResourceID == id }), nil
	case "accessibility id":
		return filter(screen, context, func(n *ui.Node) bool { return n.Desc != "" && n.Desc == q.Selector }), nil
	case "class name":
		return filter(screen, context, func(n *ui.Node) bool { return n.Class == q.Selector }), nil
	case "xpath":
		return findByXPath(screen, context, q.Selector)
	case "-android uiautomator":
		return findBySelector(screen, context, q.Selector)
	}
	return nil, errSelector(q.Selector, fmt.Errorf("strategy %q is not supported", q.Strategy))
}

// qualify makes a resource id of a bare name, in the package that is in front.
func qualify(id, pkg string) string {
	before, after, ok := strings.Cut(id, ":")
	if ok && before != "" && strings.Contains(after, "/") {
		return id
	}
	return pkg + ":id/" + id
}

// filter returns the nodes below context, or on the whole screen without one.
func filter(screen ui.Screen, context *ui.Node, match func(*ui.Node) bool) []*ui.Node {
	root := context
	if root == nil {
		root = screen.Active()
	}
	var found []*ui.Node
	for n := range root.All() {
		if n != context && match(n) {
			found = append(found, n)
		}
	}
	return found
}
