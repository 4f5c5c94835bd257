package navigator_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"postfleet/internal/fault"
	"postfleet/internal/learned"
	"postfleet/internal/navigator"
	"postfleet/internal/phonesim/app"
	"postfleet/internal/recipe"
	"postfleet/internal/screen"
)

// numberOf is the line of an outline whose element has one of the original's ids.
func numberOf(p *sample, q navigator.Question, id string) int {
	i := slices.IndexFunc(q.Outline.Lines, func(line screen.Line) bool {
		return line.Node != nil && line.Node.ID == p.skin.ID(id)
	})
	if i < 0 {
		return 0
	}
	return q.Outline.Lines[i].Number
}

// TestModelCannotPublish: the phone shows the screen that publishes, and the
// walk looks for something else. A model that calls the button by any name, or
// wants it closed, gets nothing published: the recipe does not even have to
// know the button by its id.
func TestModelCannotPublish(t *testing.T) {
	t.Parallel()
	r := builtin(t)
	astray := loadText(t, strings.Replace(misled, "com.example.app", app.Package, 1))
	for name, lie := range map[string]func(number int) navigator.Answer{
		"as the next button":    func(n int) navigator.Answer { return elements("next_button", n) },
		"as what comes then":    func(n int) navigator.Answer { return elements("after", n) },
		"as what closes it":     func(n int) navigator.Answer { return navigator.Answer{Dismiss: n} },
		"by its own name":       func(n int) navigator.Answer { return elements("share_button", n) },
		"by a name of nothing":  func(n int) navigator.Answer { return elements("nothing", n) },
		"by a number of no one": func(int) navigator.Answer { return elements("next_button", 99) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				p := newSample(t, 1, app.English)
				defer p.Close()
				memory := newNotebook()
				help := navigator.Help{Memory: memory.of("w"), Model: &honest{skin: p.skin}}
				p.stopBefore = errors.New("stop here")
				if _, err := p.post(t.Context(), r, help); !errors.Is(err, p.stopBefore) {
					t.Fatal(err)
				}
				known := len(memory.records)
				asks := 0
				help.Model = modelFunc(func(q navigator.Question) (navigator.Answer, error) {
					asks++
					return lie(numberOf(p, q, "share_button")), nil
				})
				nav := navigator.New(astray, navigator.Config{Help: help}, nil)
				_, err := nav.Walk(p, slots("hello"), commitOK).Run(t.Context(), recipe.FlowPost)
				if err == nil || asks == 0 {
					t.Errorf("got error %v after %d questions, want an error", err, asks)
				}
				if p.Shares() > 0 || len(memory.records) > known {
					t.Errorf("%d taps on share, %d things learned: %v", p.Shares(), len(memory.records)-known, err)
				}
			})
		})
	}
}

func elements(name string, number int) navigator.Answer {
	return navigator.Answer{Elements: map[string]int{name: number}}
}

// misled is a recipe's walk that is on the screen that publishes and looks for
// an element that is not there.
const misled = `recipe: 1
app: {id: com.example.app}
slots: [account, caption]
elements:
  next_button: {is: The button that goes on., find: [{id: no_such_id}]}
  after: {is: What comes then., find: [{id: no_such_either}]}
flows:
  switch_account:
    - {id: none, goal: Nothing., do: wait, expect: {not: {id: x}}}
  profile:
    - id: look
      goal: Nothing.
      do: read
      read: {post_count: {target: [{id: a}]}, captions: {target: [{id: b}], all: true}}
      expect: {id: a}
  post:
    - {id: next, goal: Go on., do: tap, target: next_button, expect: {element: after}}
    - id: share
      goal: Publish.
      do: tap
      target: [{id: share_button}, {desc: {en: Share}, class: android.widget.Button}]
      expect: {id: share_done}
      effect: irreversible
`

