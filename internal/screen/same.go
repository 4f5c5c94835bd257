package screen

import (
	"slices"
	"strings"
)

const (
	// sameSigns is how much of two layouts must be common, as |A∩B|/|A∪B|.
	sameSigns = 0.8
	// sameStill is the same of the named elements that only show something.
	// They come and go (a badge, a banner), but are not all others.
	sameStill = 0.5
	// sameItems is how much of the shorter list's templates must be in the
	// longer one's.
	sameItems = 0.5
	// sameWords is how much of the labels is common in one language: some of
	// them are names. otherWords is what two languages may have in common.
	sameWords, otherWords = 0.5, 0.2
	// allWords is how much of the words is common where they tell the screen:
	// one name among six, not the title of a dialog.
	allWords = 0.65
)

// Same reports whether both are of the same screen of the same app. It is
// symmetric, and false for the zero Print.
//
// Where words tell the screen most of them must be common. Elsewhere labels
// count only within one language, and languages are told apart by the labels
// themselves: those of other scripts, or with next to nothing in common, are in
// other languages, for an app's buttons are called the same on all of its
// screens. What lies between is a screen of the same layout with other buttons.
func (p Print) Same(o Print) bool {
	if p.Key == "" || p.Key != o.Key {
		return false
	}
	a, b := p.signs(), o.signs()
	layout := shared{}
	layout.add(a[signTouch], b[signTouch])
	layout.add(a[signStill], b[signStill])
	still, items := shared{}, shared{}
	still.add(a[signStill], b[signStill])
	items.add(a[signItem], b[signItem])
	return slices.Equal(a[signMark], b[signMark]) &&
		layout.ratio() >= sameSigns && still.ratio() >= sameStill && items.ofLess() >= sameItems &&
		sameWording(a[signLabel], b[signLabel], slices.Contains(a[signMark], markWords))
}

func (p Print) signs() map[string][]string {
	kinds := map[string][]string{}
	for _, sign := range p.Signs {
		kind, rest, _ := strings.Cut(sign, " ")
		kinds[kind] = append(kinds[kind], rest)
	}
	return kinds
}

func sameWording(a, b []string, tell bool) bool {
	words := shared{}
	words.add(a, b)
	ratio := words.ratio()
	switch {
	case tell:
		return ratio >= allWords
	case len(a) == 0 || len(b) == 0 || mainScript(a) != mainScript(b):
		return true
	}
	return ratio >= sameWords || ratio <= otherWords
}

// mainScript is the script of most labels; of two the first by name.
func mainScript(labels []string) string {
	count := map[string]int{}
	best := ""
	for _, label := range labels {
		name, _, _ := strings.Cut(label, " ")
		if name == "" {
			continue
		}
		count[name]++
		if count[name] > count[best] || count[name] == count[best] && name < best {
			best = name
		}
	}
	return best
}

// shared counts what two sets have in common.
type shared struct{ a, b, both int }

func (s *shared) add(a, b []string) {
	s.a, s.b = s.a+len(a), s.b+len(b)
	for _, sign := range a {
		if slices.Contains(b, sign) {
			s.both++
		}
	}
}

// ratio is |A∩B|/|A∪B|, 1 for two empty sets.
func (s *shared) ratio() float64 {
	if s.a+s.b == 0 {
		return 1
	}
	return float64(s.both) / float64(s.a+s.b-s.both)
}

// ofLess is |A∩B| over the smaller of the two, 1 where one is empty.
func (s *shared) ofLess() float64 {
	if s.a == 0 || s.b == 0 {
		return 1
	}
	return float64(s.both) / float64(min(s.a, s.b))
}
