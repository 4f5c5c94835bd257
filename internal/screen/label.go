package screen

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// label is what n is called: its description or its text. What was typed into
// a field is nobody's label: it is a caption, a name or a secret.
func (n *Node) label() string {
	if n.Editable() {
		return plain(firstOf(n.Desc, n.Hint))
	}
	return plain(firstOf(n.Desc, n.Text))
}

func firstOf(texts ...string) string {
	for _, text := range texts {
		if plain(text) != "" {
			return text
		}
	}
	return ""
}

// plain is text in NFKC on one line: controls, format characters (direction
// marks, zero-width joins) and private letters gone, single spaces.
func plain(text string) string {
	clean := func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.In(r, unicode.C), r == unicode.ReplacementChar:
			return -1
		}
		return r
	}
	return strings.Join(strings.Fields(strings.Map(clean, norm.NFKC.String(text))), " ")
}

// folded is a label with what changes in it from day to day made equal, by
// the kind of its characters and not by words of any language: numbers,
// times and amounts are #, handles @, emoji are dropped.
func folded(label string) string {
	words := strings.Fields(cases.Fold().String(plain(label)))
	for i, word := range words {
		words[i] = foldWord(word)
	}
	words = slices.DeleteFunc(words, func(w string) bool { return w == "" })
	return strings.Join(slices.Compact(words), " ")
}

// unitLetters is the longest unit that is written straight after a number.
const unitLetters = 2

// foldWord folds one word. A number swallows its unit ("12K", "3h", "2.3万",
// "09:41"); of longer words, and sentences of scripts that know no spaces, only
// the digits go.
func foldWord(word string) string {
	digits, handle, letters := false, false, 0
	word = strings.Map(func(r rune) rune {
		digits = digits || unicode.IsNumber(r)
		handle = handle || r == '@' || unicode.Is(unicode.Pc, r)
		if unicode.IsLetter(r) {
			letters++
		}
		if unicode.In(r, unicode.So, unicode.Sk, unicode.M) {
			return -1
		}
		return r
	}, word)
	switch {
	case handle:
		return "@"
	case digits && letters <= unitLetters:
		return "#"
	case digits:
		return foldDigits(word)
	}
	return word
}

func foldDigits(word string) string {
	return strings.Join(strings.FieldsFunc(word, unicode.IsNumber), "#")
}

// script is the writing that most letters of the labels are in, "" without
// letters. Kana count as Han: Japanese mixes them.
func script(label string) string {
	count := map[string]int{}
	best := ""
	for _, r := range label {
		if !unicode.IsLetter(r) {
			continue
		}
		name := scriptOf(r)
		if count[name]++; count[name] > count[best] {
			best = name
		}
	}
	return best
}

func scriptOf(r rune) string {
	switch {
	case unicode.In(r, unicode.Latin):
		return "Latn"
	case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana):
		return "Jpan"
	case unicode.In(r, unicode.Arabic):
		return "Arab"
	case unicode.In(r, unicode.Cyrillic):
		return "Cyrl"
	}
	for name, table := range unicode.Scripts {
		if unicode.Is(table, r) {
			return name
		}
	}
	return "Zyyy"
}
