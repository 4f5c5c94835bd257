package navigator

import (
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"
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
	tree, err := parseTree(dump)
	if err != nil {
		t.Fatal(err)
	}
	slots := map[string]string{
		"e": "Cafe\u0301", "case": "CAFÉ", "lines": "line\n\"two\" 🎉", "first": "first", "regex": ".*",
	}
	const cafe, two, ok = "Café", "line\n\"two\" 🎉", "\u200fWeiter\u00adgehen  STRASSE"
	tests := []struct {
		name string
		s    selector
		want []string
	}{
		{"id", selector{ID: "row"}, []string{cafe, two}},
		{"id is exact", selector{ID: "ro"}, nil},
		{"id with its package", selector{ID: "a.b:id/ok"}, []string{ok}},
		{"id of another app", selector{ID: "c.d:id/ok"}, nil},
		{"id of a named package", selector{ID: "ok", Package: "c.d"}, []string{"OK"}},
		{"text folds case, width, marks and spaces", selector{Text: labels{"de": "weitergehen straße"}}, []string{ok}},
		{"text in any language", selector{Text: labels{"en": "Coffee", "fr": "ｃａｆｅ́"}}, []string{cafe}},
		{"text is whole", selector{Text: labels{"en": "caf"}}, nil},
		{"desc", selector{Desc: labels{"en": "FIRST"}}, []string{cafe}},
		{"text does not look at desc", selector{Text: labels{"en": "first"}}, nil},
		{"slot but for composition", selector{TextSlot: "e"}, []string{cafe}},
		{"slot keeps case", selector{TextSlot: "case"}, nil},
		{"slot keeps lines and quotes", selector{TextSlot: "lines"}, []string{two}},
		{"slot is no pattern", selector{TextSlot: "regex"}, nil},
		{"slot in desc", selector{DescSlot: "first"}, []string{cafe}},
		{"regex matches the whole", selector{TextRegex: "caf."}, []string{cafe}},
		{"regex in part", selector{TextRegex: "ca"}, nil},
		{"class", selector{Class: "android.widget.Button"}, []string{ok}},
		{"keys are ANDed", selector{ID: "row", Desc: labels{"en": "first"}}, []string{cafe}},
		{"keys that disagree", selector{ID: "ok", Desc: labels{"en": "first"}}, nil},
		{"selected", selector{ID: "row", Selected: new(true)}, []string{two}},
		{"not selected", selector{ID: "row", Selected: new(false)}, []string{cafe}},
		{"enabled", selector{ID: "row", Enabled: new(true)}, []string{cafe}},
		{"checked", selector{ID: "row", Checked: new(true)}, []string{two}},
		{"index", selector{ID: "row", Index: new(1)}, []string{two}},
		{"index out of range", selector{ID: "row", Index: new(2)}, nil},
		{"state is asked of what index picked", selector{ID: "row", Index: new(0), Selected: new(true)}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			l := &linter{doc: &document{App: app{ID: "a.b"}, Slots: []slot{"e", "case", "lines", "first", "regex"}}}
			l.selector(&tt.s, nil)
			if len(l.errs) > 0 {
				t.Fatal(l.errs)
			}
			var got []string
			for _, n := range tt.s.find(tree, slots) {
				got = append(got, n.text)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestResolve(t *testing.T) {
	t.Parallel()
	tree, err := parseTree(dump)
	if err != nil {
		t.Fatal(err)
	}
	row := selector{ID: "row", fullID: "a.b:id/row", pkg: "a.b"}
	ok := selector{ID: "ok", fullID: "a.b:id/ok", pkg: "a.b"}
	second := row
	second.Index = new(1)
	tests := []struct {
		name   string
		target []selector
		want   string // the id found
	}{
		{"unique", []selector{ok}, "a.b:id/ok"},
		{"several", []selector{row}, ""},
		{"several but for the index", []selector{second}, "a.b:id/row"},
		{"the next alternative", []selector{row, ok}, "a.b:id/ok"},
		{"the first that fits", []selector{second, ok}, "a.b:id/row"},
		{"none", nil, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := ""
			if n := resolve(tt.target, tree, nil); n != nil {
				got = n.id
			}
			if got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestCondition(t *testing.T) {
	t.Parallel()
	tree, err := parseTree(dump)
	if err != nil {
		t.Fatal(err)
	}
	here := condition{selector: selector{regex: regexp.MustCompile("^OK$"), TextRegex: "OK", pkg: "c.d"}}
	gone := condition{selector: selector{ID: "x", fullID: "a.b:id/x", pkg: "a.b"}}
	tests := []struct {
		c    *condition
		want bool
	}{
		{nil, true},
		{&here, true},
		{&gone, false},
		{&condition{Not: &gone}, true},
		{&condition{Not: &here}, false},
		{&condition{Any: []condition{gone, here}}, true},
		{&condition{Any: []condition{gone, gone}}, false},
		{&condition{All: []condition{here, here}}, true},
		{&condition{All: []condition{here, gone}}, false},
		{&condition{Slot: "full"}, true},
		{&condition{Slot: "empty"}, false},
	}
	for _, tt := range tests {
		if got := tt.c.holds(tree, map[string]string{"full": "x", "empty": ""}); got != tt.want {
			t.Errorf("%v: got %t, want %t", tt.c, got, tt.want)
		}
	}
}

func TestTree(t *testing.T) {
	t.Parallel()
	tree, err := parseTree(dump)
	if err != nil {
		t.Fatal(err)
	}
	if want := (rect{0, 0, 1080, 2208}); tree.bounds != want {
		t.Errorf("bounds: got %v, want %v", tree.bounds, want)
	}
	ok := resolve([]selector{{fullID: "a.b:id/ok", ID: "ok", pkg: "a.b"}}, tree, nil)
	if x, y := ok.bounds.centre(); x != 540 || y != 2050 {
		t.Errorf("centre: got %d,%d, want 540,2050", x, y)
	}
	if got := ok.list(); got != nil {
		t.Errorf("list of the button: got %v, want none", got)
	}
	row := tree.nodes[2]
	if got := row.list(); got == nil || got.id != "a.b:id/list" {
		t.Errorf("list of a row: got %v, want a.b:id/list", got)
	}
	for _, bad := range []string{"", "<a>", "<hierarchy/>", "not xml"} {
		if _, err := parseTree(bad); err == nil {
			t.Errorf("parseTree(%q): got no error", bad)
		}
	}
}
