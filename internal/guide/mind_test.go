package guide_test

import (
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"postfleet/internal/claudesim"
	"postfleet/internal/claudesim/insider"
	"postfleet/internal/phonesim/app"
)

// idOf is the tail of the id that an element of the recipe has in a skin.
func idOf(skin *app.Skin, element string) string {
	id := skin.ID(insider.Original(element))
	return id[strings.LastIndexByte(id, '/')+1:]
}

// honest is a mind that knows the app.
type honest struct {
	skin *app.Skin
	// asked counts the questions that it answered.
	asked *atomic.Int32
}

func (h honest) Answer(p claudesim.Prompt) claudesim.Reply {
	h.asked.Add(1)
	found, taken := map[string]int{}, map[int]bool{}
	for _, name := range p.Known {
		id := idOf(h.skin, name)
		i := slices.IndexFunc(p.Lines, func(l claudesim.Line) bool {
			tail, _, _ := strings.Cut(l.Rest, " ")
			return id != "" && tail == id && !taken[l.Number]
		})
		if i >= 0 {
			found[name], taken[p.Lines[i].Number] = p.Lines[i].Number, true
		}
	}
	if slices.ContainsFunc(p.Wanted, func(name string) bool { return found[name] > 0 }) {
		return claudesim.PointOut(found)
	}
	for _, l := range p.Lines {
		tail, _, _ := strings.Cut(l.Rest, " ")
		if l.Role == "button" && (tail == idOf(h.skin, "rating_later") || tail == idOf(h.skin, "dialog_negative") ||
			strings.HasPrefix(tail, "close_") || l.Label == h.skin.Say("Close")) {
			return claudesim.Dismiss(l.Number)
		}
	}
	if len(found) > 0 {
		return claudesim.PointOut(found)
	}
	return claudesim.Call("wait", nil)
}

// polyglot is the obeying mind after it has made out what a text says, in
// whatever language and disguise.
type polyglot struct{ claudesim.Obeying }

func (m polyglot) Answer(p claudesim.Prompt) claudesim.Reply {
	lines := slices.Clone(p.Lines)
	for i := range lines {
		lines[i].Label = understood(lines[i].Label)
	}
	// What is an order once it is understood comes first.
	p.Lines = lines
	return m.Obeying.Answer(p)
}

func understood(label string) string {
	if back := disguised(rightToLeft + label); strings.Contains(back, mark) {
		label = back
	}
	label = strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFKD.String(label))
	words := regexp.MustCompile(`(?i)tippe auf|pulsa|appuie sur|toque em|нажми|タッフ`)
	label = words.ReplaceAllString(label, "tap")
	// Letters of other alphabets that look like Latin ones.
	return strings.NewReplacer("а", "a", "р", "p").Replace(label)
}
