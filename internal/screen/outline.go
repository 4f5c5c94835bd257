package screen

import (
	"encoding/json"
	"fmt"
	"strings"
)

const (
	// MaxTokens is the most that an outline takes of a prompt, as Tokens counts.
	MaxTokens = 1200
	maxLines  = 80
	// maxID is the length of an id or a class that is kept.
	maxID = 40
	// maxItems is how many items of a list are shown.
	maxItems = 6
)

// Outline is what a model is told of a screen: a numbered line for each element
// that has a label or answers a touch. What was typed into fields is not in
// it, nor anything behind the app's top window.
type Outline struct {
	Lines []Line
	// Hidden counts the elements that were left out for length.
	Hidden int
}

// Line is one element of an outline.
type Line struct {
	// Number counts from 1; 0 is the line "… k more" of a list that was cut.
	Number int
	// Node is what a touch would go to, nil where Number is 0.
	Node *Node
	// Parts are the elements whose labels the line took over from within Node.
	Parts []*Node
	// Text is the line, with its number, without a line break:
	//
	//	7 button "Share" share_button disabled
	Text string
}

// Outline lists what can be seen and touched of the app. It has no lines when
// no window of the app is on the screen.
//
// Labels are JSON strings, so nothing on a screen can look like a line of its
// own, and short. Long lists show their first items. An outline over the
// limits of 80 lines and MaxTokens is made again with shorter labels, without
// plain texts, and with fewer items, in this order; only when all of that is
// not enough its end is cut.
func (t *Tree) Outline(app string) Outline {
	f := t.front(app)
	entries := f.entries()
	var o Outline
	for _, room := range []room{
		{label: 64, items: maxItems, texts: true},
		{label: 32, items: maxItems, texts: true},
		{label: 32, items: maxItems},
		{label: 20, items: 3},
		{label: 12, items: 1},
	} {
		if o = write(entries, room); len(o.Lines) <= maxLines && Tokens(o.String()) <= MaxTokens {
			return o
		}
	}
	return o.cut()
}

// String is the whole list, one line each, no line break at the end.
func (o Outline) String() string {
	lines := make([]string, len(o.Lines))
	for i, l := range o.Lines {
		lines[i] = l.Text
	}
	return strings.Join(lines, "\n")
}

// Node returns the element of that number, nil when there is none.
func (o Outline) Node(number int) *Node {
	for _, l := range o.Lines {
		if number > 0 && l.Number == number {
			return l.Node
		}
	}
	return nil
}

// cut drops lines from the end until the rest and the word about it fit.
func (o Outline) cut() Outline {
	drop := max(1, len(o.Lines)-maxLines+1)
	for {
		last := len(o.Lines) - drop
		for _, l := range o.Lines[last:] {
			if l.Number > 0 {
				o.Hidden++
			}
		}
		o.Lines, drop = o.Lines[:last], 1
		whole := Outline{Lines: append(o.Lines[:last:last], more("", o.Hidden)), Hidden: o.Hidden}
		if len(whole.Lines) <= maxLines && Tokens(whole.String()) <= MaxTokens {
			return whole
		}
	}
}

// Tokens estimates, from above, how many tokens a model counts for text: one
// for every three bytes and one for every line. Tokenizers make four letters
// of prose a token, less of ids and signs, and one or two of a letter of
// three bytes.
func Tokens(text string) int {
	return (len(text)+2)/3 + strings.Count(text, "\n") + 1
}

func more(indent string, hidden int) Line {
	return Line{Text: fmt.Sprintf("%s… %d more", indent, hidden)}
}

// quoted is a label as a JSON string of at most limit letters, "" without one.
func quoted(label string, limit int) string {
	if letters := []rune(label); len(letters) > limit {
		label = string(letters[:limit-1]) + "…"
	}
	text, err := json.Marshal(label)
	if err != nil {
		return `""` // a string has a JSON form, always
	}
	return string(text)
}
