package recipe

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"postfleet/internal/screen"
)

// labels is a text per language; an element matches when it shows any of them.
type labels map[string]string

// Selector names elements. Its keys are ANDed. Elements of other packages than
// the recipe's app never match unless Package names theirs.
type Selector struct {
	// ID is the exact resource id; one without a package gets the app's.
	ID   string `yaml:"id"`
	Desc labels `yaml:"desc"`
	Text labels `yaml:"text"`
	// DescSlot and TextSlot compare with a slot's value, exactly.
	DescSlot slot `yaml:"descSlot"`
	TextSlot slot `yaml:"textSlot"`
	// TextRegex must match the whole text, whatever the case.
	TextRegex string `yaml:"textRegex"`
	Class     string `yaml:"class"`
	Package   string `yaml:"package"`
	// Index picks one of those that match the keys above, from 0 in the order
	// of the screen.
	Index *int `yaml:"index"`
	// The states below are asked of what is left.
	Enabled  *bool `yaml:"enabled"`
	Selected *bool `yaml:"selected"`
	Checked  *bool `yaml:"checked"`

	// What the check makes of ID, Package and TextRegex.
	fullID, pkg string
	regex       *regexp.Regexp
}

// identified reports whether s has any key that names an element.
func (s *Selector) identified() bool {
	return s.ID != "" || len(s.Desc) > 0 || len(s.Text) > 0 || s.DescSlot != "" || s.TextSlot != "" ||
		s.TextRegex != "" || s.Class != "" || s.Package != ""
}

// String is how error messages name what was looked for. Slots appear by name.
func (s *Selector) String() string {
	var parts []string
	add := func(key, value string) {
		if value != "" {
			parts = append(parts, key+"="+value)
		}
	}
	add("id", s.ID)
	add("desc", s.Desc.String())
	add("descSlot", s.DescSlot)
	add("text", s.Text.String())
	add("textSlot", s.TextSlot)
	add("textRegex", s.TextRegex)
	add("class", s.Class)
	add("package", s.Package)
	if s.Index != nil {
		add("index", fmt.Sprint(*s.Index))
	}
	for _, state := range []struct {
		key  string
		want *bool
	}{{"enabled", s.Enabled}, {"selected", s.Selected}, {"checked", s.Checked}} {
		if state.want != nil {
			add(state.key, fmt.Sprint(*state.want))
		}
	}
	return strings.Join(parts, " ")
}

// String lists the texts in the order of their languages.
func (l labels) String() string {
	var quoted []string
	for _, lang := range slices.Sorted(maps.Keys(l)) {
		quoted = append(quoted, fmt.Sprintf("%q", l[lang]))
	}
	return strings.Join(quoted, "|")
}

// matches reports whether n is what s names, its state apart.
func (s *Selector) matches(n *screen.Node, slots map[string]string) bool {
	return (s.ID == "" || s.fullID == n.ID) &&
		(s.Class == "" || s.Class == n.Class) &&
		s.pkg == n.Package &&
		(len(s.Desc) == 0 || s.Desc.show(n.Desc)) &&
		(len(s.Text) == 0 || s.Text.show(n.Text)) &&
		(s.DescSlot == "" || same(slots[s.DescSlot], n.Desc)) &&
		(s.TextSlot == "" || same(slots[s.TextSlot], n.Text)) &&
		(s.regex == nil || s.regex.MatchString(visible(n.Text)))
}

func (s *Selector) inState(n *screen.Node) bool {
	return is(s.Enabled, n.Enabled) && is(s.Selected, n.Selected) && is(s.Checked, n.Checked)
}

func is(want *bool, got bool) bool { return want == nil || *want == got }

// find returns the elements of v that s names, in the order of the screen.
func (s *Selector) find(v View) []*screen.Node {
	var found []*screen.Node
	for _, n := range v.Tree.Nodes {
		if s.matches(n, v.Slots) {
			found = append(found, n)
		}
	}
	if s.Index != nil {
		if *s.Index >= len(found) {
			return nil
		}
		found = found[*s.Index : *s.Index+1]
	}
	return slices.DeleteFunc(found, func(n *screen.Node) bool { return !s.inState(n) })
}
