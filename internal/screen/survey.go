package screen

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

const (
	// enoughNames is how many named elements to touch tell a screen by its layout.
	enoughNames = 5
	// maxTitles is how many of the texts that cannot be touched are words of
	// the screen: a title and a message. Further ones are contents.
	maxTitles = 2
	// maxWords is the length in letters beyond which a label is contents.
	maxWords = 80
	// itemDepth is how deep into an item of a list its template is looked at.
	itemDepth = 3
)

// set is a set of signs.
type set map[string]bool

// survey is what a print is made of.
type survey struct {
	touch, still, items, words, marks set
	// names are the ids of the app's own elements that can be touched, but for
	// scrims and sheets as a whole.
	names  set
	dialog bool
}

// worded reports whether layout alone does not tell the screen.
func (s *survey) worded() bool { return s.dialog || len(s.names) < enoughNames }

// survey looks at everything once for the layout, and then for the words that
// this layout needs.
func (f *front) survey() *survey {
	s := &survey{touch: set{}, still: set{}, items: set{}, words: set{}, marks: set{}, names: set{}}
	if f.root == nil {
		return s
	}
	s.window(f)
	for _, n := range f.nodes {
		if depth := n.itemDepth(); depth > 0 {
			s.item(n, depth)
		} else {
			s.chrome(n)
		}
	}
	s.read(f, f.names())
	return s
}

// window marks what is not the app's whole window.
func (s *survey) window(f *front) {
	w, h := f.root.Bounds.Right-f.root.Bounds.Left, f.root.Bounds.Bottom-f.root.Bounds.Top
	if w*20 < (f.screen.Right-f.screen.Left)*19 && h*20 < (f.screen.Bottom-f.screen.Top)*19 {
		s.dialog = true
		s.marks[signMark+" window"] = true
	}
	if f.scrim != nil {
		s.marks[signMark+" scrim"] = true
	}
}

func (s *survey) chrome(n *Node) {
	switch {
	case n.Actionable() || n.Scrollable:
		s.touch[signTouch+" "+n.tuple()] = true
	case n.ID != "":
		s.still[signStill+" "+n.tuple()] = true
	}
	if tab := n.openTab(); tab != "" {
		s.marks[signMark+" tab "+tab] = true
	}
}

// item takes what tells the template of a list's items: layouts of no name are
// in every one.
func (s *survey) item(n *Node, depth int) {
	if depth <= itemDepth && (n.ID != "" || n.Actionable()) {
		s.items[signItem+" "+n.tuple()] = true
	}
}

// read takes the words: the labels of what can be touched, and of a screen
// that needs them the titles, too. One without a title is told by what its
// list offers.
func (s *survey) read(f *front, names map[*Node][]string) {
	var titles, offers []string
	for _, n := range f.nodes {
		name := strings.Join(names[n], " ")
		item := n.itemDepth() > 0
		if n.Actionable() && !item && (script(name) != "" || !f.large(n)) {
			s.name(n)
		}
		switch {
		case script(name) == "":
		case n.Actionable() && (item || n.repeated()):
			offers = append(offers, name)
		case n.Actionable():
			s.word(name)
		case !item && len(titles) < maxTitles:
			titles = append(titles, name)
		}
	}
	if !s.worded() {
		return
	}
	s.marks[signMark+" "+markWords] = true
	if len(titles) == 0 {
		titles = offers
	}
	for _, name := range titles {
		s.word(name)
	}
}

// name counts an element as one that tells the layout. The ids of Android's
// own say nothing: all its dialogs have the same.
func (s *survey) name(n *Node) {
	if id := foldID(n.ID); id != "" && !strings.HasPrefix(n.ID, "android:") {
		s.names[id] = true
	}
}

func (s *survey) word(label string) {
	label = folded(label)
	if letters := script(label); letters != "" && utf8.RuneCountInString(label) <= maxWords {
		s.words[signLabel+" "+letters+" "+digest(label)] = true
	}
}

// tuple is what an element is, whatever it says and wherever it is.
func (n *Node) tuple() string {
	var tuple strings.Builder
	tuple.WriteString(clean(classTail(n.Class)) + " " + foldID(n.ID) + " ")
	for _, role := range []struct {
		is   bool
		name string
	}{{n.Clickable || n.LongClickable, "c"}, {n.Editable(), "e"}, {n.Scrollable, "s"}, {n.Checkable, "k"}} {
		if role.is {
			tuple.WriteString(role.name)
		}
	}
	return strings.TrimRight(tuple.String(), " ")
}

// foldID is the tail of an id without running numbers.
func foldID(id string) string {
	id = clean(idTail(id))
	digits := func(r rune) bool { return r >= '0' && r <= '9' }
	for _, number := range strings.FieldsFunc(id, func(r rune) bool { return !digits(r) }) {
		if len(number) >= 4 {
			id = strings.ReplaceAll(id, number, "#")
		}
	}
	return id
}

// itemDepth is how deep n is in the items of a list, from 1; 0 outside of
// lists.
func (n *Node) itemDepth() int {
	depth := 1
	for p := n.Parent; p != nil; p = p.Parent {
		if p.collection() {
			return depth
		}
		depth++
	}
	return 0
}

// collection reports whether n holds items, as many as there are, rather than
// a page that does not fit.
func (n *Node) collection() bool {
	tail := classTail(n.Class)
	for _, kind := range []string{"RecyclerView", "ListView", "GridView"} {
		if strings.HasSuffix(tail, kind) {
			return true
		}
	}
	for _, page := range []string{"ScrollView", "ViewPager", "ViewPager2", "WebView", "EditText"} {
		if strings.HasSuffix(tail, page) {
			return false
		}
	}
	return n.Scrollable
}

// repeated reports whether n is one of several siblings of the same id: an
// item in all but the name.
func (n *Node) repeated() bool {
	return n.ID != "" && n.Parent != nil && slices.ContainsFunc(n.Parent.Children, func(c *Node) bool {
		return c != n && c.ID == n.ID
	})
}

// openTab names n among its siblings if it is the only selected one of several
// that can be touched: the one state that says where one is, and no setting.
func (n *Node) openTab() string {
	if n.Parent == nil || !n.Clickable || !n.Selected {
		return ""
	}
	siblings, at, others := 0, 0, false
	for _, c := range n.Parent.Children {
		if !c.Clickable {
			continue
		}
		if c == n {
			at = siblings
		}
		others = others || c != n && c.Selected
		siblings++
	}
	switch {
	case siblings < 2 || others:
		return ""
	case n.ID == "" || n.repeated():
		return strconv.Itoa(at)
	}
	return foldID(n.ID)
}

// clean makes a name of the app's part of a line: ids and classes may be any
// text an app's author, or a web page, likes.
func clean(name string) string {
	name = strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', strings.ContainsRune("_-.:", r):
			return r
		}
		return '_'
	}, name)
	return name[:min(len(name), maxID)]
}