// TestPolicy: what a model points out is not touched when the policy forbids
// it, is not learned, and a record that leads to it is taken out.
func TestPolicy(t *testing.T) {
	t.Parallel()
	r := loadText(t, misled)
	for name, tt := range map[string]struct {
		view view
		deny bool
	}{
		"harmless":                 {view{id: "ok", text: "Continue"}, false},
		"harmless, in German":      {view{id: "ok", text: "Fortfahren"}, false},
		"publishes":                {view{id: "share_button", text: "Continue"}, true},
		"publishes, described":     {view{id: "x", desc: "Share", class: "android.widget.Button"}, true},
		"buys":                     {view{id: "ok", text: "Buy now"}, true},
		"pays, in German":          {view{id: "ok", text: "Jetzt bezahlen!"}, true},
		"deletes, in Spanish":      {view{id: "ok", desc: "Eliminar cuenta"}, true},
		"logs out":                 {view{id: "ok", text: "Log out"}, true},
		"logs out, in French":      {view{id: "ok", text: "Se déconnecter"}, true},
		"follows, in Portuguese":   {view{id: "ok", text: "SEGUIR"}, true},
		"sends":                    {view{id: "ok", text: "Send"}, true},
		"gives contacts away":      {view{id: "ok", text: "Allow access to contacts"}, true},
		"publishes, in Japanese":   {view{id: "ok", text: "今すぐ投稿"}, true},
		"a word within another":    {view{id: "ok", text: "Payload sender followers"}, false},
		"another app's":            {view{id: "ok", text: "Continue", pkg: "com.android.vending"}, true},
		"denied word, hidden mark": {view{id: "ok", text: "D\u200bel\u00adete"}, true},
		"denied word in wide type": {view{id: "ok", text: "ＤＥＬＥＴＥ"}, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				p := newPhone(t)
				p.screen = "here"
				p.screens["here"] = []view{
					{id: "one", text: "One"},
					{id: "two", text: "Two"},
					{id: "three", text: "Three"},
					{id: "four"},
					tt.view,
				}
				model := modelFunc(func(q navigator.Question) (navigator.Answer, error) {
					for _, line := range q.Outline.Lines {
						if line.Node != nil && line.Node.Text == tt.view.text && line.Node.Desc == tt.view.desc {
							return elements("next_button", line.Number), nil
						}
					}
					return elements("next_button", len(q.Outline.Lines)), nil
				})
				memory := newNotebook()
				nav := navigator.New(r, navigator.Config{
					Help: navigator.Help{Memory: memory.of("w"), Model: model},
				}, nil)
				_, err := nav.Walk(p, slots("x"), commitOK).Run(t.Context(), recipe.FlowPost)
				if err == nil || fault.Of(err) != fault.Infra {
					t.Errorf("got %v, want an error of class infra", err)
				}
				touched := slices.ContainsFunc(p.log, func(s string) bool { return s == "tap here/"+tt.view.id })
				if touched == tt.deny {
					t.Errorf("touched: got %t, want %t (%v): %q", touched, !tt.deny, err, p.log)
				}
				if len(memory.records) > 0 {
					t.Errorf("learned %s", memory.records[0].name)
				}
			})
		})
	}
}

// TestNoInterruption: on one of the way's own screens nothing is closed, left or
// moved on a model's word.
func TestNoInterruption(t *testing.T) {
	t.Parallel()
	r := loadText(t, strings.Replace(misled, "no_such_id", "go", 1))
	for name, answer := range map[string]navigator.Answer{
		"closed":   {Dismiss: 1},
		"left":     {Verb: navigator.VerbBack},
		"scrolled": {Verb: navigator.VerbScrollDown},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				p := newPhone(t)
				p.screen = "here"
				p.screens["here"] = []view{
					{id: "one", text: "One"},
					{id: "two", text: "Two"},
					{id: "three", text: "Three"},
					{id: "four", text: "Four"},
					{id: "go", text: "Go"},
				}
				asks := 0
				model := modelFunc(func(navigator.Question) (navigator.Answer, error) { asks++; return answer, nil })
				nav := navigator.New(r, navigator.Config{Help: navigator.Help{Model: model}}, nil)
				_, err := nav.Walk(p, slots("x"), commitOK).Run(t.Context(), recipe.FlowPost)
				if err == nil || asks == 0 {
					t.Errorf("got error %v after %d questions, want an error", err, asks)
				}
				if !slices.Equal(p.log, []string{"tap here/go"}) {
					t.Errorf("got %q, want the step's own tap only", p.log)
				}
			})
		})
	}
}

