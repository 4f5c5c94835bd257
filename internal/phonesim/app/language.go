package app

import (
	"fmt"
	"slices"
)

// Language is the language that the phone is set to, as a BCP-47 tag.
type Language string

// The languages that the app is translated into.
const (
	English    Language = "en"
	German     Language = "de"
	Spanish    Language = "es"
	French     Language = "fr"
	Portuguese Language = "pt"
	Japanese   Language = "ja"
)

// Languages lists the languages of the app, English first.
func Languages() []Language {
	return []Language{English, German, Spanish, French, Portuguese, Japanese}
}

// Validate returns ErrUnknownLanguage unless the app is translated into l. ""
// is as good as English.
func (l Language) Validate() error {
	if list := Languages(); l != "" && !slices.Contains(list, l) {
		return fmt.Errorf("%w %q, none of %v", ErrUnknownLanguage, string(l), list)
	}
	return nil
}

// Locale is l with the country that phones have beside it, such as "en-US".
func (l Language) Locale() string {
	switch l {
	case German:
		return "de-DE"
	case Spanish:
		return "es-ES"
	case French:
		return "fr-FR"
	case Portuguese:
		return "pt-BR"
	case Japanese:
		return "ja-JP"
	default:
		return "en-US"
	}
}

// moment is the layout of a date with its time. Only English spells months out.
func (l Language) moment() string {
	switch l {
	case German:
		return "02.01.2006 15:04:05"
	case Spanish, French, Portuguese:
		return "02/01/2006 15:04:05"
	case Japanese:
		return "2006/01/02 15:04:05"
	default:
		return "January 2, 2006 15:04:05"
	}
}
