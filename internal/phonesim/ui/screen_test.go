package ui_test

import (
	"image"
	"strings"
	"testing"

	"github.com/antchfx/xmlquery"
	"github.com/google/go-cmp/cmp"

	"postfleet/internal/phonesim/ui"
)

// plain is a page with a title, two buttons side by side, and a field.
func plain() *ui.Node {
	off := ui.Button("no", "No")
	off.Enabled = false
	return ui.Column(
		ui.Label("title", "Title").Sized(200),
		ui.Row(ui.Button("yes", "Yes"), off).Sized(100),
		ui.Column(ui.Label("", "inside").Sized(50), ui.Space()).Named("card").Tappable(),
		ui.Field("field", "", "a hint").Sized(300),
	)
}

func screen(roots ...*ui.Node) ui.Screen {
	s := ui.Screen{Name: "test"}
	for i, r := range roots {
		w := ui.NewWindow("com.example", uint64(i+1), r)
		w.Dialog = i > 0
		s.Windows = append(s.Windows, w)
	}
	return s
}

func find(s ui.Screen, name string) *ui.Node {
	for n := range s.Active().All() {
		if n.Name == name {
			return n
		}
	}
	return nil
}

func TestLayout(t *testing.T) {
	t.Parallel()
	s := screen(plain())
	for name, want := range map[string]image.Rectangle{
		"title": image.Rect(0, 0, 1080, 200),
		"yes":   image.Rect(0, 200, 540, 300),
		"no":    image.Rect(540, 200, 1080, 300),
		"card":  image.Rect(0, 300, 1080, 1908),
		"field": image.Rect(0, 1908, 1080, 2208),
	} {
		if got := find(s, name).Bounds; got != want {
			t.Errorf("got %s at %v, want %v", name, got, want)
		}
	}
}

func TestLayoutWithPaddingAndGaps(t *testing.T) {
	t.Parallel()
	s := screen(ui.Column(ui.Label("a", "a"), ui.Label("b", "b")).Padded(50, 8))
	if got, want := find(s, "a").Bounds, image.Rect(50, 50, 1030, 1100); got != want {
		t.Errorf("got a at %v, want %v", got, want)
	}
	if got, want := find(s, "b").Bounds, image.Rect(50, 1108, 1030, 2158); got != want {
		t.Errorf("got b at %v, want %v", got, want)
	}
}

// What finds no room is not on the screen, as on a phone.
func TestLayoutDropsWhatDoesNotFit(t *testing.T) {
	t.Parallel()
	s := screen(ui.Column(
		ui.Label("first", "").Sized(2000), ui.Label("cut", "").Sized(500), ui.Label("gone", "").Sized(10), ui.Space()))
	if got := find(s, "cut").Bounds.Dy(); got != 208 {
		t.Errorf("got a height of %d for the node at the edge, want 208", got)
	}
	if n := find(s, "gone"); n != nil {
		t.Errorf("got a node off the screen at %v", n.Bounds)
	}
}

func TestHit(t *testing.T) {
	t.Parallel()
	nested := ui.Column(ui.Button("outer", "").As(ui.ClassFrame))
	nested.Children[0].Children = []*ui.Node{ui.Button("inner", "").Sized(100), ui.Space()}
	dialog := ui.Column(ui.Space(), ui.Button("ok", "OK").Sized(100), ui.Space())
	for name, tc := range map[string]struct {
		s    ui.Screen
		at   image.Point
		want string
	}{
		"a button":            {screen(plain()), image.Pt(10, 250), "yes"},
		"disabled":            {screen(plain()), image.Pt(600, 250), ""},
		"nothing clickable":   {screen(plain()), image.Pt(10, 10), ""},
		"label in clickable":  {screen(plain()), image.Pt(10, 310), "card"},
		"deepest":             {screen(nested), image.Pt(10, 10), "inner"},
		"parent":              {screen(nested), image.Pt(10, 200), "outer"},
		"off the screen":      {screen(plain()), image.Pt(-1, 9999), ""},
		"dialog":              {screen(plain(), dialog), image.Pt(10, 1104), "ok"},
		"beside the dialog":   {screen(plain(), dialog), image.Pt(10, 250), ""},
		"lower right is open": {screen(plain()), image.Pt(540, 299), ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := ""
			if n := tc.s.Hit(tc.at); n != nil {
				got = n.Name
			}
			if got != tc.want {
				t.Errorf("got %q hit, want %q", got, tc.want)
			}
		})
	}
}

