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
)

func commitOK(context.Context) error { return nil }

func walk(t *testing.T, r *navigator.Recipe, p *phone, commit navigator.CommitFunc) *navigator.Walk {
	t.Helper()
	return navigator.New(r, navigator.Config{}, nil).Walk(p, slots("hello"), commit)
}

// TestWalkPost tables what a phone may do on the way through the flow post.
func TestWalkPost(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		guards string
		steps  string
		phone  func(p *phone)
		want   string // in the error; "" is success
		class  fault.Class
		log    []string
	}{
		{name: "straight", log: []string{"tap home/create", "tap composer/share"}},
		{
			name:  "guard first",
			phone: func(p *phone) { p.screen = "nag" },
			log:   []string{"tap nag/close", "tap home/create", "tap composer/share"},
		},
		{
			name: "guard once more than allowed",
			phone: func(p *phone) {
				p.screen = "nag"
				p.taps["nag/close"] = p.to("home")
				p.taps["home/create"] = p.to("nag")
			},
			want: "post/open (Open.): guard nag: it appeared more than 2 times", class: fault.Infra,
			log: []string{"tap nag/close", "tap home/create", "tap nag/close", "tap home/create"},
			steps: `    - {id: open, goal: Open., do: tap, target: [{id: create}], expect: {id: share}, retry: 3}
`,
		},
		{
			name: "guard that does not go is tapped once",
			phone: func(p *phone) {
				p.screen = "nag"
				delete(p.taps, "nag/close")
			},
			want: "guard nag: waited for it to go", class: fault.Infra,
			log: []string{"tap nag/close"},
		},
		{
			name:   "guard by back",
			guards: "  - {id: sheet, when: {id: sheet}, do: back, max: 1}\n",
			phone: func(p *phone) {
				p.screen, p.screens["sheet"] = "sheet", []view{{id: "sheet"}}
				p.taps["sheet/back"] = p.to("home")
			},
			log: []string{"back", "tap home/create", "tap composer/share"},
		},
		{
			name: "guard before failure",
			phone: func(p *phone) {
				p.screen, p.screens["nag"] = "nag", append(p.screens["nag"], view{id: "blocked"})
			},
			log: []string{"tap nag/close", "tap home/create", "tap composer/share"},
		},
		{
			name:  "failure screen",
			phone: func(p *phone) { p.taps["home/create"] = p.to("blocked") },
			want:  "post/open (Open.): the account is blocked (screen blocked)", class: fault.Account,
			log: []string{"tap home/create"},
		},
		{
			name:  "target missing",
			phone: func(p *phone) { p.screens["home"] = []view{{id: "title"}} },
			want:  "post/open (Open.): looked for id=create: not seen in time", class: fault.Infra,
		},
		{
			name:  "target missing, in the recipe's words",
			phone: func(p *phone) { p.screens["home"] = []view{{id: "title"}} },
			steps: `    - {id: open, goal: Open., do: tap, target: [{id: create}], expect: {id: share},
       miss: {class: content, message: no composer here}}
`,
			want: "no composer here (looked for id=create)", class: fault.Content,
		},
		{
			name:  "target not unique",
			phone: func(p *phone) { p.screens["home"] = []view{{id: "create"}, {id: "create"}} },
			want:  "looked for id=create", class: fault.Infra,
		},
		{
			name:  "next alternative when the first is not unique",
			phone: func(p *phone) { p.screens["home"] = []view{{id: "x"}, {id: "x"}, {id: "create", text: "CREATE"}} },
			steps: `    - {id: open, goal: Open., do: tap, target: [{id: x}, {text: {de: Neu, en: Create}}], expect: {id: share}}
`,
			log: []string{"tap home/create", "tap composer/share"},
		},
		{
			name:  "expectation does not come",
			phone: func(p *phone) { delete(p.taps, "home/create") },
			want:  "post/open (Open.): expected id=share: not seen in time", class: fault.Infra,
			log: []string{"tap home/create"},
		},
		{
			name:  "retry",
			phone: func(p *phone) { p.taps["home/create"] = func() { p.taps["home/create"] = p.to("composer") } },
			steps: `    - {id: open, goal: Open., do: tap, target: [{id: create}], expect: {id: share}, retry: 1}
`,
			log: []string{"tap home/create", "tap home/create", "tap composer/share"},
		},
		{
			name:  "optional",
			steps: "    - {id: tip, goal: Tip., do: tap, target: [{id: tip}], expect: {id: title}, optional: true}\n" + openStep,
			log:   []string{"tap home/create", "tap composer/share"},
		},
		{
			name: "optional does not excuse a failure screen",
			steps: "    - {id: tip, goal: Tip., do: tap, target: [{id: title}], expect: {id: tip}, optional: true}\n" +
				openStep,
			phone: func(p *phone) { p.taps["home/title"] = p.to("blocked") },
			want:  "post/tip (Tip.): the account is blocked", class: fault.Account,
			log: []string{"tap home/title"},
		},
		{
			name: "when",
			steps: "    - {id: tip, goal: Tip., when: {id: tip}, do: tap, target: [{id: tip}], expect: {id: title}}\n" +
				openStep,
			log: []string{"tap home/create", "tap composer/share"},
		},
		{
			name: "needs",
			steps: `    - {id: open, goal: Open., do: tap, needs: {id: ready}, target: [{id: create}], expect: {id: share}}
`,
			want: "looked for id=create while id=ready", class: fault.Infra,
		},
		{
			name: "type, back, swipe, wait",
			steps: openStep + `    - {id: write, goal: Write., do: type, slot: caption, target: [{id: field}],
       expect: {id: field, textSlot: caption}}
    - {id: swipe, goal: Swipe., do: swipe, direction: up, expect: {id: share}}
    - {id: wait, goal: Wait., do: wait, expect: {not: {id: title}}}
    - {id: back, goal: Back., do: back, expect: {id: share}}
`,
			log: []string{"tap home/create", "tap composer/field", "type hello", "swipe 160 40", "back", "tap composer/share"},
		},
		{
			name: "scroll",
			steps: `    - {id: open, goal: Open., do: tap, target: [{id: create}], expect: {id: share},
       scroll: {when: {id: title}, direction: up, max: 2}}
`,
			phone: func(p *phone) {
				full := p.screens["home"]
				p.screens["home"] = []view{{id: "title"}}
				p.taps["home/swipe"] = func() { p.screens["home"] = full }
			},
			log: []string{"swipe 80 20", "tap home/create", "tap composer/share"},
		},
		{
			name: "scroll ends",
			steps: `    - {id: open, goal: Open., do: tap, target: [{id: create}], expect: {id: share},
       scroll: {when: {id: title}, direction: up, max: 2}}
`,
			phone: func(p *phone) { p.screens["home"] = []view{{id: "title"}} },
			want:  "looked for", class: fault.Infra,
			log: []string{"swipe 80 20", "swipe 80 20"},
		},
		{
			name:  "another app's view is not ours",
			phone: func(p *phone) { p.screens["home"][1].pkg = "com.evil" },
			want:  "looked for id=create", class: fault.Infra,
		},
		{
			name: "only the irreversible step taps its element",
			steps: openStep + `    - {id: sly, goal: Sly., do: tap, target: [{text: {en: share}}], expect: {id: done}}
`,
			want: "refused to tap id=share: only step share may", class: fault.Infra,
			log: []string{"tap home/create"},
		},
		{
			name:  "the phone's own error keeps its class",
			phone: func(p *phone) { p.tapErr = fault.Errorf(fault.Device, "offline") },
			want:  "post/open (Open.): tap: offline", class: fault.Device,
		},
		{
			name: "a screen that is no XML",
			phone: func(p *phone) {
				p.sourceFunc = func(context.Context) (string, error) { return "<hierarchy><", nil }
			},
			want: "parse screen", class: fault.Infra,
		},
		{
			name: "a phone that does not answer",
			phone: func(p *phone) {
				p.sourceFunc = func(ctx context.Context) (string, error) { <-ctx.Done(); return "", ctx.Err() }
			},
			want: "post/open (Open.): looked for", class: fault.Infra,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			steps := tt.steps
			if steps == "" {
				steps = openStep
			}
			r := recipe(t, tt.guards, steps)
			synctest.Test(t, func(t *testing.T) {
				p := newPhone(t)
				if tt.phone != nil {
					tt.phone(p)
				}
				_, err := walk(t, r, p, commitOK).Run(t.Context(), navigator.FlowPost)
				if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) {
					t.Errorf("got %v, want %q in it", err, tt.want)
				}
				if got := fault.Of(err); got != tt.class {
					t.Errorf("class: got %q, want %q", got, tt.class)
				}
				if diff := cmp.Diff(tt.log, p.log); diff != "" {
					t.Errorf("actions (-want +got):\n%s", diff)
				}
			})
		})
	}
}

