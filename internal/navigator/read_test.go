package navigator_test

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"postfleet/internal/navigator"
	"postfleet/internal/recipe"
)

// looking is misled with another step that reads.
func looking(t *testing.T, more, step string) *recipe.Recipe {
	t.Helper()
	head, rest, _ := strings.Cut(misled, "  profile:\n")
	_, tail, _ := strings.Cut(rest, "  post:\n")
	text := head + "  profile:\n    - {id: look, goal: Look., do: read,\n" +
		"       read: {post_count: {target: [{id: count}]}, captions: {target: [{id: caption}], all: true}},\n" +
		"       " + step + "}\n  post:\n" + tail
	return loadText(t, strings.Replace(text, "elements:\n", "elements:\n"+more, 1))
}

// TestReadAgain: a further try of a step that reads reads.
func TestReadAgain(t *testing.T) {
	t.Parallel()
	r := looking(t, "", "expect: {id: name}, retry: 1")
	synctest.Test(t, func(t *testing.T) {
		p := newPhone(t)
		p.screen, p.screens["profile"] = "profile", []view{{id: "name"}}
		began := time.Now()
		p.sourceFunc = func(context.Context) (string, error) {
			if time.Since(began) > recipe.DefaultTimeout+time.Second {
				p.screens["profile"] = []view{{id: "name"}, {id: "count", text: "1"}, {id: "caption", text: "a"}}
			}
			return p.render(), nil
		}
		got, err := walk(t, r, p, nil).Run(t.Context(), recipe.FlowProfile)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(recipe.Values{"post_count": {"1"}, "captions": {"a"}}, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

// TestReadNeeds: what a step needs holds for one that reads as well.
func TestReadNeeds(t *testing.T) {
	t.Parallel()
	r := looking(t, "", "expect: {id: name}, needs: {id: ready}")
	for want, more := range map[string][]view{"expected id=name while id=ready": nil, "": {{id: "ready"}}} {
		synctest.Test(t, func(t *testing.T) {
			p := newPhone(t)
			p.screen, p.screens["profile"] = "profile", append([]view{{id: "name"}, {id: "count", text: "0"}}, more...)
			if _, err := walk(t, r, p, nil).Run(t.Context(), recipe.FlowProfile); !says(err, want) {
				t.Errorf("got %v, want %q in it", err, want)
			}
		})
	}
}

// TestHearsayOfTheScreen: that it is the right profile is part of what was read
// from it.
func TestHearsayOfTheScreen(t *testing.T) {
	t.Parallel()
	r := looking(t, "  name: {is: The account's name., find: [{id: name}]}\n",
		"expect: {element: name, textSlot: account}")
	for id, want := range map[string]bool{"name": false, "title": true} {
		synctest.Test(t, func(t *testing.T) {
			p := newPhone(t)
			p.screen = "profile"
			p.screens["profile"] = []view{
				{id: "one", text: "One"},
				{id: "two", text: "Two"},
				{id: "three", text: "Three"},
				{id: id, text: "shop_a"},
				{id: "count", text: "3"},
				{id: "caption", text: "a"},
			}
			model := modelFunc(func(navigator.Question) (navigator.Answer, error) { return elements("name", 4), nil })
			w := navigator.New(r, navigator.Config{Help: navigator.Help{Model: model}}, nil).Walk(p, slots("x"), nil)
			got, err := w.Run(t.Context(), recipe.FlowProfile)
			if err != nil || got["post_count"][0] != "3" || w.Hearsay() != want {
				t.Errorf("%s: got %v and hearsay %t: %v", id, got, w.Hearsay(), err)
			}
		})
	}
}
