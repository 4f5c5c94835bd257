package recipe_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"postfleet/internal/recipe"
	"postfleet/internal/screen"
)

// rows renders one view per row: "id|text|desc|class".
func rows(t *testing.T, views ...string) *screen.Tree {
	t.Helper()
	var b strings.Builder
	b.WriteString("<hierarchy>")
	for i, v := range views {
		part := strings.Split(v+"|||", "|")
		class := part[3]
		if class == "" {
			class = "android.widget.TextView"
		}
		id := ""
		if part[0] != "" {
			id = "com.example.app:id/" + part[0]
		}
		fmt.Fprintf(&b, `<%s package="com.example.app" class=%q resource-id=%q text=%q content-desc=%q enabled="true" `+
			`bounds="[0,%d][1000,%d]"/>`, class, class, id, part[1], part[2], i*100, (i+1)*100)
	}
	b.WriteString("</hierarchy>")
	tree, err := screen.Parse(b.String())
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

func elements(t *testing.T) *recipe.Recipe {
	t.Helper()
	r, err := recipe.Load("testdata/good/elements.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func step(t *testing.T, r *recipe.Recipe, flow, id string) *recipe.Step {
	t.Helper()
	steps, _ := r.Flow(flow)
	for i := range steps {
		if steps[i].ID == id {
			return &steps[i]
		}
	}
	t.Fatalf("no step %s/%s", flow, id)
	return nil
}

// TestTarget: an element's alternatives are tried in order, then what was told.
func TestTarget(t *testing.T) {
	t.Parallel()
	r := elements(t)
	target := step(t, r, recipe.FlowPost, "open").Target
	tests := []struct {
		name   string
		tree   *screen.Tree
		told   map[string]int // element to row
		wantID string
		by     string
	}{
		{"by id", rows(t, "x", "create"), nil, "create", "id=create"},
		{"by a description", rows(t, "x", "new||erstellen"), nil, "new", `desc="Erstellen"|"Create"|"New"`},
		{"by another of a language", rows(t, "x", "new||new"), nil, "new", `desc="Erstellen"|"Create"|"New"`},
		{"id before description", rows(t, "new||Create", "create"), nil, "create", "id=create"},
		{"several by id", rows(t, "create", "create", "x||New"), nil, "x", `desc="Erstellen"|"Create"|"New"`},
		{"nothing", rows(t, "x"), nil, "", ""},
		{"told", rows(t, "x", "y"), map[string]int{"create_tab": 1}, "y", ""},
		{"the recipe before it", rows(t, "create", "y"), map[string]int{"create_tab": 1}, "create", "id=create"},
		{"told of another", rows(t, "x", "y"), map[string]int{"caption": 1}, "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			v := r.See(tt.tree, nil)
			tell(v, tt.told)
			m, ok := target.Find(v)
			id := ""
			if ok {
				id = strings.TrimPrefix(m.Node.ID, "com.example.app:id/")
			}
			if id != tt.wantID || m.By != tt.by {
				t.Errorf("got %q by %q, want %q by %q", id, m.By, tt.wantID, tt.by)
			}
		})
	}
}

func tell(v *recipe.View, told map[string]int) {
	if told == nil {
		return
	}
	found := map[string][]*screen.Node{}
	for name, row := range told {
		found[name] = append(found[name], v.Tree.Nodes[row])
	}
	v.Tell(found, true)
}

// TestTellNothingOfThePublisher: nobody but the recipe finds the element that
// the irreversible step acts on.
func TestTellNothingOfThePublisher(t *testing.T) {
	t.Parallel()
	r := elements(t)
	v := r.See(rows(t, "x", "y"), nil)
	tell(v, map[string]int{"share_button": 1})
	if m, ok := r.Publish().Target.Find(v); ok {
		t.Errorf("got %s, want nothing", m.Node.ID)
	}
	if diff := cmp.Diff([]string{"caption", "create_tab"}, r.Elements()); diff != "" {
		t.Errorf("elements (-want +got):\n%s", diff)
	}
}

// TestAsk: what is not found is not there only on a screen that is known.
func TestAsk(t *testing.T) {
	t.Parallel()
	r := elements(t)
	share := step(t, r, recipe.FlowPost, "open").Expect // the element share_button
	name := step(t, r, recipe.FlowSwitchAccount, "check").Expect
	slots := map[string]string{recipe.SlotAccount: "shop_a"}
	tests := []struct {
		name string
		c    *recipe.Condition
		tree *screen.Tree
		told bool
		want recipe.Answer
	}{
		{"there", share, rows(t, "share"), false, recipe.Yes},
		{"there in a language", share, rows(t, "x|Share"), false, recipe.Yes},
		{"not there on a known screen", share, rows(t, "create"), false, recipe.No},
		{"not there on an unknown screen", share, rows(t, "new_create"), false, recipe.Unknown},
		{"not there on a screen that was told of", share, rows(t, "new_create"), true, recipe.No},
		{"there with another account", name, rows(t, "name|shop_b"), false, recipe.No},
		{"there with the account", name, rows(t, "name|shop_a"), false, recipe.Yes},
		{"the account without the element", name, rows(t, "x|shop_a"), false, recipe.Unknown},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			v := r.See(tt.tree, slots)
			if tt.told {
				v.Tell(nil, false)
			}
			if got := tt.c.Ask(v); got != tt.want {
				t.Errorf("got %d, want %d", got, tt.want)
			}
			not := &recipe.Condition{Not: tt.c}
			if got := not.Holds(v); got != (tt.want == recipe.No) {
				t.Errorf("its opposite: got %t, want %t", got, tt.want == recipe.No)
			}
		})
	}
}

// TestValues: a list that is not there is empty only on a known screen.
func TestValues(t *testing.T) {
	t.Parallel()
	r := elements(t)
	look := step(t, r, recipe.FlowProfile, "look")
	for name, tt := range map[string]struct {
		tree *screen.Tree
		told map[string]int
		want recipe.Values
		err  bool
	}{
		"none": {tree: rows(t, "count|0"), want: recipe.Values{"post_count": {"0"}, "captions": {}}},
		"two": {
			tree: rows(t, "count|2", "caption|b", "caption|a"),
			want: recipe.Values{"post_count": {"2"}, "captions": {"b", "a"}},
		},
		"unknown": {tree: rows(t, "x|2", "y|b"), err: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			v := r.See(tt.tree, nil)
			tell(v, tt.told)
			got, err := look.Values(v)
			if diff := cmp.Diff(tt.want, got); diff != "" || (err != nil) != tt.err {
				t.Errorf("got error %v, (-want +got):\n%s", err, diff)
			}
		})
	}
}
