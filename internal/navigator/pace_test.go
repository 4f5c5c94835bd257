package navigator_test

import (
	"context"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"postfleet/internal/navigator"
	"postfleet/internal/recipe"
)

// TestRunGoesOnFromTheLastDump: between two flows nothing has happened, unless
// time went by or the first has failed.
func TestRunGoesOnFromTheLastDump(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		// dumps is how many the second flow needs, which reads two that agree.
		between time.Duration
		account string
		dumps   int
	}{
		{name: "at once", account: "shop_a", dumps: 1},
		{name: "later", account: "shop_a", between: 2 * time.Second, dumps: 2},
		{name: "after a failure", account: "shop_b", dumps: 2},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				p := newPhone(t)
				p.screens["home"] = []view{
					{id: "name", text: tt.account}, {id: "count", text: "1"}, {id: "caption", text: "c"},
				}
				w := walk(t, load(t, "", openStep), p, commitOK)
				_, err := w.Run(t.Context(), recipe.FlowSwitchAccount)
				if (err == nil) != (tt.account == "shop_a") {
					t.Fatal(err)
				}
				<-time.After(tt.between)
				p.dumps = 0
				if _, err := w.Run(t.Context(), recipe.FlowProfile); err != nil {
					t.Fatal(err)
				}
				if p.dumps != tt.dumps {
					t.Errorf("got %d dumps, want %d", p.dumps, tt.dumps)
				}
			})
		})
	}
}

// TestPace: looks begin Poll apart, however slow the link is, but the phone has
// its rest.
func TestPace(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ look, apart time.Duration }{
		{0, 200 * time.Millisecond},
		{50 * time.Millisecond, 200 * time.Millisecond},
		{150 * time.Millisecond, 250 * time.Millisecond},
		{time.Second, 1100 * time.Millisecond},
	} {
		t.Run(tt.look.String(), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				p := newPhone(t)
				p.screen = "done" // which is no place to begin
				var began []time.Time
				p.sourceFunc = func(context.Context) (string, error) {
					began = append(began, time.Now())
					<-time.After(tt.look)
					if len(began) == 4 {
						p.screen = "home"
					}
					return p.render(), nil
				}
				nav := navigator.New(load(t, "", openStep), navigator.Config{}, nil)
				if _, err := nav.Walk(p, slots("x"), commitOK).Run(t.Context(), recipe.FlowPost); err != nil {
					t.Fatal(err)
				}
				var apart []time.Duration
				for i := range 3 {
					apart = append(apart, began[i+1].Sub(began[i]))
				}
				if want := slices.Repeat([]time.Duration{tt.apart}, 3); !slices.Equal(apart, want) {
					t.Errorf("got looks %s apart, want %s", apart, want)
				}
			})
		})
	}
}
