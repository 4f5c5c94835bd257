package claude

import (
	"encoding/json"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"postfleet/internal/screen"
)

// keeper keeps a job's texts out of a request: captions and account names are
// nobody's business but the app's, and a caption may address the model.
type keeper struct{ slots []slot }

type slot struct {
	// name is what is sent instead.
	name string
	// text is folded.
	text string
}

const (
	// shortest is how long a text must be to be looked for inside of another:
	// shorter ones are found everywhere. telling is how much of the beginning of a
	// text gives it away, where a screen shows no more of it.
	shortest = 3
	telling  = 12
)

func newKeeper(slots map[string]string) keeper {
	var k keeper
	for name, text := range slots {
		name = "‹" + name + "›"
		if folded := fold(text); folded != "" {
			k.slots = append(k.slots, slot{name, folded})
		}
		// A screen may show one line of several.
		for line := range strings.Lines(text) {
			if folded := fold(line); len([]rune(folded)) >= telling {
				k.slots = append(k.slots, slot{name, folded})
			}
		}
	}
	// The longest first: a caption that names the account is the caption.
	slices.SortFunc(k.slots, func(a, b slot) int {
		if d := len(b.text) - len(a.text); d != 0 {
			return d
		}
		return strings.Compare(a.name, b.name)
	})
	return k
}

// out returns text, or what stands for it when it tells one of the slots.
func (k keeper) out(text string) string {
	if name := k.told(text); name != "" {
		return name
	}
	return text
}

// line returns an outline's line. One that tells a slot keeps all but its label.
func (k keeper) line(l screen.Line) string {
	name := k.told(label(l.Text))
	for _, n := range append([]*screen.Node{l.Node}, l.Parts...) {
		if name == "" && n != nil {
			name = k.toldBy(n)
		}
	}
	// It is one line as it comes; nothing else here would notice if it were not.
	text := strings.Join(strings.FieldsFunc(l.Text, unicode.IsControl), " ")
	if name == "" {
		return text
	}
	from, to := labelAt(text)
	return text[:from] + asJSON(name) + text[to:]
}

// toldBy returns what stands for the slot that an element's label, shortened on
// the line, tells. What was typed into a field is not on the line.
func (k keeper) toldBy(n *screen.Node) string {
	if name := k.told(n.Desc); name != "" || n.Editable() {
		return name
	}
	return k.told(n.Text)
}

// label is the label on an outline's line, which is the only JSON string there.
func label(line string) string {
	from, to := labelAt(line)
	var text string
	if json.Unmarshal([]byte(line[from:to]), &text) != nil {
		return line
	}
	return text
}

// labelAt returns where the label stands; the whole line when there is none.
func labelAt(line string) (from, to int) {
	from = strings.IndexByte(line, '"')
	if from < 0 {
		return 0, len(line)
	}
	for to = from + 1; to < len(line); to++ {
		switch line[to] {
		case '\\':
			to++
		case '"':
			return from, to + 1
		}
	}
	return 0, len(line)
}

// told returns what stands for the slot that text tells; "" when it tells none.
func (k keeper) told(text string) string {
	folded := fold(text)
	if folded == "" {
		return ""
	}
	for _, s := range k.slots {
		if folded == s.text || holds(folded, s.text) || begins(folded, s.text) {
			return s.name
		}
	}
	return ""
}

// holds reports whether text has value in it, as words of their own.
func holds(text, value string) bool {
	if len([]rune(value)) < shortest {
		return false
	}
	for at := 0; ; {
		i := strings.Index(text[at:], value)
		if i < 0 {
			return false
		}
		from, to := at+i, at+i+len(value)
		if !wordEnds(text[:from]) && !wordBegins(text[to:]) {
			return true
		}
		at = from + 1
	}
}

// begins reports whether text ends in the beginning of value, as a screen shows
// it that has no room for more, with what says so behind it.
func begins(text, value string) bool {
	runes := []rune(value)
	if len(runes) <= telling {
		return false
	}
	at := strings.Index(text, string(runes[:telling]))
	if at < 0 {
		return false
	}
	rest := []rune(text[at:])
	same := 0
	for same < min(len(rest), len(runes)) && rest[same] == runes[same] {
		same++
	}
	return same == len(rest) || !inWord(rest[same]) && rest[same] != ' '
}

func wordEnds(before string) bool {
	runes := []rune(before)
	return len(runes) > 0 && inWord(runes[len(runes)-1])
}

func wordBegins(after string) bool {
	for _, r := range after {
		return inWord(r)
	}
	return false
}

// inWord reports whether r makes what stands beside it part of a longer word. In
// scripts without gaps, and where endings are put to names, it does not.
func inWord(r rune) bool {
	if unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Thai) {
		return false
	}
	return unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_'
}

// fold makes equal what a screen may write differently.
func fold(text string) string {
	folded := cases.Fold().String(norm.NFKC.String(text))
	folded = strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Variation_Selector, r) {
			return -1
		}
		return r
	}, folded)
	return strings.Join(strings.Fields(folded), " ")
}
