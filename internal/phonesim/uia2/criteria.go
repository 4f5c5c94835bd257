package uia2

import (
	"fmt"
	"regexp"
	"strings"

	"postfleet/internal/phonesim/ui"
)

func (s *uiSelector) addNumber(name string, want int) error {
	switch name {
	case "instance":
		s.instance = max(0, want)
	case "index":
		s.tests = append(s.tests, func(_ *ui.Node, index int) bool { return index == want })
	default:
		return errMethod
	}
	return nil
}

func (s *uiSelector) addBool(name string, want bool) error {
	get := flagOf(name)
	if get == nil {
		return errMethod
	}
	s.tests = append(s.tests, func(n *ui.Node, _ int) bool { return get(n) == want })
	return nil
}

func flagOf(name string) func(*ui.Node) bool {
	switch name {
	case "clickable":
		return func(n *ui.Node) bool { return n.Clickable }
	case "enabled":
		return func(n *ui.Node) bool { return n.Enabled }
	case "selected":
		return func(n *ui.Node) bool { return n.Selected }
	case "focused":
		return func(n *ui.Node) bool { return n.Focused }
	case "focusable":
		return func(n *ui.Node) bool { return n.Clickable || n.Editable() }
	case "longClickable":
		return (*ui.Node).Editable
	case "scrollable":
		return func(n *ui.Node) bool { return n.Scrollable }
	case "checkable", "checked":
		return func(*ui.Node) bool { return false }
	}
	return nil
}

// addText adds a comparison of one of the node's texts, such as
// "descriptionStartsWith".
func (s *uiSelector) addText(name, want string) error {
	what, how := splitMethod(name)
	get := textOf(what)
	if get == nil {
		return errMethod
	}
	compare, err := comparison(what, how, want)
	if err != nil {
		return err
	}
	s.tests = append(s.tests, func(n *ui.Node, _ int) bool { return compare(get(n)) })
	return nil
}

func splitMethod(name string) (what, how string) {
	for _, suffix := range []string{"Contains", "StartsWith", "Matches"} {
		if what, ok := strings.CutSuffix(name, suffix); ok {
			return what, suffix
		}
	}
	return name, ""
}

func textOf(what string) func(*ui.Node) string {
	switch what {
	case "text":
		return (*ui.Node).ShownText
	case "description":
		return func(n *ui.Node) string { return n.Desc }
	case "resourceId":
		return func(n *ui.Node) string { return n.ResourceID }
	case "className":
		return func(n *ui.Node) string { return n.Class }
	case "packageName":
		return func(n *ui.Node) string { return n.Package }
	}
	return nil
}

// comparison says how a text is compared. Like Android's, a search for a part
// of it does not regard case.
func comparison(what, how, want string) (func(string) bool, error) {
	searchable := what == "text" || what == "description"
	switch {
	case how == "":
		return func(got string) bool { return got == want }, nil
	case how == "Matches":
		re, err := fullMatch(want)
		if err != nil {
			return nil, err
		}
		return re.MatchString, nil
	case how == "Contains" && searchable:
		return func(got string) bool { return strings.Contains(strings.ToLower(got), strings.ToLower(want)) }, nil
	case how == "StartsWith" && searchable:
		return func(got string) bool { return strings.HasPrefix(strings.ToLower(got), strings.ToLower(want)) }, nil
	}
	return nil, errMethod
}

// fullMatch compiles a Java-style expression that must match the whole text.
func fullMatch(expression string) (*regexp.Regexp, error) {
	re, err := regexp.Compile(`^(?s:` + expression + `)$`)
	if err != nil {
		return nil, fmt.Errorf("compile %q: %w", expression, err)
	}
	return re, nil
}
