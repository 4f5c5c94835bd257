package recipe

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"postfleet/internal/fault"
)

func (l *linter) guard(g *Guard, a at, ids map[string]bool) {
	l.id(g.ID, a, ids)
	l.required(g.When, a, "when")
	l.target(g.Target, a, "target")
	l.check(g.Do == DoTap || g.Do == DoBack, a.in("do"), "must be tap or back")
	l.check((g.Do == DoTap) == (len(g.Target) > 0), a.in("target"), "is for do: tap, which needs it")
	l.check(g.Max >= 1, a.in("max"), "must be at least 1")
}

func (l *linter) failure(f *Failure, a at, ids map[string]bool) {
	l.id(f.ID, a, ids)
	l.required(f.When, a, "when")
	l.outcome(f.Class, f.Message, a)
}

func (l *linter) outcome(c Class, message string, a at) {
	ok := c.Fault() != fault.Unclassified
	l.check(ok, a.in("class"), "must be account, content or infra")
	l.check(message != "", a.in("message"), "must say what happened")
}

func (l *linter) step(s *Step, a at, ids map[string]bool) {
	l.id(s.ID, a, ids)
	l.check(s.Goal != "", a.in("goal"), "must say what the step is for")
	l.condition(s.When, a.in("when"))
	l.condition(s.Needs, a.in("needs"))
	l.required(s.Expect, a, "expect")
	l.target(s.Target, a, "target")
	l.check(s.Timeout >= 0 && s.Timeout <= maxTimeout, a.in("timeout"), "must be between 0 and %s", maxTimeout)
	l.check(s.Retry >= 0 && s.Retry <= maxRetry, a.in("retry"), "must be between 0 and %d", maxRetry)
	effects := []Effect{"", EffectNone, EffectLocal, EffectIrreversible}
	l.check(slices.Contains(effects, s.Effect), a.in("effect"), "must be none, local or irreversible")
	if s.Miss != nil {
		l.outcome(s.Miss.Class, s.Miss.Message, a.in("miss"))
		l.check(len(s.Target) > 0, a.in("miss"), "is for a step with a target")
	}
	l.action(s, a)
	l.scroll(s, a)
	if s.Irreversible() {
		l.once(s, a)
	}
}

// action checks the keys that belong to some actions only.
func (l *linter) action(s *Step, a at) {
	targeted := s.Do == DoTap || s.Do == DoType
	switch s.Do {
	case DoTap, DoType, DoSwipe, DoBack, DoWait, DoRead:
	default:
		l.fail(a.in("do"), "must be tap, type, swipe, back, wait or read")
		return
	}
	l.check(!targeted || len(s.Target) > 0, a.in("target"), "is missing: do: %s needs one", s.Do)
	l.check(targeted || s.Do == DoSwipe || len(s.Target) == 0, a.in("target"), "is not for do: %s", s.Do)
	l.check((s.Do == DoType) == (s.Slot != "" || s.Value != nil), a, "slot or value is for do: type, which needs one")
	l.check(s.Slot == "" || s.Value == nil, a, "slot and value exclude each other")
	l.slot(s.Slot, a.in("slot"))
	l.check((s.Do == DoSwipe) == (s.Direction != ""), a.in("direction"), "is for do: swipe, which needs it")
	l.direction(s.Direction, a.in("direction"))
	l.check((s.Do == DoRead) == (len(s.Read) > 0), a.in("read"), "is for do: read, which needs it")
	for name, r := range s.Read {
		l.check(len(r.Target) > 0, a.in("read", name), "has no target")
		l.target(r.Target, a.in("read", name), "target")
		l.check(r.All || !r.Optional, a.in("read", name, "optional"), "is for all: true")
		l.check(!r.All || r.several(), a.in("read", name, "all"), "reads several: its elements must have many: true")
	}
}

func (l *linter) scroll(s *Step, a at) {
	if s.Scroll == nil {
		return
	}
	a = a.in("scroll")
	l.check(s.Do == DoTap, a, "is for do: tap")
	l.required(s.Scroll.When, a, "when")
	l.check(s.Scroll.Direction != "", a.in("direction"), "is missing")
	l.direction(s.Scroll.Direction, a.in("direction"))
	l.check(s.Scroll.Max >= 1 && s.Scroll.Max <= maxScroll, a.in("max"), "must be between 1 and %d", maxScroll)
}

