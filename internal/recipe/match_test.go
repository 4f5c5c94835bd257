package recipe

import (
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"

	"postfleet/internal/screen"
)

const dump = `<?xml version='1.0' encoding='UTF-8' standalone='yes' ?>
<hierarchy index="0" class="hierarchy" rotation="0" width="1080" height="2208">
 <android.widget.FrameLayout package="a.b" class="android.widget.FrameLayout" text="" bounds="[0,0][1080,2208]">
  <android.widget.ListView package="a.b" class="android.widget.ListView" resource-id="a.b:id/list"
   scrollable="true" bounds="[0,100][1080,900]">
   <android.widget.TextView package="a.b" class="android.widget.TextView" resource-id="a.b:id/row" text="Caf&#233;"
    content-desc="first" selected="false" enabled="true" bounds="[0,100][1080,200]" />
   <android.widget.TextView package="a.b" class="android.widget.TextView" resource-id="a.b:id/row"
    text="line&#10;&quot;two&quot; &#127881;" selected="true" enabled="false" checked="true"
    bounds="[0,200][1080,300]" />
   <android.widget.TextView package="a.b" class="android.widget.TextView" resource-id="a.b:id/row" text="flat"
    bounds="[0,300][1080,300]" />
   <android.widget.TextView package="a.b" class="android.widget.TextView" resource-id="a.b:id/row" text="hidden"
    displayed="false" bounds="[0,300][1080,400]" />
  </android.widget.ListView>
  <android.widget.Button package="a.b" class="android.widget.Button" resource-id="a.b:id/ok"
   text="&#8207;Weiter&#173;gehen  STRASSE" enabled="true" bounds="[40,2000][1040,2100]" />
 </android.widget.FrameLayout>
 <android.widget.Button package="c.d" class="android.widget.Button" resource-id="c.d:id/ok" text="OK"
  bounds="[0,0][10,10]" />
</hierarchy>`

// TestFind tables what each key of a selector matches, by the texts found.
func TestFind(t *testing.T) {
	t.Parallel()
	tree, err := screen.Parse(dump)
	if err != nil {
		t.Fatal(err)
	}
	slots := map[string]string{
		"e": "Cafe\u0301", "case": "CAFÉ", "lines": "line\n\"two\" 🎉", "first": "first", "regex": ".*",
	}
	const cafe, two, ok = "Café", "line\n\"two\" 🎉", "\u200fWeiter\u00adgehen  STRASSE"
	tests := []struct {
		name string
		s    Selector
		want []string
	}{
		{"id", Selector{ID: "row"}, []string{cafe, two}},
		{"id is exact", Selector{ID: "ro"}, nil},
		{"id with its package", Selector{ID: "a.b:id/ok"}, []string{ok}},
		{"id of another app", Selector{ID: "c.d:id/ok"}, nil},
		{"id of a named package", Selector{ID: "ok", Package: "c.d"}, []string{"OK"}},
		{"text folds case, marks and spaces", Selector{Text: labels{"de": {"weitergehen straße"}}}, []string{ok}},
		{"text in any language", Selector{Text: labels{"en": {"Coffee"}, "fr": {"ｃａｆｅ́"}}}, []string{cafe}},
		{"text is whole", Selector{Text: labels{"en": {"caf"}}}, nil},
		{"desc", Selector{Desc: labels{"en": {"FIRST"}}}, []string{cafe}},
		{"text does not look at desc", Selector{Text: labels{"en": {"first"}}}, nil},
		{"slot but for composition", Selector{TextSlot: "e"}, []string{cafe}},
		{"slot keeps case", Selector{TextSlot: "case"}, nil},
		{"slot keeps lines and quotes", Selector{TextSlot: "lines"}, []string{two}},
		{"slot is no pattern", Selector{TextSlot: "regex"}, nil},
		{"slot in desc", Selector{DescSlot: "first"}, []string{cafe}},
		{"regex matches the whole", Selector{TextRegex: "caf."}, []string{cafe}},
		{"regex in part", Selector{TextRegex: "ca"}, nil},
		{"class", Selector{Class: "android.widget.Button"}, []string{ok}},
		{"keys are ANDed", Selector{ID: "row", Desc: labels{"en": {"first"}}}, []string{cafe}},
		{"keys that disagree", Selector{ID: "ok", Desc: labels{"en": {"first"}}}, nil},
		{"selected", Selector{ID: "row", Selected: new(true)}, []string{two}},
		{"not selected", Selector{ID: "row", Selected: new(false)}, []string{cafe}},
		{"enabled", Selector{ID: "row", Enabled: new(true)}, []string{cafe}},
		{"checked", Selector{ID: "row", Checked: new(true)}, []string{two}},
		{"index", Selector{ID: "row", Index: new(1)}, []string{two}},
		{"index out of range", Selector{ID: "row", Index: new(2)}, nil},
		{"state is asked of what index picked", Selector{ID: "row", Index: new(0), Selected: new(true)}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			v := &View{Tree: tree, Slots: slots}
			names := []slot{"e", "case", "lines", "first", "regex"}
			l := &linter{ids: map[string]bool{}, doc: &document{App: app{ID: "a.b"}, Slots: names}}
			l.selector(&tt.s, nil)
			if l.problems != nil {
				t.Fatal(l.failed())
			}
			var got []string
			for _, n := range tt.s.narrow(tt.s.named(v), v) {
				got = append(got, n.Text)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestResolve(t *testing.T) {
	t.Parallel()
	tree, err := screen.Parse(dump)
	if err != nil {
		t.Fatal(err)
	}
	row := Selector{ID: "row", fullID: "a.b:id/row", pkg: "a.b"}
	ok := Selector{ID: "ok", fullID: "a.b:id/ok", pkg: "a.b"}
	second := row
	second.Index = new(1)
	tests := []struct {
		name   string
		target Target
		want   string // the id found
	}{
		{"unique", []Selector{ok}, "a.b:id/ok"},
		{"several", []Selector{row}, ""},
		{"several but for the index", []Selector{second}, "a.b:id/row"},
		{"the next alternative", []Selector{row, ok}, "a.b:id/ok"},
		{"the first that fits", []Selector{second, ok}, "a.b:id/row"},
		{"none", nil, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := ""
			if m, ok := tt.target.Find(&View{Tree: tree}); ok {
				got = m.Node.ID
			}
			if got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestCondition(t *testing.T) {
	t.Parallel()
	tree, err := screen.Parse(dump)
	if err != nil {
		t.Fatal(err)
	}
	here := Condition{Selector: Selector{regex: regexp.MustCompile("^OK$"), TextRegex: "OK", pkg: "c.d"}}
	gone := Condition{Selector: Selector{ID: "x", fullID: "a.b:id/x", pkg: "a.b"}}
	tests := []struct {
		c    *Condition
		want bool
	}{
		{nil, true},
		{&here, true},
		{&gone, false},
		{&Condition{Not: &gone}, true},
		{&Condition{Not: &here}, false},
		{&Condition{Any: []Condition{gone, here}}, true},
		{&Condition{Any: []Condition{gone, gone}}, false},
		{&Condition{All: []Condition{here, here}}, true},
		{&Condition{All: []Condition{here, gone}}, false},
		{&Condition{Slot: "full"}, true},
		{&Condition{Slot: "empty"}, false},
	}
	for _, tt := range tests {
		v := &View{known: true, Tree: tree, Slots: map[string]string{"full": "x", "empty": ""}}
		if got := tt.c.Holds(v); got != tt.want {
			t.Errorf("%v: got %t, want %t", tt.c, got, tt.want)
		}
	}
}
