package recipe

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

func (l *linter) elements() {
	word := regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)
	for _, name := range slices.Sorted(maps.Keys(l.doc.Elements)) {
		e, a := l.doc.Elements[name], at{"elements", name}
		l.check(word.MatchString(name), a, "must be a name of small letters, digits and _, at most 40")
		if e == nil {
			l.fail(a, "is empty: write is and find")
			l.doc.Elements[name] = &Element{}
			continue
		}
		l.check(strings.TrimSpace(e.Is) != "", a.in("is"), "must say in one sentence which view it is")
		l.check(len(e.Find) > 0, a.in("find"), "must hold a selector")
		for i := range e.Find {
			l.check(e.Find[i].Element == "", a.in("find", i, "element"),
				"an element cannot be found by another: write its selector")
		}
		l.target(e.Find, a, "find")
	}
}

// unused finds the elements that nothing refers to.
func (l *linter) unused() {
	for _, name := range slices.Sorted(maps.Keys(l.doc.Elements)) {
		l.check(l.used[name], at{"elements", name}, "is not used: remove it, or name it in a step")
	}
}

// refer checks a selector that names an element, and resolves it.
func (l *linter) refer(s *Selector, a at) {
	e, ok := l.doc.Elements[s.Element]
	if !ok {
		l.fail(a.in("element"), "%q is not one of the recipe's elements%s", s.Element,
			meant(s.Element, slices.Collect(maps.Keys(l.doc.Elements))))
		return
	}
	l.used[s.Element] = true
	s.element = e
	e.walked = e.walked || a[0] == "flows"
	e.data = e.data || s.TextSlot != "" || s.DescSlot != "" || slices.Contains(a, "read")
	l.check(!s.names(), a, "has an element, so id, desc, text, textRegex, class and package are the element's")
	l.check(s.Index == nil || e.Many, a.in("index"), "is for an element with many: true")
}

// meant suggests the known word that is most like the one that was written.
func meant(word string, known []string) string {
	best := slices.MinFunc(append(known, ""), func(a, b string) int {
		return cmp.Or(distance(word, a)-distance(word, b), strings.Compare(a, b))
	})
	if best == "" || distance(word, best) > max(2, len(word)/3) {
		return ""
	}
	return fmt.Sprintf(": did you mean %q?", best)
}

// distance is how many letters must be put in, left out or changed.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		corner := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := corner
			if a[i] != b[j] {
				change++
			}
			corner = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
