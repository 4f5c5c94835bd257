package uia2

import (
	"fmt"
	"strings"

	"github.com/antchfx/xmlquery"

	"postfleet/internal/phonesim/ui"
)

// findByXPath asks the very XML that GET /source returns: its elements come in
// the order of the tree, which is how they are told apart.
func findByXPath(screen ui.Screen, context *ui.Node, selector string) (found []*ui.Node, err error) {
	defer func() {
		if r := recover(); r != nil { // the library panics on some ill-typed expressions
			found, err = nil, errSelector(selector, fmt.Errorf("%v", r))
		}
	}()
	doc, err := xmlquery.Parse(strings.NewReader(screen.XML()))
	if err != nil {
		return nil, fmt.Errorf("parse own page source: %w", err)
	}
	nodes := make(map[*xmlquery.Node]*ui.Node)
	start := doc
	elements := xmlquery.Find(doc, "/hierarchy//*")
	i := 0
	for n := range screen.Active().All() {
		nodes[elements[i]] = n
		if n == context {
			start = elements[i]
		}
		i++
	}
	matches, err := xmlquery.QueryAll(start, selector)
	if err != nil {
		return nil, errSelector(selector, err)
	}
	for _, m := range matches {
		if n, ok := nodes[m]; ok {
			found = append(found, n)
		}
	}
	return found, nil
}