// TestWrongRecord: a record that leads astray is out after one use, on one
// phone, which posts all the same.
func TestWrongRecord(t *testing.T) {
	t.Parallel()
	r := builtin(t)
	for name, wrong := range map[string]struct{ scene, element, leadsTo string }{
		"does nothing":      {"home", "profile_tab", "action_bar_title"},
		"leads elsewhere":   {"home", "profile_tab", "tab_create"},
		"on a later screen": {"create", "reel_choice", "create_story"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				p := newSample(t, 1, app.English)
				defer p.Close()
				memory := newNotebook()
				shots := app.Shots(p.skin, app.Content{})
				i := slices.IndexFunc(shots, func(s app.Shot) bool { return s.Name == wrong.scene })
				tree, err := screen.Parse(shots[i].Source())
				if err != nil {
					t.Fatal(err)
				}
				print, _ := tree.Print(app.Package)
				_, id, _ := strings.Cut(p.skin.ID(wrong.leadsTo), ":id/")
				planted := memory.plant(learned.Place{Screen: print}, wrong.element, learned.Identity{ID: id})
				uses := 0
				for worker := range 2 {
					help := navigator.Help{Memory: memory.of(string(rune('a' + worker))), Model: &honest{skin: p.skin}}
					posts := p.posts()
					_, err := p.post(t.Context(), r, help)
					if err != nil {
						uses++
					}
					if p.Shares() > p.posts()-1 || err == nil && p.posts() != posts+1 {
						t.Errorf("worker %d: %d taps on share, %d posts: %v", worker, p.Shares(), p.posts(), err)
					}
				}
				if uses > 1 {
					t.Errorf("%d attempts failed, want at most one", uses)
				}
				if _, out := memory.failed[planted]; !out {
					t.Error("the planted record was not taken out")
				}
			})
		})
	}
}

// TestModelTrouble: a model that does not help does no harm either.
func TestModelTrouble(t *testing.T) {
	t.Parallel()
	r := builtin(t)
	for name, tt := range map[string]struct {
		model modelFunc
		want  string
		asks  int
	}{
		"gives up": {
			func(navigator.Question) (navigator.Answer, error) {
				return navigator.Answer{Verb: navigator.VerbGiveUp, Reason: "needs_person"}, nil
			}, "nobody knows this screen: the model gives up (needs_person)", 1,
		},
		"is out of reach": {
			func(navigator.Question) (navigator.Answer, error) {
				return navigator.Answer{}, errors.New("overloaded")
			}, "no help: ask the model: overloaded", 1,
		},
		"says to wait for ever": {
			func(navigator.Question) (navigator.Answer, error) {
				return navigator.Answer{Verb: navigator.VerbWait}, nil
			}, "looked for element=profile_tab", 9,
		},
		"goes back for ever": {
			func(navigator.Question) (navigator.Answer, error) {
				return navigator.Answer{Verb: navigator.VerbBack}, nil
			}, "", 9,
		},
		"says nothing": {
			func(navigator.Question) (navigator.Answer, error) { return navigator.Answer{}, nil }, "looked for", 9,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				p := newSample(t, 1, app.English)
				defer p.Close()
				asks := 0
				model := modelFunc(func(q navigator.Question) (navigator.Answer, error) {
					asks++
					return tt.model(q)
				})
				_, err := p.post(t.Context(), r, navigator.Help{Memory: newNotebook().of("w"), Model: model})
				if err == nil || !strings.Contains(err.Error(), tt.want) || fault.Of(err) != fault.Infra {
					t.Errorf("got %v (%s), want %q in it", err, fault.Of(err), tt.want)
				}
				if asks == 0 || asks > tt.asks || p.Shares() > 0 {
					t.Errorf("asked %d times, want at most %d; %d taps on share", asks, tt.asks, p.Shares())
				}
			})
		})
	}
}
