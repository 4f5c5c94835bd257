package recipe

import (
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// show reports whether text is one of l, as people compare labels: whatever
// the case, the width of letters, invisible marks and runs of spaces.
func (l labels) show(text string) bool {
	got := folded(text)
	for _, wanted := range l {
		for _, want := range wanted {
			if folded(want) == got {
				return true
			}
		}
	}
	return false
}

func folded(text string) string { return cases.Fold().String(visible(text)) }

// visible is text in NFKC without format characters (soft hyphens, zero-width
// and direction marks) and with single spaces.
func visible(text string) string {
	drop := func(r rune) rune {
		if unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}
	return strings.Join(strings.Fields(strings.Map(drop, norm.NFKC.String(text))), " ")
}

// same compares data, such as a caption, exactly but for how accents are
// composed: apps may store either form.
func same(want, got string) bool { return norm.NFC.String(want) == norm.NFC.String(got) }
