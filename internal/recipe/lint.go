package recipe

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

const (
	schemaVersion = 1
	maxRetry      = 3
	maxScroll     = 20
	maxTimeout    = 10 * time.Minute
)

// linter checks a recipe as a whole and readies it: ids without a package get
// the app's, patterns are compiled.
type linter struct {
	name    string
	lines   yaml.Node
	doc     *document
	publish *Step
	// problems are what was found so far.
	problems []problem
	// ids are those that selectors speak of, used the elements that are named.
	ids, used map[string]bool
}

// at is a place in the file, as keys (string) and positions (int).
type at []any

func (a at) in(more ...any) at { return append(slices.Clip(slices.Clone(a)), more...) }

func (l *linter) run() error {
	l.ids, l.used = map[string]bool{}, map[string]bool{}
	l.head()
	l.elements()
	ids := map[string]bool{}
	for i := range l.doc.Guards {
		l.guard(&l.doc.Guards[i], at{"guards", i}, ids)
	}
	for i := range l.doc.Failures {
		l.failure(&l.doc.Failures[i], at{"failures", i}, ids)
	}
	for _, name := range slices.Sorted(maps.Keys(l.doc.Flows)) {
		for i := range l.doc.Flows[name] {
			l.step(&l.doc.Flows[name][i], at{"flows", name, i}, ids)
		}
	}
	l.flows()
	l.irreversible()
	l.unused()
	return l.failed()
}

func (l *linter) head() {
	l.check(l.doc.Recipe == schemaVersion, at{"recipe"}, "must be %d", schemaVersion)
	android := regexp.MustCompile(`^[A-Za-z]\w*(\.[A-Za-z]\w*)+$`)
	l.check(android.MatchString(l.doc.App.ID), at{"app", "id"}, "must be an Android package")
	seen := map[slot]bool{}
	for i, name := range l.doc.Slots {
		l.check(name != "" && !seen[name], at{"slots", i}, "is empty or there twice")
		seen[name] = true
	}
}

func (l *linter) flows() {
	for _, name := range []string{FlowSwitchAccount, FlowProfile, FlowPost} {
		l.check(len(l.doc.Flows[name]) > 0, at{"flows"}, "lacks the flow %s", name)
	}
	read := map[string]bool{}
	for _, s := range l.doc.Flows[FlowProfile] {
		for name := range s.Read {
			read[name] = true
		}
	}
	for _, name := range []string{ValuePostCount, ValueCaptions} {
		l.check(read[name], at{"flows", FlowProfile}, "must read %s", name)
	}
}

// irreversible finds the one step that publishes, and whoever else would tap
// the same element.
func (l *linter) irreversible() {
	var places []at
	l.eachStep(func(s *Step, a at) {
		if s.Irreversible() {
			l.publish = s
			l.setAside(s.Target)
			places = append(places, a)
			l.check(a[1] == FlowPost, a, "the irreversible step belongs into the flow %s", FlowPost)
		}
	})
	if len(places) != 1 {
		l.fail(at{"flows"}, "exactly one step must have effect: irreversible, not %d", len(places))
		return
	}
	const only = "only the irreversible step may act on %s: give this one another target"
	l.eachStep(func(s *Step, a at) {
		l.check(s.Irreversible() || !l.taps(s.Target), a.in("target"), only, l.publish.Target)
	})
	for i := range l.doc.Guards {
		l.check(!l.taps(l.doc.Guards[i].Target), at{"guards", i, "target"}, only, l.publish.Target)
	}
}

// setAside marks the elements that nobody but the recipe may find.
func (l *linter) setAside(target Target) {
	for i := range target {
		if target[i].element != nil {
			target[i].element.publishes = true
		}
	}
}

// taps reports whether target may be what the irreversible step acts on.
func (l *linter) taps(target Target) bool {
	publish := l.publish.Target.own()
	return slices.ContainsFunc(target.own(), func(s Selector) bool {
		same := func(p Selector) bool { return p.fullID == s.fullID }
		return s.ID != "" && slices.ContainsFunc(publish, same)
	}) || slices.ContainsFunc(target, func(s Selector) bool { return s.element != nil && s.element.publishes })
}

func (l *linter) eachStep(do func(*Step, at)) {
	for _, name := range slices.Sorted(maps.Keys(l.doc.Flows)) {
		for i := range l.doc.Flows[name] {
			do(&l.doc.Flows[name][i], at{"flows", name, i})
		}
	}
}

func (l *linter) id(id string, a at, ids map[string]bool) {
	l.check(id != "", a, "has no id")
	l.check(id == "" || !ids[id], a.in("id"), "the id %s is taken", id)
	ids[id] = true
}

func (l *linter) check(ok bool, a at, format string, args ...any) {
	if !ok {
		l.fail(a, format, args...)
	}
}

func (l *linter) fail(a at, format string, args ...any) {
	words := make([]string, 0, len(a))
	for _, key := range a {
		words = append(words, fmt.Sprint(key))
	}
	text := strings.Join(words, ".") + ": " + fmt.Sprintf(format, args...)
	l.problems = append(l.problems, problem{l.line(a), text})
}

// line is where a is in the file, or the nearest thing around it that is there.
func (l *linter) line(a at) int {
	n := &l.lines
	if n.Kind == yaml.DocumentNode && len(n.Content) > 0 {
		n = n.Content[0]
	}
	line := max(n.Line, 1)
	for _, key := range a {
		if n = child(n, key); n == nil {
			break
		}
		line = n.Line
	}
	return line
}

func child(n *yaml.Node, key any) *yaml.Node {
	switch k := key.(type) {
	case int:
		if n.Kind == yaml.SequenceNode && k < len(n.Content) {
			return n.Content[k]
		}
	case string:
		for i := 0; n.Kind == yaml.MappingNode && i+1 < len(n.Content); i += 2 {
			if n.Content[i].Value == k {
				return n.Content[i+1]
			}
		}
	}
	return nil
}
