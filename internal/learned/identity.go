package learned

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	// maxWays is how many ways to find it one element has.
	maxWays = 6
	// maxLabel is the longest label, in characters: longer ones are prose.
	maxLabel = 60
	// maxName bounds ids and classes, which programs wrote.
	maxName = 200
	// shortSecret is the length under which a value says nothing: a caption "a"
	// is in most labels.
	shortSecret = 3
	// longPrefix is when the beginning of a caption is no longer a chance hit.
	longPrefix = 10
)

// Identity is one way to find an element: everything that is not empty must
// hold, and of the elements for which it does there must be exactly one.
type Identity struct {
	// ID is the tail of the resource id, Class the class.
	ID    string `yaml:"id,omitempty"`
	Class string `yaml:"class,omitempty"`
	// Desc and Text are the element's own labels.
	Desc string `yaml:"desc,omitempty"`
	Text string `yaml:"text,omitempty"`
	// Within is the id of an element that it is in, Below the id or label of one
	// that is in it.
	Within string `yaml:"within,omitempty"`
	Below  string `yaml:"below,omitempty"`
	// InList is an element of a list's item.
	InList bool `yaml:"in_list,omitempty"`
}

// check says why an identity must not be stored, or used.
func (i Identity) check() error {
	labels := i.labels()
	switch {
	case i.ID == "" && len(labels) == 0:
		return fmt.Errorf("%w: nothing but a class to find it by", ErrRefused)
	case i.InList && i.ID == "" && i.Within == "":
		return fmt.Errorf("%w: the text of a list's item", ErrRefused)
	}
	for _, name := range []string{i.ID, i.Class} {
		if len(name) > maxName || strings.ContainsFunc(name, unfit) {
			return fmt.Errorf("%w: %.40q is no name", ErrRefused, name)
		}
	}
	for _, label := range labels {
		if err := checkLabel(label); err != nil {
			return err
		}
	}
	return nil
}

func (i Identity) labels() []string {
	all := []string{i.Desc, i.Text, i.Within, i.Below}
	return slices.DeleteFunc(all, func(s string) bool { return s == "" })
}

// checkLabel refuses what people write rather than those who make an app. It
// says nothing of the text itself, which may be somebody's.
func checkLabel(label string) error {
	switch {
	case utf8.RuneCountInString(label) > maxLabel:
		return fmt.Errorf("%w: a label of more than %d characters", ErrRefused, maxLabel)
	case strings.ContainsFunc(label, unfit):
		return fmt.Errorf("%w: a label with control characters", ErrRefused)
	case strings.ContainsAny(label, "@#") || strings.Contains(label, "://"):
		return fmt.Errorf("%w: a label with a handle, a hashtag or an address", ErrRefused)
	}
	return nil
}

func unfit(r rune) bool { return unicode.IsControl(r) || r == utf8.RuneError }

// checkWays checks the ways to one element, none of which may show any of the
// private values.
func checkWays(ways []Identity, private []string) error {
	if len(ways) == 0 || len(ways) > maxWays {
		return fmt.Errorf("%w: %d ways to find it, want 1 to %d", ErrRefused, len(ways), maxWays)
	}
	for _, way := range ways {
		if err := way.check(); err != nil {
			return err
		}
		for _, label := range way.labels() {
			for _, value := range private {
				if shows(label, value) {
					return fmt.Errorf("%w: a label with what belongs to the job", ErrRefused)
				}
			}
		}
	}
	return nil
}

// shows reports whether a label shows a value, or the beginning of it, or of one
// of its lines.
func shows(label, value string) bool {
	label = plain(label)
	if begins(label, value) {
		return true
	}
	for line := range strings.Lines(value) {
		if begins(label, line) {
			return true
		}
	}
	value = plain(value)
	if utf8.RuneCountInString(value) < shortSecret {
		return label == value && value != ""
	}
	return strings.Contains(label, value)
}

// begins reports whether a label has the beginning of a long value in it.
func begins(label, value string) bool {
	runes := []rune(plain(value))
	return len(runes) >= longPrefix && strings.Contains(label, string(runes[:longPrefix]))
}

// plain is s as far as letters and gaps go.
func plain(s string) string { return strings.ToLower(strings.Join(strings.Fields(s), " ")) }
