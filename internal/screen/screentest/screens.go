package screentest

import (
	_ "embed"
	"slices"
	"strings"
)

// App is the package of the app that all screens are of.
const App = "com.example.social"

// Typed is what is typed into the focused field of a Moment with Focus: a
// secret, as far as the corpus knows.
const Typed = "hunter2 is typed"

//go:embed screens.txt
var corpus string

// Screen is one screen of the corpus. Two of them are different screens.
type Screen struct {
	Name string
	// Words says that the screen is a dialog window or has fewer than five named
	// elements to touch, its lists apart: others are of the same layout, or might
	// be, and nothing that cannot read knows it again in another language.
	Words bool

	mode  string // "", over, sheet or dialog
	under string
	parts []part
}

// part is one line of a screen.
type part struct {
	kind, argument string
	body           string
}

// Target is an element that a caller may look for.
type Target struct {
	// ID is its full resource id, which no other element of the screen has.
	ID string
	// Label is what it shows.
	Label string
}

// Screens returns the corpus.
func Screens() []Screen {
	var screens []Screen
	for block := range strings.SplitSeq(corpus, "\n\n") {
		lines := strings.Split(strings.TrimSpace(block), "\n")
		if strings.HasPrefix(lines[0], "#") {
			continue
		}
		s := head(strings.Fields(lines[0]))
		for _, line := range lines[1:] {
			first, body, _ := strings.Cut(line, ":")
			if kind, rest, ok := strings.Cut(line, " "); ok && (kind == "list" || kind == "grid" || kind == "tabs") {
				first, body = kind, rest
			}
			kind, argument, _ := strings.Cut(strings.TrimSpace(first), " ")
			s.parts = append(s.parts, part{kind, strings.TrimSpace(argument), strings.TrimSpace(body)})
		}
		s.Words = s.mode == "dialog" || s.mode == "over" || s.named() < enoughNames
		screens = append(screens, s)
	}
	return screens
}

func head(words []string) Screen {
	s := Screen{Name: words[0]}
	for i, word := range words[1:] {
		switch word {
		case "over", "sheet":
			s.mode, s.under = word, words[i+2]
		case "dialog":
			s.mode = word
		}
	}
	return s
}

const enoughNames = 5

// named counts the elements of an id of the app's own that can be touched.
func (s Screen) named() int {
	count := 0
	for _, a := range s.parts {
		if a.kind == "tabs" {
			count += 5
		}
		for one := range strings.SplitSeq(a.body, ";") {
			words := strings.Fields(one)
			touched := slices.Contains([]string{"icon", "button", "row", "field", "switch", "handle"}, words[0])
			if touched && words[1] != "-" && !strings.Contains(words[1], ":") {
				count++
			}
		}
	}
	return count
}

// Source is the dump of s at a moment.
func (s Screen) Source(m Moment) string {
	source, _ := s.draw(m)
	return source
}

// Targets are the elements that s has at every moment, outside of its lists,
// with their labels at that moment.
func (s Screen) Targets(m Moment) []Target {
	_, targets := s.draw(m)
	return targets
}

func (s Screen) draw(m Moment) (source string, targets []Target) {
	p := newPen(m)
	windows := s.windows(p)
	if m.Windows {
		windows = append(windows, p.statusBar())
	}
	if m.Keyboard && s.mode != "dialog" {
		windows = append(windows, keyboard())
	}
	var b strings.Builder
	b.WriteString(`<?xml version='1.0' encoding='UTF-8' standalone='yes' ?>` + "\r\n" +
		`<hierarchy index="0" class="hierarchy" rotation="0" width="1080" height="2208">`)
	for i, w := range windows {
		w.write(&b, i, 1)
	}
	b.WriteString("\r\n</hierarchy>")
	for _, v := range p.marked {
		if v.at[2] > v.at[0] && v.at[3] > v.at[1] {
			targets = append(targets, Target{ID: v.resource(), Label: firstText(v)})
		}
	}
	return b.String(), targets
}