// once forbids what could make the irreversible step happen twice, not at all
// without anybody noticing, or on the wrong element.
func (l *linter) once(s *Step, a at) {
	l.check(s.Do == DoTap, a.in("do"), "must be tap on the irreversible step")
	for _, key := range []struct {
		name string
		used bool
	}{
		{"retry", s.Retry != 0},
		{"optional", s.Optional},
		{"when", s.When != nil},
		{"scroll", s.Scroll != nil},
	} {
		l.check(!key.used, a.in(key.name), "is forbidden on the irreversible step")
	}
	for i := range s.Target {
		l.check(s.Target[i].Index == nil, a.in("target", i, "index"), "is forbidden on the irreversible step")
		for j := range s.Target[i].finds() {
			l.check(s.Target[i].element.Find[j].Index == nil, at{"elements", s.Target[i].Element, "find", j, "index"},
				"is forbidden on the irreversible step")
		}
	}
}

func (l *linter) direction(d Direction, a at) {
	known := []Direction{"", MoveUp, MoveDown, MoveLeft, MoveRight}
	l.check(slices.Contains(known, d), a, "must be up, down, left or right")
}

func (l *linter) required(c *Condition, a at, key string) {
	l.check(c != nil, a, "has no %s", key)
	l.condition(c, a.in(key))
}

func (l *linter) condition(c *Condition, a at) {
	if c == nil {
		return
	}
	kinds := 0
	for _, used := range []bool{c.identified(), c.Slot != "", len(c.Any) > 0, len(c.All) > 0, c.Not != nil} {
		if used {
			kinds++
		}
	}
	l.check(kinds == 1, a, "must ask for an element, or have one of slot, any, all and not")
	if c.identified() {
		l.selector(&c.Selector, a)
	} else {
		l.check(!c.narrows(), a, "index, enabled, selected and checked are for an element")
	}
	l.slot(c.Slot, a.in("slot"))
	for i := range c.Any {
		l.condition(&c.Any[i], a.in("any", i))
	}
	for i := range c.All {
		l.condition(&c.All[i], a.in("all", i))
	}
	l.condition(c.Not, a.in("not"))
}

func (l *linter) target(target []Selector, a at, key string) {
	for i := range target {
		place := a.in(key, i)
		l.check(target[i].identified(), place, "names no element")
		l.selector(&target[i], place)
	}
}

// selector checks s and readies it for matching.
func (l *linter) selector(s *Selector, a at) {
	if s.Element != "" {
		l.refer(s, a)
	}
	if s.pkg = s.Package; s.pkg == "" {
		s.pkg = l.doc.App.ID
	}
	if s.fullID = s.ID; s.ID != "" && !strings.Contains(s.ID, ":") {
		s.fullID = s.pkg + ":id/" + s.ID
	}
	if s.ID != "" {
		l.ids[s.fullID] = true
	}
	l.labels(s.Desc, a.in("desc"))
	l.labels(s.Text, a.in("text"))
	l.check(s.Index == nil || *s.Index >= 0, a.in("index"), "must not be negative")
	l.slot(s.DescSlot, a.in("descSlot"))
	l.slot(s.TextSlot, a.in("textSlot"))
	if s.TextRegex == "" {
		return
	}
	// By itself first: ")|(" would leave the group around it.
	if _, err := regexp.Compile(s.TextRegex); err != nil {
		l.fail(a.in("textRegex"), "is no regular expression: %v", err)
		return
	}
	regex, err := regexp.Compile(`(?i)^(?:` + s.TextRegex + `)$`)
	l.check(err == nil, a.in("textRegex"), "is no regular expression: %v", err)
	s.regex = regex
}

func (l *linter) labels(texts labels, a at) {
	language := regexp.MustCompile(`^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$`)
	for _, lang := range slices.Sorted(maps.Keys(texts)) {
		l.check(language.MatchString(lang), a.in(lang), "%q is no language: write en, de, pt-BR, …", lang)
		filled := len(texts[lang]) > 0 && !slices.Contains(texts[lang], "")
		l.check(filled, a.in(lang), "must be a text, or a list of texts")
	}
}

func (l *linter) slot(name slot, a at) {
	l.check(name == "" || slices.Contains(l.doc.Slots, name), a, "%q is not one of the recipe's slots%s",
		name, meant(name, l.doc.Slots))
}
