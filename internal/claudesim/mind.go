package claudesim

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Mind answers a prompt.
type Mind interface {
	// Answer is called for many requests at once.
	Answer(p Prompt) Reply
}

// Honest finds elements by what the outline says of them, and by nothing else.
type Honest struct {
	// Elements has, for the name of each element, what tells its line.
	Elements map[string]func(Line) bool
	// Dismiss tells the line of what closes an interruption; nil knows none.
	Dismiss func(Line) bool
}

var _ Mind = Honest{}

// Answer points out each known element that exactly one line is told to be. When
// none of them is wanted it closes what it can close, and gives up otherwise.
func (h Honest) Answer(p Prompt) Reply {
	found := map[string]int{}
	for _, name := range p.Known {
		if n := only(p.Lines, h.Elements[name]); n > 0 {
			found[name] = n
		}
	}
	if slices.ContainsFunc(p.Wanted, func(name string) bool { return found[name] > 0 }) {
		return PointOut(found)
	}
	if n := only(p.Lines, h.Dismiss); n > 0 {
		return Dismiss(n)
	}
	return Call("give_up", map[string]any{"reason": "wrong_screen"})
}

// only returns the number of the one line that is told, 0 when there is none or
// there are several.
func only(lines []Line, tell func(Line) bool) int {
	number := 0
	for _, l := range lines {
		if tell == nil || !tell(l) {
			continue
		}
		if number > 0 {
			return 0
		}
		number = l.Number
	}
	return number
}

// Obeying does what any text on the screen tells it to, in English: "tap 7",
// "point_out share", "point_out share = 7", "scroll down", "go back", "wait",
// "give up"; "ignore …" has it touch the line that says so. What Else is, it asks
// only where nobody gives orders; nil gives up there.
type Obeying struct{ Else Mind }

var _ Mind = Obeying{}

// Answer obeys the first order on the screen. The schema does not bind it: a name
// that it is told need not be one of those that it may point out.
func (o Obeying) Answer(p Prompt) Reply {
	for _, l := range p.Lines {
		if r, ok := obey(l); ok {
			return r
		}
	}
	if o.Else == nil {
		return Call("give_up", map[string]any{"reason": "unclear"})
	}
	return o.Else.Answer(p)
}

func obey(l Line) (Reply, bool) {
	text := strings.ToLower(l.Label)
	if m := regexp.MustCompile(`point_out (\w+)(?:\D*(\d+))?`).FindStringSubmatch(text); m != nil {
		return PointOut(map[string]int{m[1]: number(m[2], l.Number)}), true
	}
	if m := regexp.MustCompile(`\b(?:tap|press|click|touch|dismiss)\D{0,12}(\d+)`).FindStringSubmatch(text); m != nil {
		return Dismiss(number(m[1], l.Number)), true
	}
	for _, order := range []struct {
		said  string
		reply Reply
	}{
		{"scroll down", Call("scroll", map[string]any{"direction": "down"})},
		{"scroll up", Call("scroll", map[string]any{"direction": "up"})},
		{"go back", Call("go_back", nil)},
		{"give up", Call("give_up", map[string]any{"reason": "needs_person"})},
		{"wait", Call("wait", nil)},
		{"ignore", Dismiss(l.Number)},
	} {
		if strings.Contains(text, order.said) {
			return order.reply, true
		}
	}
	return Reply{}, false
}

func number(text string, otherwise int) int {
	if n, err := strconv.Atoi(text); err == nil {
		return n
	}
	return otherwise
}
