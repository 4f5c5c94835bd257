package navigator_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"postfleet/internal/fault"
	"postfleet/internal/learned"
	"postfleet/internal/navigator"
	"postfleet/internal/recipe"
	"postfleet/internal/screen"
)

func fiveRows(last view) []view {
	return []view{
		{id: "one", text: "One"},
		{id: "two", text: "Two"},
		{id: "three", text: "Three"},
		{id: "four", text: "Four"},
		last,
	}
}

// printOf is the fingerprint of what the phone shows.
func printOf(t *testing.T, source string) screen.Print {
	t.Helper()
	tree, err := screen.Parse(source)
	if err != nil {
		t.Fatal(err)
	}
	print, ok := tree.Print(appID)
	if !ok {
		t.Fatalf("no fingerprint: %s", source)
	}
	return print
}

// overtaken is a memory in which a record turns up while a walk waits for the
// right to ask.
type overtaken struct {
	navigator.Memory

	find   []learned.Identity
	awaits int
}

const overtaker = "of another worker"

func (o *overtaken) Lookup(
	ctx context.Context, at learned.Place, w learned.Wanted,
) (learned.Use, learned.Reason, error) {
	if o.awaits > 0 && w.Name == "next_button" && !slices.Contains(w.Not, overtaker) {
		return learned.Use{ID: overtaker, Find: o.find}, "", nil
	}
	return o.Memory.Lookup(ctx, at, w)
}

func (o *overtaken) Await(
	ctx context.Context, at learned.Place, w learned.Wanted,
) (learned.Use, navigator.Lease, error) {
	if w.Name != "next_button" || slices.Contains(w.Not, overtaker) {
		return o.Memory.Await(ctx, at, w)
	}
	if o.awaits++; o.awaits > 20 {
		return learned.Use{}, nil, errors.New("waited 20 times for the same record")
	}
	return learned.Use{ID: overtaker, Find: o.find}, nil, nil
}

// TestOvertaken: what another worker found out meanwhile is used. If there is
// no such view here, the model is asked, and what it says counts.
func TestOvertaken(t *testing.T) {
	t.Parallel()
	r := loadText(t, misled)
	for name, tt := range map[string]struct {
		id  string
		ask bool
	}{
		"it leads here":   {"ok", false},
		"it leads to nil": {"not_on_this_phone", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				p := newPhone(t)
				p.screen, p.screens["here"] = "here", fiveRows(view{id: "ok", text: "Continue"})
				asks := 0
				model := modelFunc(func(q navigator.Question) (navigator.Answer, error) {
					if asks++; q.Step != "next" || q.Wanted[0].Name != "next_button" {
						return navigator.Answer{Verb: navigator.VerbGiveUp}, nil
					}
					return elements("next_button", 5), nil
				})
				memory := &overtaken{Memory: newNotebook().of("w"), find: []learned.Identity{{ID: tt.id}}}
				nav := navigator.New(r, navigator.Config{Help: navigator.Help{Memory: memory, Model: model}}, nil)
				_, err := nav.Walk(p, slots("x"), commitOK).Run(t.Context(), recipe.FlowPost)
				if !slices.Contains(p.log, "tap here/ok") || memory.awaits > 3 || !tt.ask && memory.awaits != 1 {
					t.Errorf("got %v after %d waits, %d questions and %q", err, memory.awaits, asks, p.log)
				}
			})
		})
	}
}

// TestDeadPhoneProvesNothing: a record is not to blame for a phone that shows
// nothing any more.
func TestDeadPhoneProvesNothing(t *testing.T) {
	t.Parallel()
	r := loadText(t, misled)
	for name, dead := range map[string]bool{"dead": true, "alive": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				p := newPhone(t)
				p.screen, p.screens["here"] = "here", fiveRows(view{id: "ok", text: "Continue"})
				memory := newNotebook()
				planted := memory.plant(learned.Place{Screen: printOf(t, p.render())}, "next_button",
					learned.Identity{ID: "ok"})
				p.taps["here/ok"] = func() {
					if dead {
						p.sourceFunc = func(ctx context.Context) (string, error) {
							<-ctx.Done()
							return "", fault.Mark(fault.Device, ctx.Err())
						}
					}
				}
				help := navigator.Help{Memory: memory.of("w")}
				_, err := navigator.New(r, navigator.Config{Help: help}, nil).
					Walk(p, slots("x"), commitOK).Run(t.Context(), recipe.FlowPost)
				if err == nil || !slices.Equal(p.log, []string{"tap here/ok"}) {
					t.Errorf("got %v after %q", err, p.log)
				}
				if _, failed := memory.failed[planted]; failed == dead {
					t.Errorf("taken out: got %t, want %t", failed, !dead)
				}
			})
		})
	}
}

// TestRecordClosesNoScreenOfTheWay: what memory says closes an interruption is
// touched no sooner than what a model says.
func TestRecordClosesNoScreenOfTheWay(t *testing.T) {
	t.Parallel()
	r := loadText(t, strings.Replace(misled, "[{id: no_such_id}]", "[{id: no_such_id}, {text: {en: Go}}]", 1))
	for name, tt := range map[string]struct {
		text string
		want []string
	}{
		"of the way":   {"Go", []string{"tap here/ok"}},
		"of something": {"Hello", []string{"tap here/shut"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				p := newPhone(t)
				p.screen = "here"
				p.screens["here"] = append(fiveRows(view{id: "ok", text: tt.text}), view{id: "shut", text: "Close"})
				memory := newNotebook()
				memory.plant(learned.Place{Screen: printOf(t, p.render())}, "", learned.Identity{ID: "shut"})
				help := navigator.Help{Memory: memory.of("w")}
				_, err := navigator.New(r, navigator.Config{Help: help}, nil).
					Walk(p, slots("x"), commitOK).Run(t.Context(), recipe.FlowPost)
				if err == nil || !slices.Equal(p.log, tt.want) {
					t.Errorf("got %v after %q, want %q", err, p.log, tt.want)
				}
			})
		})
	}
}

// TestKeyIsRefused: what only a person can mend is said as such, on a screen
// that needs it.
func TestKeyIsRefused(t *testing.T) {
	t.Parallel()
	r := loadText(t, misled)
	refused := fault.Errorf(fault.Human, "set another key")
	for name, tt := range map[string]struct {
		err   error
		class fault.Class
	}{
		"by a person": {refused, fault.Human},
		"by itself":   {fault.Errorf(fault.Infra, "overloaded"), fault.Infra},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				p := newPhone(t)
				p.screen, p.screens["here"] = "here", fiveRows(view{id: "ok", text: "Continue"})
				model := modelFunc(func(navigator.Question) (navigator.Answer, error) {
					return navigator.Answer{}, tt.err
				})
				_, err := navigator.New(r, navigator.Config{Help: navigator.Help{Model: model}}, nil).
					Walk(p, slots("x"), commitOK).Run(t.Context(), recipe.FlowPost)
				if fault.Of(err) != tt.class || !says(err, tt.err.Error()) {
					t.Errorf("got %v (%s), want class %s", err, fault.Of(err), tt.class)
				}
			})
		})
	}
}
