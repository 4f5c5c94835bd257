package app

import (
	"cmp"
	"fmt"
	"hash/fnv"

	"postfleet/internal/phonesim/ui"
)

// Skin is how one version of the app presents itself in one language: the
// resource ids of its views, its words, and how its pages are arranged. Skin 0
// is the original; every other number is another version, always the same one.
// A Skin does not change and is safe for concurrent use.
type Skin struct {
	number   int
	language Language
	// ids are the names within the package of the app's elements.
	ids         map[string]string
	vocabulary  vocabulary
	arrangement arrangement
}

// NewSkin returns the skin of that number in a language, "" being English. A
// number below 1 is the original. It returns ErrUnknownLanguage for a language
// that the app has no words in.
func NewSkin(number int, language Language) (*Skin, error) {
	if err := language.Validate(); err != nil {
		return nil, err
	}
	return newSkin(max(0, number), cmp.Or(language, English)), nil
}

func newSkin(number int, language Language) *Skin {
	return &Skin{
		number: number, language: language, ids: elementIDs(number),
		vocabulary: newVocabulary(number, language), arrangement: arrange(number),
	}
}

// draw picks one of choices, from 0, for one question about a skin.
func draw(number int, question string, choices int) int {
	h := fnv.New64a()
	_, _ = fmt.Fprintf(h, "%d %s", number, question) // a hash never fails
	// FNV hardly mixes its last bytes into the low bits that decide here.
	x := h.Sum64()
	x ^= x >> 33
	x *= 0xff51afd7ed558ccd
	x ^= x >> 33
	return int(x % uint64(choices))
}

// Number is the skin's number, 0 for the original.
func (s *Skin) Number() int { return s.number }

// Language is the language that the app speaks.
func (s *Skin) Language() Language { return s.language }

// ID is the full resource id that drivers see of the app's element with that
// name, which is the one of the original; "" when there is no such element.
func (s *Skin) ID(element string) string {
	id, ok := s.ids[element]
	if !ok {
		return ""
	}
	return Package + ":id/" + id
}

// Say is what the app says for a phrase, which is named by the original's
// English. Phrases without a wording, such as brands, are said as they are.
func (s *Skin) Say(phrase string) string { return lookUp(s.vocabulary.said, phrase) }

// Plain is what the original says for a phrase in the skin's language: what
// the phone around the app says, and the description of the share button.
func (s *Skin) Plain(phrase string) string { return lookUp(s.vocabulary.plain, phrase) }

// Version is the version that the package manager tells. Each skin has another.
func (s *Skin) Version() (name string, code int) {
	const major, originalCode, step = 361, 377506971, 1000
	if s.number == 0 {
		return fmt.Sprintf("%d.0.0.46.88", major), originalCode
	}
	return fmt.Sprintf("%d.0.0.%d.%d", major+s.number, draw(s.number, "minor", 60), draw(s.number, "build", 100)),
		originalCode + s.number*step
}

// dress gives a window of the app the skin's ids. Names stay: they are the
// same views.
func (s *Skin) dress(root *ui.Node) {
	for n := range root.All() {
		if id := s.ID(n.Name); id != "" {
			n.ResourceID = id
		}
	}
}

// say is what a page of the app says for a phrase, filled with args.
func (a *App) say(phrase string, args ...any) string { return fill(a.skin.Say(phrase), args) }

// plain is say without the skin, for what is not the app's own.
func (a *App) plain(phrase string) string { return a.skin.Plain(phrase) }

func fill(format string, args []any) string {
	if len(args) == 0 {
		return format
	}
	return fmt.Sprintf(format, args...)
}
