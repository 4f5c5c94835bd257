package navigator_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"postfleet/internal/learned"
	"postfleet/internal/navigator"
	"postfleet/internal/recipe"
)

// still is a phone on which nothing moves.
type still struct {
	source string
	taps   int
}

func (s *still) Source(context.Context) (string, error) { return s.source, nil }

func (s *still) Tap(context.Context, int, int) error {
	s.taps++
	return nil
}

func (*still) Swipe(context.Context, int, int, int, int, time.Duration) error { return nil }
func (*still) Type(context.Context, string) error                             { return nil }
func (*still) Back(context.Context) error                                     { return nil }

// el is an element with more attributes and children.
func el(pkg, class, id, bounds, more string, children ...string) string {
	return fmt.Sprintf(`<%s package=%q class=%q resource-id=%q enabled="true" bounds=%q %s>%s</%s>`,
		class, pkg, class, pkg+":id/"+id, bounds, more, strings.Join(children, ""), class)
}

func ours(class, id, bounds, more string, children ...string) string {
	return el(appID, class, id, bounds, more, children...)
}

// screenWith has four buttons above, and what else there is.
func screenWith(views ...string) string {
	for i, id := range []string{"one", "two", "three", "four"} {
		views = append(views, ours("Button", id, fmt.Sprintf("[0,%d][1000,%d]", i*100, i*100+100),
			fmt.Sprintf(`clickable="true" text=%q`, id)))
	}
	return `<hierarchy width="1000" height="2000">` + ours("FrameLayout", "root", "[0,0][1000,2000]", "", views...)
}

// TestTouch: a touch is judged by what it may land on, not only by what it is
// aimed at.
func TestTouch(t *testing.T) {
	t.Parallel()
	const at, tap = "[0,500][1000,600]", `clickable="true" `
	const doType = "do: type, value: x, target: next_button"
	for name, tt := range map[string]struct {
		source string
		do     string
		deny   bool
	}{
		"a button": {screenWith(ours("Button", "ok", at, tap+`text="Continue"`)), "", false},
		"a text in one": {screenWith(ours("Row", "r", at, tap,
			ours("TextView", "ok", at, `text="Continue"`))), "", false},
		"a text in one that deletes": {screenWith(ours("Row", "r", at, tap,
			ours("TextView", "ok", at, `text="Continue"`),
			ours("TextView", "", at, `text="Delete account"`))), "", true},
		"a text on a page with such a one": {screenWith(ours("Page", "r", "[0,500][1000,900]", tap,
			ours("TextView", "ok", at, `text="Continue"`),
			ours("Button", "d", "[0,700][1000,800]", tap+`text="Delete account"`))), "", false},
		"under another app's button": {screenWith(ours("Button", "ok", at, tap+`text="Continue"`)) +
			el("com.android.permissioncontroller", "Button", "allow", "[100,500][900,600]", tap), "", true},
		"under another app's empty frame": {screenWith(ours("Button", "ok", at, tap+`text="Continue"`)) +
			el("com.android.systemui", "Frame", "w", "[0,0][1000,2000]", ""), "", false},
		"around one of two that publish": {screenWith(
			ours("Row", "ok", at, tap, ours("View", "share_button", "[400,500][600,600]", tap)),
			ours("View", "share_button", "[0,900][1000,1000]", tap)), "", true},
		"within one that publishes": {screenWith(
			ours("Row", "share_button", "[0,500][1000,800]", tap, ours("View", "ok", at, tap)),
			ours("View", "share_button", "[0,900][1000,1000]", tap)), "", true},
		"a field, to type":     {screenWith(ours("EditText", "ok", at, tap+`text=""`)), doType, false},
		"no field, to type":    {screenWith(ours("Button", "ok", at, tap+`text="Condividi"`)), doType, true},
		"a web field, to type": {screenWith(ours("View", "ok", at, tap+`hint="Name"`)), doType, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text := misled
			if tt.do != "" {
				text = strings.Replace(text, "do: tap, target: next_button", tt.do, 1)
			}
			r := loadText(t, text)
			synctest.Test(t, func(t *testing.T) {
				p := &still{source: tt.source + "</hierarchy>"}
				memory := newNotebook()
				planted := memory.plant(learned.Place{Screen: printOf(t, p.source)}, "next_button",
					learned.Identity{ID: "ok"})
				help := navigator.Help{Memory: memory.of("w")}
				_, err := navigator.New(r, navigator.Config{Help: help}, nil).
					Walk(p, slots("x"), commitOK).Run(t.Context(), recipe.FlowPost)
				if err == nil || (p.taps == 0) != tt.deny {
					t.Errorf("got %v after %d taps, denied should be %t", err, p.taps, tt.deny)
				}
				if why := memory.failed[planted]; (why == learned.PolicyDenied) != tt.deny {
					t.Errorf("taken out for %q", why)
				}
			})
		})
	}
}

// TestLookingOnly: a walk that only looks may be one after a share, and leaves
// alone what could end that.
func TestLookingOnly(t *testing.T) {
	t.Parallel()
	r := loadText(t, misled)
	for name, tt := range map[string]struct {
		answer navigator.Answer
		log    string
	}{
		"back":   {navigator.Answer{Verb: navigator.VerbBack}, "back"},
		"scroll": {navigator.Answer{Verb: navigator.VerbScrollDown}, "swipe 400 100"},
		"cancel": {navigator.Answer{Dismiss: 5}, "tap here/no"},
	} {
		for _, commit := range []navigator.CommitFunc{commitOK, nil} {
			synctest.Test(t, func(t *testing.T) {
				p := newPhone(t)
				p.screen, p.screens["here"] = "here", fiveRows(view{id: "no", text: "Cancel"})
				model := modelFunc(func(navigator.Question) (navigator.Answer, error) { return tt.answer, nil })
				_, err := navigator.New(r, navigator.Config{Help: navigator.Help{Model: model}}, nil).
					Walk(p, slots("x"), commit).Run(t.Context(), recipe.FlowPost)
				if done := slices.Contains(p.log, tt.log); err == nil || done != (commit != nil) {
					t.Errorf("%s, may publish %t: got %v after %q", name, commit != nil, err, p.log)
				}
			})
		}
	}
}
