package ui_test

import (
	"bytes"
	"image"
	"image/png"
	"sync"
	"testing"

	"postfleet/internal/phonesim/ui"
)

func renderer(t *testing.T) *ui.Renderer {
	t.Helper()
	r, err := ui.NewRenderer()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func page(text string) ui.Screen {
	return screen(ui.Column(ui.Label("text", text), ui.Space()).Styled(ui.Page))
}

// inked counts the dark pixels of a picture within r.
func inked(m *image.RGBA, r image.Rectangle) int {
	count := 0
	for y := r.Min.Y; y < r.Max.Y; y++ {
		row := m.Pix[m.PixOffset(r.Min.X, y):m.PixOffset(r.Max.X, y)]
		for i := 0; i < len(row); i += 4 {
			if row[i] < 0x80 {
				count++
			}
		}
	}
	return count
}

func draw(t *testing.T, s ui.Screen) *image.RGBA {
	t.Helper()
	m, err := renderer(t).Draw(s)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestPNG(t *testing.T) {
	t.Parallel()
	b, err := renderer(t).PNG(page("hello"))
	if err != nil {
		t.Fatal(err)
	}
	m, err := png.Decode(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := m.Bounds(), image.Rect(0, 0, 540, 1104); got != want {
		t.Errorf("got a picture of %v, want %v", got, want)
	}
}

func TestTextIsDrawn(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ a, b string }{
		"letters":        {"Share", "Shave"},
		"line breaks":    {"one two", "one\ntwo"},
		"unknown glyphs": {"go", "go 🚀"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if bytes.Equal(draw(t, page(tc.a)).Pix, draw(t, page(tc.b)).Pix) {
				t.Errorf("%q and %q look the same", tc.a, tc.b)
			}
		})
	}
	for name, text := range map[string]string{"nothing": "", "joiners": "\u200d\ufe0f\u200f"} {
		if got := inked(draw(t, page(text)), image.Rect(0, 0, 540, 1104)); got != 0 {
			t.Errorf("%s: got %d dark pixels, want none", name, got)
		}
	}
}

// Text stays within its node, however long it is.
func TestTextStaysInside(t *testing.T) {
	t.Parallel()
	long := string(bytes.Repeat([]byte("Donaudampfschifffahrt 🚀 "), 200))
	s := screen(ui.Column(
		ui.Space().Sized(400),
		ui.Row(ui.Space().Sized(200), ui.Label("text", long), ui.Space().Sized(200)).Sized(100),
		ui.Space()))
	m := draw(t, s)
	all, inside := inked(m, m.Bounds()), inked(m, image.Rect(100, 200, 440, 250))
	if all == 0 || all != inside {
		t.Errorf("got %d dark pixels, %d of them inside, want all", all, inside)
	}
}

func TestStates(t *testing.T) {
	t.Parallel()
	build := func(change func(button, field, picture *ui.Node)) ui.Screen {
		button, field := ui.Button("button", "Go"), ui.Field("field", "text", "hint")
		picture := ui.Picture("picture", "").Keyed("a").Tappable()
		change(button, field, picture)
		return screen(ui.Column(button.Sized(100), field.Sized(100), picture.Sized(100), ui.Space()))
	}
	seen := map[string]string{}
	for name, s := range map[string]ui.Screen{
		"usual":    build(func(_, _, _ *ui.Node) {}),
		"disabled": build(func(b, _, _ *ui.Node) { b.Enabled = false }),
		"focused":  build(func(_, f, _ *ui.Node) { f.Focused = true }),
		"hint":     build(func(_, f, _ *ui.Node) { f.Text = "" }),
		"selected": build(func(_, _, p *ui.Node) { p.Selected = true }),
		"other":    build(func(_, _, p *ui.Node) { p.Key = "b" }),
	} {
		pix := string(draw(t, s).Pix)
		if twin, ok := seen[pix]; ok {
			t.Errorf("%s looks like %s", name, twin)
		}
		seen[pix] = name
	}
}

func TestDialogDarkensTheRest(t *testing.T) {
	t.Parallel()
	below := ui.Column(ui.Space()).Styled(ui.Page)
	dialog := ui.Column(ui.Space(), ui.Column(ui.Label("", "Sure?")).Styled(ui.Card).Sized(400), ui.Space())
	m := draw(t, screen(below, dialog))
	if corner, card := m.RGBAAt(5, 5), m.RGBAAt(270, 470); corner.R >= card.R {
		t.Errorf("got %v in the corner and %v on the card, want the corner darker", corner, card)
	}
}

func TestPart(t *testing.T) {
	t.Parallel()
	s := screen(plain())
	m, err := renderer(t).Part(s, find(s, "yes").Bounds)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := m.Bounds(), image.Rect(0, 100, 270, 150); got != want {
		t.Errorf("got a part of %v, want %v", got, want)
	}
}

func TestRendererIsShared(t *testing.T) {
	t.Parallel()
	r := renderer(t)
	want, err := r.Draw(page("shared"))
	if err != nil {
		t.Fatal(err)
	}
	var users sync.WaitGroup
	for range 4 {
		users.Go(func() {
			if got, err := r.Draw(page("shared")); err != nil || !bytes.Equal(got.Pix, want.Pix) {
				t.Errorf("got another picture (error %v)", err)
			}
		})
	}
	users.Wait()
}
