package navigator_test

import (
	"context"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"postfleet/internal/fault"
	"postfleet/internal/navigator"
	"postfleet/internal/recipe"
)

func commitOK(context.Context) error { return nil }

func walk(t *testing.T, r *recipe.Recipe, p *phone, commit navigator.CommitFunc) *navigator.Walk {
	t.Helper()
	return navigator.New(r, navigator.Config{}, nil).Walk(p, slots("hello"), commit)
}

// missStep has its own words for a target that is missing. It knows the field.
const missStep = `    - {id: open, goal: Open., do: tap, target: [{id: create}],
       expect: {any: [{id: share}, {id: field}]},
       miss: {class: content, message: no composer here}}
`

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
			phone: func(p *phone) { p.screens["home"] = []view{{id: "title"}, {id: "field"}} },
			steps: missStep,
			want:  "no composer here (looked for id=create)", class: fault.Content,
		},
		{
			name:  "target missing where everything may be called something else",
			phone: func(p *phone) { p.screens["home"] = []view{{id: "title"}} },
			steps: missStep,
			want:  "post/open (Open.): looked for id=create: not seen in time", class: fault.Infra,
		},
		{
			name:  "target not unique",
			phone: func(p *phone) { p.screens["home"] = []view{{id: "create"}, {id: "create"}} },
			want:  "looked for id=create", class: fault.Infra,
		},
		{
			name:  "next alternative when the first is not unique",
			phone: func(p *phone) { p.screens["home"] = []view{{id: "x"}, {id: "x"}, {id: "create", text: "CREATE"}} },
			steps: `    - {id: open, goal: Open., do: tap, target: [{id: x}, {text: {de: Neu, en: Create}}],
       expect: {id: share}}
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
			name: "optional",
			steps: "    - {id: tip, goal: Tip., do: tap, target: [{id: tip}], expect: {id: title}, optional: true}\n" +
				openStep,
			log: []string{"tap home/create", "tap composer/share"},
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
			name: "optional, and a when that nobody can answer",
			steps: `    - {id: tip, goal: Tip., when: {not: {id: title}}, do: tap, target: [{id: v1}],
       expect: {id: title}, optional: true}
    - {id: open, goal: Open., do: tap, target: [{text: {en: Create}}], expect: {id: share}}
`,
			phone: func(p *phone) {
				p.screens["home"] = []view{{id: "v2"}, {id: "v3", text: "Create"}}
				p.taps["home/v3"] = p.to("composer")
			},
			log: []string{"tap home/v3", "tap composer/share"},
		},
		{
			name: "needs",
			steps: `    - {id: open, goal: Open., do: tap, needs: {id: ready}, target: [{id: create}],
       expect: {id: share}}
`,
			want: "looked for id=create while id=ready", class: fault.Infra,
		},
		{
			name: "a fixed text",
			steps: openStep + `    - {id: write, goal: Write., do: type, value: "", target: [{id: field}],
       expect: {id: field}}
`,
			log: []string{"tap home/create", "tap composer/field", "type ", "tap composer/share"},
		},
		{
			name: "type, back, swipe, wait",
			steps: openStep + `    - {id: write, goal: Write., do: type, slot: caption, target: [{id: field}],
       expect: {id: field, textSlot: caption}}
    - {id: swipe, goal: Swipe., do: swipe, direction: up, expect: {id: share}}
    - {id: wait, goal: Wait., do: wait, expect: {not: {id: title}}}
    - {id: back, goal: Back., do: back, expect: {id: share}}
`,
			log: []string{
				"tap home/create", "tap composer/field", "type hello", "swipe 160 40", "back", "tap composer/share",
			},
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
			name: "a negative does not hold because ids were renamed",
			steps: `    - {id: open, goal: Open., do: tap, target: [{text: {en: Create}}], expect: {not: {id: title}}}
`,
			phone: func(p *phone) {
				p.screens["home"] = []view{{id: "v1"}, {id: "v2", text: "Create"}}
				delete(p.taps, "home/create")
			},
			want: "expected not (id=title): not seen in time", class: fault.Infra,
			log: []string{"tap home/v2"},
		},
		{
			name: "a when that nobody can answer",
			steps: `    - {id: open, goal: Open., when: {not: {id: title}}, do: tap, target: [{text: {en: Create}}],
       expect: {id: share}}
`,
			phone: func(p *phone) { p.screens["home"] = []view{{id: "v1"}, {id: "v2", text: "Create"}} },
			want:  "post/open (Open.): not seen in time", class: fault.Infra,
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
			name: "a phone that does not answer misses nothing",
			steps: `    - {id: open, goal: Open., do: tap, target: [{id: create}], expect: {id: share},
       miss: {class: account, message: no composer here}}
`,
			phone: func(p *phone) {
				p.sourceFunc = func(ctx context.Context) (string, error) {
					<-ctx.Done()
					return "", fault.Mark(fault.Device, ctx.Err())
				}
			},
			want: "post/open (Open.): looked for", class: fault.Device,
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
			r := load(t, tt.guards, steps)
			synctest.Test(t, func(t *testing.T) {
				p := newPhone(t)
				if tt.phone != nil {
					tt.phone(p)
				}
				_, err := walk(t, r, p, commitOK).Run(t.Context(), recipe.FlowPost)
				if !says(err, tt.want) {
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
