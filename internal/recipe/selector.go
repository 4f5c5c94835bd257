package recipe

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"postfleet/internal/screen"
)

// labels are texts per language; an element matches when it shows any of them.
type labels map[string]texts

// texts are what one language says: in the file a text or a list of texts.
type texts []string

// UnmarshalYAML implements yaml.Unmarshaler.
func (t *texts) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind != yaml.ScalarNode {
		return n.Decode((*[]string)(t))
	}
	*t = texts{""}
	return n.Decode(&(*t)[0])
}

// Selector names elements. Its keys are ANDed. Elements of other packages than
// the recipe's app never match unless Package names theirs.
type Selector struct {
	// Element names one of the recipe's elements, which slots, index and states
	// narrow. The other keys that name a view are the element's then.
	Element string `yaml:"element"`
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
	// element is what the check makes of Element.
	element *Element
}

// identified reports whether s has any key that names an element.
func (s *Selector) identified() bool {
	return s.Element != "" || s.names() || s.DescSlot != "" || s.TextSlot != ""
}

// names reports whether s has any key that names a view, whatever the job.
func (s *Selector) names() bool {
	return s.ID != "" || len(s.Desc) > 0 || len(s.Text) > 0 ||
		s.TextRegex != "" || s.Class != "" || s.Package != ""
}

// narrows reports whether s has any key that is asked of what its others name.
func (s *Selector) narrows() bool {
	return s.Index != nil || s.Enabled != nil || s.Selected != nil || s.Checked != nil
}

// String is how error messages name what was looked for. Slots appear by name.
func (s *Selector) String() string {
	var parts []string
	add := func(key, value string) {
		if value != "" {
			parts = append(parts, key+"="+value)
		}
	}
	add("element", s.Element)
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
		for _, text := range l[lang] {
			quoted = append(quoted, fmt.Sprintf("%q", text))
		}
	}
	return strings.Join(quoted, "|")
}

// matches reports whether n is what s names, its state and its place apart.
func (s *Selector) matches(n *screen.Node, slots map[string]string) bool {
	return s.isNamed(n) && s.isOf(n, slots)
}

func (s *Selector) isNamed(n *screen.Node) bool {
	return (s.ID == "" || s.fullID == n.ID) &&
		(s.Class == "" || s.Class == n.Class) &&
		s.pkg == n.Package &&
		(len(s.Desc) == 0 || s.Desc.show(n.Desc)) &&
		(len(s.Text) == 0 || s.Text.show(n.Text)) &&
		(s.regex == nil || s.regex.MatchString(visible(n.Text)))
}

func (s *Selector) isOf(n *screen.Node, slots map[string]string) bool {
	return (s.DescSlot == "" || same(slots[s.DescSlot], n.Desc)) &&
		(s.TextSlot == "" || same(slots[s.TextSlot], n.Text))
}

func (s *Selector) inState(n *screen.Node) bool {
	return is(s.Enabled, n.Enabled) && is(s.Selected, n.Selected) && is(s.Checked, n.Checked)
}

func is(want *bool, got bool) bool { return want == nil || *want == got }

// named returns the views that s, which is no element's name, names, in the
// order of the screen.
func (s *Selector) named(v *View) []*screen.Node {
	var found []*screen.Node
	for _, n := range v.Tree.Nodes {
		if s.isNamed(n) {
			found = append(found, n)
		}
	}
	return found
}

// narrow keeps those of found, which it changes, that have s's slots, then the
// one at s's index, then those in s's state.
func (s *Selector) narrow(found []*screen.Node, v *View) []*screen.Node {
	found = slices.DeleteFunc(found, func(n *screen.Node) bool { return !s.isOf(n, v.Slots) })
	if s.Index != nil {
		if *s.Index >= len(found) {
			return nil
		}
		found = found[*s.Index : *s.Index+1]
	}
	return slices.DeleteFunc(found, func(n *screen.Node) bool { return !s.inState(n) })
}
