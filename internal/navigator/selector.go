package navigator

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// labels is a text per language; an element matches when it shows any of them.
type labels map[string]string

// selector names elements. Its keys are ANDed. Elements of other packages than
// the recipe's app never match unless Package names theirs.
type selector struct {
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
func (s *selector) identified() bool {
	return s.ID != "" || len(s.Desc) > 0 || len(s.Text) > 0 || s.DescSlot != "" || s.TextSlot != "" ||
		s.TextRegex != "" || s.Class != "" || s.Package != ""
}

// String is how error messages name what was looked for. Slots appear by name.
func (s *selector) String() string {
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

func describe(target []selector) string {
	parts := make([]string, 0, len(target))
	for i := range target {
		parts = append(parts, target[i].String())
	}
	return strings.Join(parts, " or ")
}

// matches reports whether n is what s names, its state apart.
func (s *selector) matches(n *node, slots map[string]string) bool {
	return (s.ID == "" || s.fullID == n.id) &&
		(s.Class == "" || s.Class == n.class) &&
		s.pkg == n.pkg &&
		(len(s.Desc) == 0 || s.Desc.show(n.desc)) &&
		(len(s.Text) == 0 || s.Text.show(n.text)) &&
		(s.DescSlot == "" || same(slots[s.DescSlot], n.desc)) &&
		(s.TextSlot == "" || same(slots[s.TextSlot], n.text)) &&
		(s.regex == nil || s.regex.MatchString(visible(n.text)))
}

func (s *selector) inState(n *node) bool {
	return is(s.Enabled, n.enabled) && is(s.Selected, n.selected) && is(s.Checked, n.checked)
}

func is(want *bool, got bool) bool { return want == nil || *want == got }

// find returns the elements of t that s names, in the order of the screen.
func (s *selector) find(t *tree, slots map[string]string) []*node {
	var found []*node
	for _, n := range t.nodes {
		if s.matches(n, slots) {
			found = append(found, n)
		}
	}
	if s.Index != nil {
		if *s.Index >= len(found) {
			return nil
		}
		found = found[*s.Index : *s.Index+1]
	}
	return slices.DeleteFunc(found, func(n *node) bool { return !s.inState(n) })
}

// resolve returns the one element that the first fitting alternative names, or
// nil: an alternative that names several is no match.
func resolve(target []selector, t *tree, slots map[string]string) *node {
	for i := range target {
		if found := target[i].find(t, slots); len(found) == 1 {
			return found[0]
		}
	}
	return nil
}