func TestRefs(t *testing.T) {
	t.Parallel()
	s := screen(plain())
	seen := map[string]bool{}
	for n := range s.Active().All() {
		if seen[n.Ref] {
			t.Errorf("two nodes have the ref %s", n.Ref)
		}
		seen[n.Ref] = true
		if got := s.Find(n.Ref); got != n {
			t.Errorf("got %+v for ref %s", got, n.Ref)
		}
	}
	again := ui.Screen{Windows: []ui.Window{ui.NewWindow("com.example", 2, plain())}}
	if n := again.Find(find(s, "yes").Ref); n != nil {
		t.Errorf("a ref of one appearance finds %s in the next", n.Ref)
	}
}

func TestXML(t *testing.T) {
	t.Parallel()
	const awkward = "a \"b\" <c> & 'd'\n\te\r🚀 שלום"
	root := ui.Column(
		ui.Label("text", awkward).Described(awkward),
		ui.Field("empty", "", "a hint"),
		ui.Label("", "control \x01\x0b and broken \xff"),
		ui.Picture("picture", "described").Tappable(),
	)
	root.Children[3].Selected = true
	doc, err := xmlquery.Parse(strings.NewReader(screen(root).XML()))
	if err != nil {
		t.Fatal(err)
	}
	attrs := func(path string) map[string]string {
		t.Helper()
		n := xmlquery.FindOne(doc, path)
		if n == nil {
			t.Fatalf("nothing at %s", path)
		}
		m := map[string]string{}
		for _, a := range n.Attr {
			m[a.Name.Local] = a.Value
		}
		return m
	}
	for path, want := range map[string]map[string]string{
		"/hierarchy": {"index": "0", "class": "hierarchy", "rotation": "0", "width": "1080", "height": "2208"},
		"//*[@resource-id='com.example:id/text']": {
			"index": "0", "package": "com.example", "class": "android.widget.TextView", "text": awkward,
			"content-desc": awkward, "resource-id": "com.example:id/text", "checkable": "false", "checked": "false",
			"clickable": "false", "enabled": "true", "focusable": "false", "focused": "false",
			"long-clickable": "false", "password": "false", "scrollable": "false", "selected": "false",
			"bounds":    "[0,0][1080,552]",
			"displayed": "true",
		},
		"//android.widget.EditText": {
			"index": "1", "package": "com.example", "class": "android.widget.EditText", "text": "a hint",
			"resource-id": "com.example:id/empty", "checkable": "false", "checked": "false",
			"clickable": "true", "enabled": "true", "focusable": "true", "focused": "false", "long-clickable": "true",
			"password": "false", "scrollable": "false", "selected": "false", "bounds": "[0,552][1080,1104]",
			"displayed": "true", "hint": "a hint",
		},
	} {
		if diff := cmp.Diff(want, attrs(path)); diff != "" {
			t.Errorf("%s differs (-want +got):\n%s", path, diff)
		}
	}
	if got, want := attrs("//*[@index='2']")["text"], "control ?? and broken �"; got != want {
		t.Errorf("got %q for what XML cannot hold, want %q", got, want)
	}
	if got := attrs("//*[@selected='true']")["content-desc"]; got != "described" {
		t.Errorf("got %q selected, want the picture", got)
	}
}

func TestPasswordIsNotTold(t *testing.T) {
	t.Parallel()
	field := ui.Field("secret", "geheim", "")
	field.Password = true
	source := screen(ui.Column(field)).XML()
	if strings.Contains(source, "geheim") || !strings.Contains(source, `text="••••••"`) {
		t.Errorf("the password is told in %s", source)
	}
}
