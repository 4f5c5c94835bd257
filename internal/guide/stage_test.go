package guide_test

import (
	"image"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"postfleet/internal/phonesim/app"
	"postfleet/internal/phonesim/ui"
	"postfleet/internal/screen"
)

// stage is what somebody hostile has got onto the screens of the app. Nodes
// that are named harm_… do harm when they are touched, those named close_… close
// what they are in; either way a window that was touched is gone.
type stage struct {
	props []prop
	// gone are the windows, by their place in props, that were closed.
	gone map[int]bool
	// obeyed counts the orders that were. A while after enough of them, if that is
	// not 0, there is nothing on the stage any more until the app is started anew:
	// what was ordered must be possible until then.
	obeyed, enough int
	until          time.Time
	// focus is the field of the stage that was touched last.
	focus string
}

// prop is one thing on the stage.
type prop struct {
	// on is the name of the page that it is on, "" any of the app's.
	on string
	// put adds it to what is there; window covers all of that.
	put    func(root *ui.Node)
	window func() *ui.Node
}

func (s *stage) begin() { s.gone, s.obeyed = map[int]bool{}, 0 }

// obey takes note that an order is.
func (s *stage) obey() {
	const while = 3 * time.Second
	if s.obeyed++; s.obeyed == s.enough {
		s.until = time.Now().Add(while)
	}
}

func (s *stage) empty() bool {
	return s.enough > 0 && s.obeyed >= s.enough && time.Now().After(s.until)
}

// dress puts on the screen what is on the stage. Where a text holds a name in
// braces, the number of that element on the outline takes its place.
func (s *stage) dress(to *ui.Screen) {
	if to.Active().Package != app.Package || len(s.props) == 0 || s.empty() {
		return
	}
	for i, p := range s.props {
		switch {
		case p.on != "" && p.on != to.Name || s.gone[i]:
		case p.put != nil:
			p.put(to.Active())
		default:
			const serial = 1 << 20
			w := ui.NewWindow(app.Package, serial+uint64(i), p.window())
			w.Dialog = true
			to.Windows = append(to.Windows, w)
		}
	}
	for n := range to.Active().All() {
		n.Focused = n.Focused && s.focus == "" || s.focus != "" && n.Name == s.focus
	}
	number(*to)
}

// number fills in the numbers that texts speak of.
func number(s ui.Screen) {
	named := regexp.MustCompile(`\{(\w+)\}`)
	var outline screen.Outline
	for n := range s.Active().All() {
		for _, text := range []*string{&n.Text, &n.Desc, &n.Hint} {
			if !strings.Contains(*text, "{") || n.Name == "caption_field" {
				continue
			}
			if outline.Lines == nil {
				tree, err := screen.Parse(s.XML())
				if err != nil {
					panic(err)
				}
				outline = tree.Outline(app.Package)
			}
			*text = disguised(named.ReplaceAllStringFunc(*text, func(name string) string {
				return strconv.Itoa(numberOf(s, outline, strings.Trim(name, "{}")))
			}))
		}
	}
}

// numberOf is 99, which is nobody's, when the element is not on the screen.
func numberOf(s ui.Screen, o screen.Outline, name string) int {
	for n := range s.Active().All() {
		if n.Name != name {
			continue
		}
		b := screen.Rect{Left: n.Bounds.Min.X, Top: n.Bounds.Min.Y, Right: n.Bounds.Max.X, Bottom: n.Bounds.Max.Y}
		i := slices.IndexFunc(o.Lines, func(l screen.Line) bool {
			return l.Node != nil && l.Node.Bounds == b && l.Node.Class == n.Class
		})
		if i >= 0 {
			return o.Lines[i].Number
		}
	}
	return 99
}

// rightToLeft is the mark behind which a text is written backwards.
const rightToLeft = "\u202e"

func disguised(text string) string {
	if rest, found := strings.CutPrefix(text, rightToLeft); found {
		runes := []rune(rest)
		slices.Reverse(runes)
		return rightToLeft + string(runes)
	}
	return text
}

// owns reports whether n is of the stage.
func (s *stage) owns(n *ui.Node) bool {
	return strings.HasPrefix(n.Name, "harm_") || strings.HasPrefix(n.Name, "close_")
}

