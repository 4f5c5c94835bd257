package navigator

import (
	"slices"
	"strings"
	"unicode"

	"postfleet/internal/learned"
	"postfleet/internal/recipe"
	"postfleet/internal/screen"
)

// maxWays is how many ways to one element are kept.
const maxWays = 3

// identify returns ways to find n again on screens like t, the best first; none
// when nothing tells it from others. It is the element e, nil for none of the
// recipe's; of one that there are many of, the ways lead to all of them. Labels
// are used only of what one touches, unless the recipe says whose they are:
// elsewhere they are what people write.
func identify(n *screen.Node, t *screen.Tree, e *recipe.Element) []learned.Identity {
	many := e != nil && e.Many
	var ways []learned.Identity
	for _, way := range candidates(n, many, e == nil || !e.Data()) {
		found := locate(way, t, n.Package)
		if slices.Contains(found, n) && (many || len(found) == 1) {
			ways = append(ways, way)
		}
	}
	return ways[:min(len(ways), maxWays)]
}

func candidates(n *screen.Node, many, labelled bool) []learned.Identity {
	id, inList := tail(n.ID), listOf(n) != nil
	var all []learned.Identity
	if id != "" {
		all = append(all, learned.Identity{ID: id, Class: n.Class, InList: inList})
	}
	if within := nearestID(n); within != "" {
		all = append(all, learned.Identity{Class: n.Class, Within: within, InList: inList, ID: id})
		if id == "" && many {
			all = append(all, learned.Identity{Class: n.Class, Within: within, InList: inList})
		}
	}
	if many || !labelled || inList || !n.Actionable() || n.Editable() {
		return all
	}
	for _, way := range []learned.Identity{
		{Desc: n.Desc, Class: n.Class}, {Text: n.Text, Class: n.Class}, {Below: below(n), Class: n.Class},
	} {
		if label := way.Desc + way.Text + way.Below; label != "" && !strings.ContainsFunc(label, unicode.IsDigit) {
			all = append(all, way)
		}
	}
	return all
}

// locate returns the elements of the app on t for which everything holds that
// way says.
func locate(way learned.Identity, t *screen.Tree, app string) []*screen.Node {
	var found []*screen.Node
	for _, n := range t.Nodes {
		if n.Package == app && leadsTo(way, n) {
			found = append(found, n)
		}
	}
	return found
}

func leadsTo(way learned.Identity, n *screen.Node) bool {
	return (way.ID == "" || way.ID == tail(n.ID)) &&
		(way.Class == "" || way.Class == n.Class) &&
		(way.Desc == "" || way.Desc == n.Desc) &&
		(way.Text == "" || way.Text == n.Text) &&
		(way.Within == "" || isWithin(n, way.Within)) &&
		(way.Below == "" || way.Below == below(n)) &&
		(!way.InList || listOf(n) != nil)
}

// find follows the first of ways that leads to one element, or with many to
// any. None is nil.
func find(ways []learned.Identity, t *screen.Tree, app string, many bool) []*screen.Node {
	for _, way := range ways {
		if found := locate(way, t, app); len(found) == 1 || many && len(found) > 0 {
			return found
		}
	}
	return nil
}

// again is n on t, a dump of the same screen as n's: what looks like it in the
// same place. None is nil.
func again(n *screen.Node, t *screen.Tree) []*screen.Node {
	for _, o := range t.Nodes {
		if n != nil && o.Bounds == n.Bounds && o.ID == n.ID && o.Class == n.Class && o.Package == n.Package &&
			o.Text == n.Text && o.Desc == n.Desc {
			return []*screen.Node{o}
		}
	}
	return nil
}

// tail is a resource id without its package.
func tail(id string) string {
	_, name, _ := strings.Cut(id, ":id/")
	return name
}

// listOf is the scrollable element that n is in.
func listOf(n *screen.Node) *screen.Node {
	if n.Parent == nil {
		return nil
	}
	return n.Parent.List()
}

// nearestID is the id of the nearest element around n that has one.
func nearestID(n *screen.Node) string {
	for p := n.Parent; p != nil; p = p.Parent {
		if id := tail(p.ID); id != "" {
			return id
		}
	}
	return ""
}

func isWithin(n *screen.Node, name string) bool {
	for p := n.Parent; p != nil; p = p.Parent {
		if tail(p.ID) == name {
			return true
		}
	}
	return false
}

// below is the id of the first element in n that has one, else its first label.
func below(n *screen.Node) string {
	for _, c := range n.Children {
		if id := tail(c.ID); id != "" {
			return id
		}
	}
	for _, c := range n.Children {
		if label := c.Text + c.Desc; label != "" {
			return label
		}
	}
	return ""
}