// TestCommit: the tap comes straight after the commit, on a dump fetched
// before it, and never without it.
func TestCommit(t *testing.T) {
	t.Parallel()
	r := recipe(t, "", openStep)
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
		if _, err := w.Run(t.Context(), navigator.FlowPost); err != nil {
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
		_, err := walk(t, r, p, func(context.Context) error { return lost }).Run(t.Context(), navigator.FlowPost)
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
		if _, err := walk(t, r, p, nil).Run(t.Context(), navigator.FlowPost); err == nil || p.screen != "composer" {
			t.Errorf("got %v on screen %s, want an error on composer", err, p.screen)
		}
	})
	t.Run("not twice", func(t *testing.T) {
		t.Parallel()
		p := newPhone(t)
		w := walk(t, r, p, commitOK)
		if _, err := w.Run(t.Context(), navigator.FlowPost); err != nil {
			t.Fatal(err)
		}
		p.screen = "home"
		_, err := w.Run(t.Context(), navigator.FlowPost)
		if err == nil || !strings.Contains(err.Error(), "already taken") {
			t.Errorf("got %v, want a refusal", err)
		}
	})
	t.Run("not before the target is there", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			p := newPhone(t)
			p.screens["composer"][1].disabled = true
			r := recipe(t, "", strings.Replace(openStep, "id: share}", "id: field}", 1))
			p.screens["composer"] = []view{{id: "field"}}
			committed := false
			w := walk(t, r, p, func(context.Context) error { committed = true; return nil })
			if _, err := w.Run(t.Context(), navigator.FlowPost); err == nil || committed {
				t.Errorf("got %v, committed %t, want an error and no commit", err, committed)
			}
		})
	})
}

