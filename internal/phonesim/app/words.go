package app

import (
	_ "embed"
	"slices"
	"strings"
)

// wordsText is everything that the app and the phone around it say, a paragraph
// for a phrase and in it a line for a language, in the order of Languages. In a
// line the original's words come first and, parted by bars, what skins say
// instead. The original's English is the phrase's name in the code.
//
//go:embed words.txt
var wordsText string

// vocabulary is what a skin says in one language: said by phrase, and plain is
// what the original says in the same language.
type vocabulary struct{ said, plain map[string]string }

func newVocabulary(number int, language Language) vocabulary {
	v := vocabulary{said: map[string]string{}, plain: map[string]string{}}
	line := slices.Index(Languages(), language)
	for paragraph := range strings.SplitSeq(wordsText, "\n\n") {
		if strings.HasPrefix(paragraph, "#") {
			continue
		}
		lines := strings.Split(strings.TrimSpace(paragraph), "\n")
		phrase, _, _ := strings.Cut(lines[0], "|")
		ways := strings.Split(lines[line], "|")
		v.plain[phrase], v.said[phrase] = ways[0], ways[0]
		if others := ways[1:]; number > 0 && len(others) > 0 {
			v.said[phrase] = others[draw(number, "say "+phrase, len(others))]
		}
	}
	return v
}

// lookUp returns the phrase itself when there are no words for it, as is so
// with brands.
func lookUp(words map[string]string, phrase string) string {
	if said, ok := words[phrase]; ok {
		return said
	}
	return phrase
}
