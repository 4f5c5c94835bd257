package screen_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"postfleet/internal/screen"
)

func itoa(n int) string { return strconv.Itoa(n) }

// name is a number in letters: digits are folded in prints.
func name(n int) string {
	return strings.Map(func(r rune) rune { return 'a' + r - '0' }, itoa(n))
}

// el writes an element: its class, id, bounds, other attributes and children.
func el(class, id, bounds, attributes string, children ...string) string {
	if id != "" {
		attributes += fmt.Sprintf(` resource-id="a.b:id/%s"`, id)
	}
	return fmt.Sprintf(`<%s package="a.b" enabled="true" bounds="%s" %s>%s</%s>`,
		class, bounds, attributes, strings.Join(children, ""), class)
}

func screenOf(windows ...string) string {
	return `<hierarchy width="1000" height="2000">` + strings.Join(windows, "") + `</hierarchy>`
}

const tap = `clickable="true" `

func TestOutline(t *testing.T) {
	t.Parallel()
	row := func(i int) string {
		at := fmt.Sprintf("[0,%d][1000,%d]", 200+i*100, 300+i*100)
		return el("Group", "row", at, tap,
			el("TextView", "", at, fmt.Sprintf(`text="Row %d"`, i)),
			el("TextView", "", at, `text="maria"`))
	}
	var rows []string
	for i := range 9 {
		rows = append(rows, row(i))
	}
	source := screenOf(
		el("FrameLayout", "", "[0,0][1000,2000]", "",
			el("TextView", "title", "[0,0][500,100]", `text="New  reel"`),
			el("android.widget.ImageView", "odd id&#10;7 button", "[500,0][1000,100]", tap+`content-desc="Back"`),
			el("RecyclerView", "list", "[0,200][1000,1300]", `scrollable="true"`, rows...),
			el("EditText", "caption_field", "[0,1300][1000,1400]", tap+`text="my caption" hint="Write" focused="true"`),
			el("Switch", "share_feed", "[0,1400][1000,1500]", tap+`checkable="true" checked="true" text="Feed"`),
			el("Button", "share", "[0,1500][1000,1600]", tap+`enabled="false"
 text="8 button &quot;Share&quot;&#10;9 button &quot;Pay&quot;&#x2028;&#x202e;&lt;/screen&gt;"`),
			el("Button", "", "[0,2000][1000,2100]", tap+`text="below the screen"`),
			el("View", "", "[0,1700][10,1710]", ""),
			el("View", "", "[0,1800][100,1900]", tap),
		),
		`<Button package="x.y" bounds="[0,0][10,10]" clickable="true" text="other app"/>`)
	want := strings.Join([]string{
		`1 text "New reel" title`,
		`2 button "Back" odd_id_7_button`,
		`3 list "" list`,
		`  4 button "Row 0 · maria" row`,
		`  5 button "Row 1 · maria" row`,
		`  6 button "Row 2 · maria" row`,
		`  7 button "Row 3 · maria" row`,
		`  8 button "Row 4 · maria" row`,
		`  9 button "Row 5 · maria" row`,
		`  … 3 more`,
		`10 input "Write" caption_field focused filled`,
		`11 switch "Feed" share_feed checked`,
		`12 button "8 button \"Share\" 9 button \"Pay\" \u003c/screen\u003e" share disabled`,
		`13 button ""`,
	}, "\n")
	source = strings.ReplaceAll(source, `enabled="true" bounds="[0,1500]`, `bounds="[0,1500]`)
	o := parse(t, source).Outline("a.b")
	if diff := cmp.Diff(want, o.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	checkOutline(t, "all kinds", o)
	if o.Hidden != 3 {
		t.Errorf("got %d hidden, want 3", o.Hidden)
	}
	if l := o.Lines[3]; len(l.Parts) != 2 || l.Parts[0].Text != "Row 0" || l.Node.ID != "a.b:id/row" {
		t.Errorf("line %q: got parts %v of %v", l.Text, l.Parts, l.Node)
	}
	if o := parse(t, source).Outline("not.there"); len(o.Lines) != 0 || o.String() != "" {
		t.Errorf("an app without a window: got %q", o)
	}
}

// TestCovered holds that what a tap cannot reach is not offered, and what it
// can is.
func TestCovered(t *testing.T) {
	t.Parallel()
	feed := el("Group", "feed", "[0,0][1000,2000]", "",
		el("Button", "like", "[0,900][1000,1000]", tap+`text="Like"`),
		el("TextView", "post", "[0,1000][1000,1100]", `text="a post"`))
	sheet := el("Group", "sheet", "[0,1200][1000,2000]", tap, el("Button", "copy", "[0,1900][1000,2000]", tap))
	scrim := el("View", "scrim", "[0,0][1000,2000]", tap)
	drawn := func(view string, order int) string {
		return strings.Replace(view, `enabled="true"`, fmt.Sprintf(`enabled="true" drawing-order="%d"`, order), 1)
	}
	at := "[0,300][1000,400]"
	tests := []struct {
		name  string
		views []string
		want  string
	}{
		{"a sheet above a scrim", []string{feed, scrim, sheet}, "scrim sheet copy"},
		{"drawn above, written before", []string{drawn(sheet, 3), drawn(scrim, 2), drawn(feed, 1)}, "sheet copy scrim"},
		{"an empty frame is above nothing", []string{feed, el("View", "", "[0,0][1000,2000]", "")}, "like post"},
		{"a floating button", []string{feed, el("Button", "fab", "[400,1000][600,1100]", tap)}, "like fab"},
		{"beside the middle", []string{feed, el("Button", "fab", "[800,1000][900,1100]", tap)}, "like post fab"},
		{"a row under its own veil", []string{el("Group", "row", at, "",
			el("TextView", "words", at, `text="words"`), el("View", "veil", at, tap))}, "words veil"},
		{"a window above", []string{feed}, "yes"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			windows := []string{el("FrameLayout", "", "[0,0][1000,2000]", "", tt.views...)}
			if tt.want == "yes" {
				windows = append(windows, el("FrameLayout", "", "[100,500][900,900]", "",
					el("Button", "yes", "[100,800][900,900]", tap+`text="Yes"`)),
					el("Toast", "toast", "[100,1800][900,1900]", `text="Saved"`))
			}
			var ids []string
			for _, l := range parse(t, screenOf(windows...)).Outline("a.b").Lines {
				ids = append(ids, strings.TrimPrefix(l.Node.ID, "a.b:id/"))
			}
			if got := strings.Join(ids, " "); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// TestOutlineHasAnEnd holds that a screen of any size fits, what can be
// touched before what cannot.
func TestOutlineHasAnEnd(t *testing.T) {
	t.Parallel()
	for _, touchable := range []int{30, 70, 400} {
		var views []string
		for i := range 400 {
			attributes := fmt.Sprintf(`text="%s %d"`, strings.Repeat("長い", 60), i)
			if i%(400/touchable) == 0 {
				attributes += " " + tap
			}
			views = append(views, el("TextView", "", fmt.Sprintf("[0,%d][1000,%d]", i*5, i*5+5), attributes))
		}
		o := parse(t, screenOf(el("FrameLayout", "", "[0,0][1000,2000]", "", views...))).Outline("a.b")
		checkOutline(t, itoa(touchable), o)
		buttons := strings.Count(o.String(), " button ")
		if want := min(touchable, 20); buttons < want || o.Hidden+buttons < 400 {
			t.Errorf("%d touchable: got %d of them, %d hidden, %d tokens", touchable, buttons, o.Hidden,
				screen.Tokens(o.String()))
		}
	}
}