func TestMaxSteps(t *testing.T) {
	t.Parallel()
	r := recipe(t, "", openStep)
	p := newPhone(t)
	nav := navigator.New(r, navigator.Config{MaxSteps: 1}, nil)
	committed := false
	w := nav.Walk(p, slots(""), func(context.Context) error { committed = true; return nil })
	_, err := w.Run(t.Context(), navigator.FlowPost)
	if err == nil || !strings.Contains(err.Error(), "more than 1 actions") || committed {
		t.Errorf("got %v, committed %t, want the budget's end before the commit", err, committed)
	}
}

func TestSlotsMustBeThere(t *testing.T) {
	t.Parallel()
	r := recipe(t, "", openStep)
	w := navigator.New(r, navigator.Config{}, nil).Walk(newPhone(t), map[string]string{"account": "a"}, nil)
	_, err := w.Run(t.Context(), navigator.FlowPost)
	if err == nil || !strings.Contains(err.Error(), `needs "caption"`) || fault.Of(err) != fault.Input {
		t.Errorf("got %v, want a missing slot", err)
	}
}

// TestRead: values come from one dump and only once two dumps agree.
func TestRead(t *testing.T) {
	t.Parallel()
	r := recipe(t, "", openStep)
	synctest.Test(t, func(t *testing.T) {
		p := newPhone(t)
		p.screen = "profile"
		p.screens["profile"] = []view{{id: "count", text: "2"}}
		looks := 0
		p.sourceFunc = func(context.Context) (string, error) {
			looks++
			if looks == 2 {
				p.screens["profile"] = append(p.screens["profile"], view{id: "caption", text: "a\n\"b\" 🎉"}, view{id: "caption"})
			}
			return p.render(), nil
		}
		got, err := walk(t, r, p, nil).Run(t.Context(), navigator.FlowProfile)
		if err != nil {
			t.Fatal(err)
		}
		want := navigator.Values{"post_count": {"2"}, "captions": {"a\n\"b\" 🎉", ""}}
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
	r := recipe(t, "", openStep)
	for name, rows := range map[string][]view{
		"expected id=count":            {{id: "other"}},
		"value post_count: looked for": {{id: "count"}, {id: "count"}},
	} {
		synctest.Test(t, func(t *testing.T) {
			p := newPhone(t)
			p.screen, p.screens["profile"] = "profile", rows
			_, err := walk(t, r, p, nil).Run(t.Context(), navigator.FlowProfile)
			if err == nil || !strings.Contains(err.Error(), name) || fault.Of(err) != fault.Infra {
				t.Errorf("got %v, want %q in it", err, name)
			}
		})
	}
}

// TestCancel: the end of the caller's context is not taken for a screen's fault.
func TestCancel(t *testing.T) {
	t.Parallel()
	r := recipe(t, "", openStep)
	synctest.Test(t, func(t *testing.T) {
		p := newPhone(t)
		delete(p.taps, "home/create")
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		_, err := walk(t, r, p, commitOK).Run(ctx, navigator.FlowPost)
		if !errors.Is(err, context.Canceled) || fault.Of(err) != fault.Unclassified {
			t.Errorf("got %v (%s), want context.Canceled without a class", err, fault.Of(err))
		}
	})
}
