package claudesim

import (
	"encoding/json"
	"regexp"
	"strconv"
	"strings"
)

// Prompt is what a mind sees of a request.
type Prompt struct {
	// System and Text are the words of the system prompt and of the question.
	System, Text string
	// Wanted are the elements that are asked for, and Known those that may be
	// pointed out, as the tool's schema has them.
	Wanted, Known []string
	// Lines are the screen's.
	Lines []Line
}

// Line is one element of the screen, as the prompt has it.
type Line struct {
	Number            int
	Role, Label, Rest string
	// Text is the whole line.
	Text string
}

// Has reports whether a line is one of those that say word, in its label, its id
// or elsewhere, in capitals or not.
func (l Line) Has(word string) bool {
	return strings.Contains(strings.ToLower(l.Text), strings.ToLower(word))
}

// The marks in a prompt around what was read off the screen.
const (
	markBegins = "UNTRUSTED SCREEN DATA BEGINS"
	markEnds   = "UNTRUSTED SCREEN DATA ENDS"
)

func (r request) prompt() Prompt {
	p := Prompt{System: r.systemText(), Text: r.userText(), Known: r.known()}
	inside := false
	for text := range strings.Lines(p.Text) {
		text = strings.TrimRight(text, "\n")
		wanted, isWanted := strings.CutPrefix(text, "wanted elements: ")
		switch {
		case strings.HasPrefix(text, markBegins):
			inside = true
		case strings.HasPrefix(text, markEnds):
			inside = false
		case inside:
			if line, ok := readLine(text); ok {
				p.Lines = append(p.Lines, line)
			}
		case isWanted:
			_ = json.Unmarshal([]byte(wanted), &p.Wanted) // none, when it is no list
		}
	}
	return p
}

// known are the names that the first tool with a list of names has.
func (r request) known() []string {
	for _, t := range r.Tools {
		var schema struct {
			Properties struct {
				Elements struct {
					Items struct {
						Properties struct {
							Name struct {
								Enum []string `json:"enum"`
							} `json:"name"`
						} `json:"properties"`
					} `json:"items"`
				} `json:"elements"`
			} `json:"properties"`
		}
		if json.Unmarshal(t.InputSchema, &schema) == nil && t.Name == "point_out" {
			return schema.Properties.Elements.Items.Properties.Name.Enum
		}
	}
	return nil
}

func linePattern() *regexp.Regexp {
	return regexp.MustCompile(`^ *(\d+) (\S+) ("(?:[^"\\]|\\.)*")(.*)$`)
}

func readLine(text string) (Line, bool) {
	m := linePattern().FindStringSubmatch(text)
	if m == nil {
		return Line{}, false
	}
	line := Line{Role: m[2], Rest: strings.TrimSpace(m[4]), Text: text}
	line.Number, _ = strconv.Atoi(m[1]) // 0 is the number of no element
	if json.Unmarshal([]byte(m[3]), &line.Label) != nil {
		return Line{}, false
	}
	return line, line.Number > 0
}
