package navigator_test

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"postfleet/internal/fault"
	"postfleet/internal/navigator"
	"postfleet/internal/recipe"
	"postfleet/internal/screen"
)

const blockedScreen = `failures:
  - {id: blocked, when: {id: blocked}, class: account, message: the account is blocked}
flows:
`

// TestScreenChangesMeanwhile: while a model thinks, the screen becomes another.
// What it said is done where it belongs, or not at all, and a failure screen
// is seen.
func TestScreenChangesMeanwhile(t *testing.T) {
	t.Parallel()
	r := loadText(t, strings.Replace(misled, "flows:\n", blockedScreen, 1))
	rows := []view{
		{id: "one", text: "One"},
		{id: "two", text: "Two"},
		{id: "three", text: "Three"},
		{id: "four", text: "Four"},
		{id: "shut", text: "Close"},
	}
	moved := slices.Clone(rows)
	slices.Reverse(moved)
	named := func(n int) navigator.Answer { return elements("next_button", n) }
	dismissed := func(n int) navigator.Answer { return navigator.Answer{Dismiss: n} }
	left := func(int) navigator.Answer { return navigator.Answer{Verb: navigator.VerbBack} }
	for name, tt := range map[string]struct {
		answer func(number int) navigator.Answer
		then   []view
		class  fault.Class
		log    []string
	}{
		"an element, on a failure screen":      {named, []view{{id: "blocked"}}, fault.Account, nil},
		"an interruption, on a failure screen": {dismissed, []view{{id: "blocked"}}, fault.Account, nil},
		"a way back, on a failure screen":      {left, []view{{id: "blocked"}}, fault.Account, nil},
		"an interruption, over what publishes": {
			dismissed, []view{{id: "a"}, {id: "b"}, {id: "c"}, {id: "d"}, {id: "share_button"}}, fault.Infra, nil,
		},
		"an element that moves":       {named, moved, fault.Infra, []string{"tap then/shut"}},
		"an interruption that moves":  {dismissed, moved, fault.Infra, []string{"tap then/shut"}},
		"an element that stays":       {named, rows, fault.Infra, []string{"tap then/shut"}},
		"an interruption that is off": {dismissed, rows[:4], fault.Infra, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				p := newPhone(t)
				p.screen, p.screens["here"], p.screens["then"] = "here", rows, tt.then
				model := modelFunc(func(q navigator.Question) (navigator.Answer, error) {
					if p.screen == "then" {
						return navigator.Answer{Verb: navigator.VerbGiveUp}, nil
					}
					p.screen = "then"
					i := slices.IndexFunc(q.Outline.Lines, func(l screen.Line) bool { return l.Node.Text == "Close" })
					return tt.answer(q.Outline.Lines[i].Number), nil
				})
				nav := navigator.New(r, navigator.Config{Help: navigator.Help{Model: model}}, nil)
				_, err := nav.Walk(p, slots("x"), commitOK).Run(t.Context(), recipe.FlowPost)
				if got := fault.Of(err); got != tt.class {
					t.Errorf("class: got %q, want %q: %v", got, tt.class, err)
				}
				if !slices.Equal(slices.Compact(p.log), tt.log) {
					t.Errorf("actions: got %q, want %q", p.log, tt.log)
				}
			})
		})
	}
}

// TestOldDump: a dump that became old between two steps is not acted on.
func TestOldDump(t *testing.T) {
	t.Parallel()
	r := load(t, "", openStep+
		"    - {id: field, goal: Touch., do: tap, target: [{id: field}], expect: {id: share}}\n")
	synctest.Test(t, func(t *testing.T) {
		p := newPhone(t)
		nav := navigator.New(r, navigator.Config{StepFunc: func(s navigator.Taken) {
			<-time.After(2 * time.Second)
			p.screen = "blocked"
		}}, nil)
		_, err := nav.Walk(p, slots("x"), commitOK).Run(t.Context(), recipe.FlowPost)
		if fault.Of(err) != fault.Account || !slices.Equal(p.log, []string{"tap home/create"}) {
			t.Errorf("got %v after %q, want the failure screen before another tap", err, p.log)
		}
	})
}
