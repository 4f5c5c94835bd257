package recipe

import (
	"slices"

	"postfleet/internal/screen"
)

// View is one dump of the screen with the values of one job: what a target, a
// condition or a reading is asked of. Get one from Recipe.See. Not safe for
// concurrent use.
type View struct {
	Tree  *screen.Tree
	Slots map[string]string

	recipe *Recipe
	// own: an id that the recipe speaks of is on the screen.
	own bool
	// blind: elements are where others say, or nowhere.
	blind bool
	// known: what is not found on the screen is not there. complete: that goes
	// for lists as well.
	known, complete bool
	// pointed are the elements that somebody else than the recipe has found.
	pointed map[string][]*screen.Node
}

// See returns t as a job with those slots sees it. The screen counts as known
// when an id that the recipe speaks of is on it: the app's ids are then as the
// recipe has them, so that what is not found is not there.
func (r *Recipe) See(t *screen.Tree, slots map[string]string) *View {
	v := &View{Tree: t, Slots: slots, recipe: r, pointed: map[string][]*screen.Node{}}
	for _, n := range t.Nodes {
		if n.Package == r.AppID() && r.ids[n.ID] {
			v.own, v.known, v.complete = true, true, true
			break
		}
	}
	return v
}

// Known reports whether what is not found on the screen is not there.
func (v *View) Known() bool { return v.known }

// Own reports whether an id that the recipe speaks of is on the screen.
func (v *View) Own() bool { return v.own }

// Flows reports whether an element that steps refer to is on the screen, so that
// it is one of the way and nothing that got in it.
func (v *View) Flows() bool {
	return slices.ContainsFunc(v.recipe.Elements(), func(name string) bool {
		s := Selector{Element: name, element: v.recipe.doc.Elements[name]}
		return s.there(v)
	})
}

// Ignore makes v take no account of the recipe's own selectors for elements that
// others may find, and the screen for unknown.
func (v *View) Ignore() { v.blind, v.own, v.known, v.complete = true, false, false, false }

// Tell makes known where elements are that the recipe's own selectors do not
// find. The screen is known then; with complete, whoever tells has looked at all
// of it, so that even a list of which nothing was told is empty. The element
// that the irreversible step acts on, and names that are no element's, are left
// out: nobody but the recipe finds that.
func (v *View) Tell(found map[string][]*screen.Node, complete bool) {
	v.known = true
	v.complete = v.complete || complete
	for name, nodes := range found {
		if e, ok := v.recipe.doc.Elements[name]; ok && e.told() {
			v.pointed[name] = nodes
		}
	}
}

// Answer is what a condition comes to on a screen.
type Answer int

// The answers. Unknown is that of an element that is not found on a screen of
// which nobody knows what it shows: an app's next version may have renamed it.
const (
	Unknown Answer = iota
	No
	Yes
)

func answer(yes bool) Answer {
	if yes {
		return Yes
	}
	return No
}

func (a Answer) not() Answer {
	switch a {
	case Yes:
		return No
	case No:
		return Yes
	default:
		return Unknown
	}
}