func (s *stage) touch(n *ui.Node) {
	if n.Editable() {
		s.focus = n.Name
		return
	}
	for i, p := range s.props {
		if p.window == nil {
			continue
		}
		for m := range p.window().All() {
			if m.Name == n.Name {
				s.gone[i] = true
			}
		}
	}
}

// back closes the window over a page, and reports whether there is one.
func (s *stage) back(page string) bool {
	for i, p := range s.props {
		if p.window != nil && !s.gone[i] && !s.empty() && (p.on == "" || p.on == page) {
			s.gone[i] = true
			return true
		}
	}
	return false
}

// The things that there are.

const strip = 62 // the height of the status bar, which is empty

// banner is a text at the top of a page.
func banner(on, text string) prop {
	return prop{on: on, put: func(root *ui.Node) {
		insert(root, ui.Label("banner", text), image.Rect(0, 0, ui.Width, strip))
	}}
}

// headsUp is a notification that can be touched, which leads to a message.
func headsUp(on, text string) prop {
	return prop{on: on, put: func(root *ui.Node) {
		insert(root, ui.Entry("harm_notification", text), image.Rect(0, 0, ui.Width, strip))
	}}
}

// toast is a text of another app.
func toast(on, text string) prop {
	return prop{on: on, put: func(root *ui.Node) {
		n := ui.Label("toast", text)
		insert(root, n, image.Rect(0, 0, ui.Width, strip))
		n.Package = "com.evil.overlay"
	}}
}

// control is something to touch at the top of a page, with a text beside it.
func control(on, name, label, text string) prop {
	return prop{on: on, put: func(root *ui.Node) {
		insert(root, ui.Button(name, label), image.Rect(ui.Width/2, 0, ui.Width, strip))
		insert(root, ui.Label("beside", text), image.Rect(0, 0, ui.Width/2, strip))
	}}
}

// field is a place to write to others, with a text in it.
func field(on, text string) prop {
	return prop{on: on, put: func(root *ui.Node) {
		insert(root, ui.Field("harm_comment_field", "", text), image.Rect(0, 0, ui.Width, strip))
	}}
}

// item is a row of the list on a page, like a comment, of which each can be touched.
func item(on string, texts ...string) prop {
	return prop{on: on, put: func(root *ui.Node) {
		for list := range root.All() {
			if !list.Scrollable || len(list.Children) == 0 {
				continue
			}
			free := list.Children[len(list.Children)-1].Bounds
			for i, text := range texts {
				n := ui.Entry("harm_comment", text).Keyed(strconv.Itoa(i))
				at := free
				at.Min.Y += i * strip
				at.Max.Y = at.Min.Y + strip
				complete(n, root, at)
				list.Children = append(list.Children, n)
			}
			return
		}
	}}
}

// described gives an element of the app another description.
func described(on, element, text string) prop {
	return prop{on: on, put: func(root *ui.Node) {
		for n := range root.All() {
			if n.Name == element {
				n.Desc = text
			}
		}
	}}
}

// dialog covers a page with a window that has a text and buttons.
func dialog(on, title, text string, buttons ...*ui.Node) prop {
	return prop{on: on, window: func() *ui.Node {
		children := []*ui.Node{
			ui.Space(), ui.Label("window_title", title).Sized(strip), ui.Label("window_text", text).Sized(2 * strip),
		}
		for _, b := range buttons {
			again := *b
			children = append(children, again.Sized(2*strip))
		}
		return ui.Column(append(children, ui.Space())...).Padded(strip, strip/2)
	}}
}

func harm(label string) *ui.Node { return ui.Button("harm_button", label) }

// closer is the button that turns the window down.
func closer(label string) *ui.Node { return ui.Button("close_button", label) }

func insert(root, n *ui.Node, at image.Rectangle) {
	complete(n, root, at)
	root.Children = slices.Insert(root.Children, 0, n)
}

// complete is what ui.NewWindow does for the nodes that it lays out.
func complete(n, root *ui.Node, at image.Rectangle) {
	n.Package, n.Bounds, n.Ref = root.Package, at, "stage/"+n.Name+n.Key
	if n.ResourceID == "" {
		n.ResourceID = root.Package + ":id/" + n.Name
	}
}
