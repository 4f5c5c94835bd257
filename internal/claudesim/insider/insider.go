// Package insider is a mind for a stand-in model that knows the sample app: what
// it is asked for it finds in any skin and language, as a model would that never
// errs. It answers the question as the outline's lines have it, and reads nothing
// else of the screen.
package insider

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"postfleet/internal/claudesim"
	"postfleet/internal/phonesim/app"
)

// Mind points out what is on a screen of one skin, in all languages. It is safe
// for concurrent use.
type Mind struct {
	// ids are those of the recipe's elements, by name.
	ids map[string]string
	// closers are the ids, and closeWords the labels, of what closes something.
	closers, closeWords []string
}

var _ claudesim.Mind = Mind{}

// Original is the sample app's own name of an element of the built-in recipe.
func Original(element string) string {
	return cmp.Or(map[string]string{
		"profile_tab": "tab_profile", "profile_account": "profile_switcher", "post_count": "profile_post_count",
		"post_caption": "profile_post_caption", "post_pin": "profile_post_pin", "create_tab": "tab_create",
		"reel_choice": "create_reel", "gallery_video": "gallery_item", "not_now": "dialog_negative",
	}[element], element)
}

// New returns a mind that finds these elements of the built-in recipe in a skin;
// 0 is the original.
func New(elements []string, skin int) (Mind, error) {
	m := Mind{ids: map[string]string{}}
	for _, language := range app.Languages() {
		s, err := app.NewSkin(skin, language)
		if err != nil {
			return Mind{}, fmt.Errorf("learn skin %d: %w", skin, err)
		}
		m.closeWords = append(m.closeWords, s.Say("Close"))
		for _, name := range elements {
			m.ids[name] = tail(s.ID(Original(name)))
		}
		m.closers = []string{tail(s.ID("rating_later")), tail(s.ID("dialog_negative"))}
	}
	return m, nil
}

// Answer points out all listed elements that are on the screen. Where something
// lies over them, or there are none, it closes what is in the way; else it waits.
func (m Mind) Answer(p claudesim.Prompt) claudesim.Reply {
	found, taken := map[string]int{}, map[int]bool{}
	for _, name := range p.Known {
		i := slices.IndexFunc(p.Lines, func(l claudesim.Line) bool {
			return m.ids[name] != "" && idOf(l) == m.ids[name] && !taken[l.Number]
		})
		if i >= 0 {
			found[name], taken[p.Lines[i].Number] = p.Lines[i].Number, true
		}
	}
	closer := slices.IndexFunc(p.Lines, m.closes)
	switch {
	case closer >= 0:
		return claudesim.Dismiss(p.Lines[closer].Number)
	case len(found) > 0:
		return claudesim.PointOut(found)
	}
	return claudesim.Call("wait", nil)
}

func (m Mind) closes(l claudesim.Line) bool {
	return l.Role == "button" && (slices.Contains(m.closers, idOf(l)) || slices.Contains(m.closeWords, l.Label))
}

// idOf is the id of a line, or a flag of one that has none, which is no id.
func idOf(l claudesim.Line) string {
	id, _, _ := strings.Cut(l.Rest, " ")
	return id
}

// tail is an id as outlines have it.
func tail(id string) string {
	const most = 40
	_, tail, _ := strings.Cut(id, ":id/")
	return tail[:min(len(tail), most)]
}
