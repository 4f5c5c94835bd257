package navigator_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"postfleet/internal/fault"
	"postfleet/internal/navigator"
	"postfleet/internal/recipe"
)

// TestCommit: the tap comes straight after the commit, on a dump fetched
// before it, and never without it.
func TestCommit(t *testing.T) {
	t.Parallel()
	r := load(t, "", openStep)
	t.Run("order", func(t *testing.T) {
		t.Parallel()
		p := newPhone(t)
		dumps := 0
		w := walk(t, r, p, func(context.Context) error {
			p.log = append(p.log, "commit")
			dumps = p.dumps
			p.taps["composer/share"] = func() {
				if p.dumps != dumps {
					t.Errorf("the screen was fetched %d times between commit and tap", p.dumps-dumps)
				}
				p.screen = "done"
			}
			return nil
		})
		if _, err := w.Run(t.Context(), recipe.FlowPost); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{"tap home/create", "commit", "tap composer/share"}, p.log); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		// One dump a screen, but for the irreversible step's own: home, composer,
		// composer afresh, done.
		if p.dumps != 4 {
			t.Errorf("dumps: got %d, want 4", p.dumps)
		}
	})
	t.Run("refused", func(t *testing.T) {
		t.Parallel()
		p := newPhone(t)
		lost := errors.New("claim lost")
		_, err := walk(t, r, p, func(context.Context) error { return lost }).Run(t.Context(), recipe.FlowPost)
		if !errors.Is(err, lost) || fault.Of(err) != fault.Unclassified {
			t.Errorf("got %v (%s), want the commit's own error", err, fault.Of(err))
		}
		if p.screen != "composer" {
			t.Errorf("screen: got %s, want composer: there must be no tap", p.screen)
		}
	})
	t.Run("read-only", func(t *testing.T) {
		t.Parallel()
		p := newPhone(t)
		if _, err := walk(t, r, p, nil).Run(t.Context(), recipe.FlowPost); err == nil || p.screen != "composer" {
			t.Errorf("got %v on screen %s, want an error on composer", err, p.screen)
		}
	})
	t.Run("not twice", func(t *testing.T) {
		t.Parallel()
		p := newPhone(t)
		w := walk(t, r, p, commitOK)
		if _, err := w.Run(t.Context(), recipe.FlowPost); err != nil {
			t.Fatal(err)
		}
		p.screen = "home"
		_, err := w.Run(t.Context(), recipe.FlowPost)
		if err == nil || !strings.Contains(err.Error(), "already taken") {
			t.Errorf("got %v, want a refusal", err)
		}
	})
	t.Run("not before the target is there", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			p := newPhone(t)
			p.screens["composer"][1].disabled = true
			r := load(t, "", strings.Replace(openStep, "id: share}", "id: field}", 1))
			p.screens["composer"] = []view{{id: "field"}}
			committed := false
			w := walk(t, r, p, func(context.Context) error { committed = true; return nil })
			if _, err := w.Run(t.Context(), recipe.FlowPost); err == nil || committed {
				t.Errorf("got %v, committed %t, want an error and no commit", err, committed)
			}
		})
	})
}

func TestMaxSteps(t *testing.T) {
	t.Parallel()
	r := load(t, "", openStep)
	p := newPhone(t)
	nav := navigator.New(r, navigator.Config{MaxSteps: 1}, nil)
	committed := false
	w := nav.Walk(p, slots(""), func(context.Context) error { committed = true; return nil })
	_, err := w.Run(t.Context(), recipe.FlowPost)
	if err == nil || !strings.Contains(err.Error(), "more than 1 actions") || committed {
		t.Errorf("got %v, committed %t, want the budget's end before the commit", err, committed)
	}
}

func TestSlotsMustBeThere(t *testing.T) {
	t.Parallel()
	r := load(t, "", openStep)
	w := navigator.New(r, navigator.Config{}, nil).Walk(newPhone(t), map[string]string{"account": "a"}, nil)
	_, err := w.Run(t.Context(), recipe.FlowPost)
	if err == nil || !strings.Contains(err.Error(), `needs "caption"`) || fault.Of(err) != fault.Input {
		t.Errorf("got %v, want a missing slot", err)
	}
}

// TestRead: values come from one dump and only once two dumps agree.
func TestRead(t *testing.T) {
	t.Parallel()
	r := load(t, "", openStep)
	synctest.Test(t, func(t *testing.T) {
		p := newPhone(t)
		p.screen = "profile"
		p.screens["profile"] = []view{{id: "count", text: "2"}}
		looks := 0
		p.sourceFunc = func(context.Context) (string, error) {
			looks++
			if looks == 2 {
				p.screens["profile"] = append(p.screens["profile"],
					view{id: "caption", text: "a\n\"b\" 🎉"}, view{id: "caption"})
			}
			return p.render(), nil
		}
		got, err := walk(t, r, p, nil).Run(t.Context(), recipe.FlowProfile)
		if err != nil {
			t.Fatal(err)
		}
		want := recipe.Values{"post_count": {"2"}, "captions": {"a\n\"b\" 🎉", ""}}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		if looks != 3 {
			t.Errorf("dumps: got %d, want 3", looks)
		}
	})
}

func TestReadFails(t *testing.T) {
	t.Parallel()
	r := load(t, "", openStep)
	for name, rows := range map[string][]view{
		"expected id=count":            {{id: "other"}},
		"value post_count: looked for": {{id: "count"}, {id: "count"}},
	} {
		synctest.Test(t, func(t *testing.T) {
			p := newPhone(t)
			p.screen, p.screens["profile"] = "profile", rows
			_, err := walk(t, r, p, nil).Run(t.Context(), recipe.FlowProfile)
			if err == nil || !strings.Contains(err.Error(), name) || fault.Of(err) != fault.Infra {
				t.Errorf("got %v, want %q in it", err, name)
			}
		})
	}
}

// TestCancel: the end of the caller's context is not taken for a screen's fault.
func TestCancel(t *testing.T) {
	t.Parallel()
	r := load(t, "", openStep)
	synctest.Test(t, func(t *testing.T) {
		p := newPhone(t)
		delete(p.taps, "home/create")
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		_, err := walk(t, r, p, commitOK).Run(ctx, recipe.FlowPost)
		if !errors.Is(err, context.Canceled) || fault.Of(err) != fault.Unclassified {
			t.Errorf("got %v (%s), want context.Canceled without a class", err, fault.Of(err))
		}
	})
}
