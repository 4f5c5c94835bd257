package screen_test

import (
	"strings"
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
   <android.widget.CheckBox package="a.b" class="android.widget.CheckBox" resource-id="a.b:id/row"
    text="line&#10;&quot;two&quot; &#127881;" selected="true" enabled="false" checked="true" checkable="true"
    long-clickable="true" drawing-order="7" bounds="[0,200][1080,300]" />
   <android.widget.TextView package="a.b" class="android.widget.TextView" text="flat" bounds="[0,300][1080,300]">
    <android.view.View package="a.b" class="a.b.Odd$Name" text="in flat" bounds="[0,300][9,309]" />
   </android.widget.TextView>
   <android.widget.TextView package="a.b" class="android.widget.TextView" text="hidden"
    displayed="false" bounds="[0,300][1080,400]" />
  </android.widget.ListView>
  <android.widget.EditText package="a.b" class="android.widget.EditText" resource-id="a.b:id/field" text="Name"
   hint="Name" enabled="true" clickable="true" focused="true" password="true" bounds="[40,2000][1040,2100]" />
 </android.widget.FrameLayout>
 <android.widget.Button package="c.d" class="android.widget.Button" resource-id="c.d:id/ok" text="OK"
  bounds="[-9,0][10,10]" drawing-order="x" />
</hierarchy>`

func parse(t *testing.T, source string) *screen.Tree {
	t.Helper()
	tree, err := screen.Parse(source)
	if err != nil {
		t.Fatalf("%v in\n%s", err, source)
	}
	return tree
}

func TestParse(t *testing.T) {
	t.Parallel()
	frame := &screen.Node{
		Class: "android.widget.FrameLayout", Package: "a.b", Bounds: screen.Rect{Right: 1080, Bottom: 2208},
	}
	list := &screen.Node{
		ID: "a.b:id/list", Class: "android.widget.ListView", Package: "a.b",
		Scrollable: true, Bounds: screen.Rect{Top: 100, Right: 1080, Bottom: 900},
	}
	row := &screen.Node{
		ID: "a.b:id/row", Class: "android.widget.TextView", Package: "a.b", Text: "Café", Desc: "first",
		Enabled: true, Bounds: screen.Rect{Top: 100, Right: 1080, Bottom: 200},
	}
	box := &screen.Node{
		ID: "a.b:id/row", Class: "android.widget.CheckBox", Package: "a.b", Text: "line\n\"two\" 🎉",
		Selected: true, Checked: true, Checkable: true, LongClickable: true, DrawingOrder: 7,
		Bounds: screen.Rect{Top: 200, Right: 1080, Bottom: 300},
	}
	odd := &screen.Node{
		Class: "a.b.Odd$Name", Package: "a.b", Text: "in flat",
		Bounds: screen.Rect{Top: 300, Right: 9, Bottom: 309},
	}
	field := &screen.Node{
		ID: "a.b:id/field", Class: "android.widget.EditText", Package: "a.b", Text: "Name", Hint: "Name",
		Enabled: true, Clickable: true, Focused: true, Password: true,
		Bounds: screen.Rect{Left: 40, Top: 2000, Right: 1040, Bottom: 2100},
	}
	other := &screen.Node{
		ID: "c.d:id/ok", Class: "android.widget.Button", Package: "c.d", Text: "OK",
		Bounds: screen.Rect{Left: -9, Right: 10, Bottom: 10},
	}
	for parent, children := range map[*screen.Node][]*screen.Node{frame: {list, field}, list: {row, box, odd}} {
		parent.Children = children
		for _, c := range children {
			c.Parent = parent
		}
	}
	want := &screen.Tree{
		Nodes:  []*screen.Node{frame, list, row, box, odd, field, other},
		Bounds: screen.Rect{Left: -9, Right: 1080, Bottom: 2208},
		Screen: screen.Rect{Right: 1080, Bottom: 2208},
	}
	if diff := cmp.Diff(want, parse(t, dump)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestNode(t *testing.T) {
	t.Parallel()
	nodes := parse(t, dump).Nodes
	for _, tt := range []struct {
		at                   int
		list                 int
		editable, actionable bool
	}{
		{at: 0, list: -1},
		{at: 1, list: 1},
		{at: 2, list: 1},
		{at: 3, list: 1, actionable: true},
		{at: 4, list: 1},
		{at: 5, list: -1, editable: true, actionable: true},
		{at: 6, list: -1},
	} {
		n := nodes[tt.at]
		var list *screen.Node
		if tt.list >= 0 {
			list = nodes[tt.list]
		}
		if got := n.List(); got != list {
			t.Errorf("list of %d: got %v, want %v", tt.at, got, list)
		}
		if got := n.Editable(); got != tt.editable {
			t.Errorf("editable %d: got %t", tt.at, got)
		}
		if got := n.Actionable(); got != tt.actionable {
			t.Errorf("actionable %d: got %t", tt.at, got)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{
		"", "<a>", "</a>", "<hierarchy/>", "not xml", `<a bounds="[0,0][9,9]">`,
		`<a bounds="[0,0][9,9]" displayed="false"/>`, `<a bounds="[0,0][9]"/>`, `<a bounds="[0,0][9,9999999]"/>`,
		`<a bounds="[0,0][x,9]"/>`, `<a bounds="[5,0][5,9]"/>`,
		`<!DOCTYPE a [<!ENTITY b "bomb">]><a text="&b;" bounds="[0,0][9,9]"/>`,
		strings.Repeat(`<a bounds="[0,0][9,9]">`, 501) + strings.Repeat("</a>", 501),
		"<b>" + strings.Repeat(`<a bounds="[0,0][9,9]"/>`, 10_001) + "</b>",
	} {
		if tree, err := screen.Parse(bad); err == nil || !strings.HasPrefix(err.Error(), "parse screen: ") {
			t.Errorf("Parse(%.80q): got %v, %v, want an error", bad, tree, err)
		}
	}
}

func TestRect(t *testing.T) {
	t.Parallel()
	a, b := screen.Rect{Right: 10, Bottom: 4}, screen.Rect{Left: -2, Top: 2, Right: 4, Bottom: 9}
	if x, y := b.Centre(); x != 1 || y != 5 {
		t.Errorf("centre: got %d,%d, want 1,5", x, y)
	}
	if got, want := a.Union(b), (screen.Rect{Left: -2, Right: 10, Bottom: 9}); got != want {
		t.Errorf("union: got %v, want %v", got, want)
	}
	none := screen.Rect{Left: 50, Top: 50, Right: 50, Bottom: 60}
	if !none.Empty() || a.Union(none) != a || none.Union(a) != a {
		t.Errorf("what has no area must add nothing")
	}
	if !a.Contains(0, 0) || a.Contains(10, 0) || a.Contains(0, 4) || a.Contains(-1, 0) {
		t.Errorf("an area holds its left and top edge only")
	}
}
