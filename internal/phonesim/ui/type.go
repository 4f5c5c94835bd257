package ui

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"unicode"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// dpi makes a font's points the same as pixels.
const dpi = 72

// typesetter draws text. Not safe for concurrent use.
type typesetter struct {
	fonts [2]*opentype.Font
	faces map[faceKey]font.Face
	buf   sfnt.Buffer
}

type faceKey struct {
	bold bool
	size int
}

func newTypesetter() (*typesetter, error) {
	t := &typesetter{faces: map[faceKey]font.Face{}}
	for i, data := range [][]byte{goregular.TTF, gobold.TTF} {
		f, err := opentype.Parse(data)
		if err != nil {
			return nil, fmt.Errorf("parse font: %w", err)
		}
		t.fonts[i] = f
	}
	return t, nil
}

// pen is a font at a size.
type pen struct {
	font *opentype.Font
	face font.Face
	size int
	buf  *sfnt.Buffer
}

func (t *typesetter) pen(bold bool, size int) (pen, error) {
	f := t.fonts[0]
	if bold {
		f = t.fonts[1]
	}
	key := faceKey{bold, size}
	face, ok := t.faces[key]
	if !ok {
		var err error
		face, err = opentype.NewFace(f, &opentype.FaceOptions{Size: float64(size), DPI: dpi, Hinting: font.HintingFull})
		if err != nil {
			return pen{}, fmt.Errorf("make font face of %d px: %w", size, err)
		}
		t.faces[key] = face
	}
	return pen{font: f, face: face, size: size, buf: &t.buf}, nil
}

// has reports whether the font can draw r.
func (p pen) has(r rune) bool {
	i, err := p.font.GlyphIndex(p.buf, r)
	return err == nil && i != 0
}

// silent reports whether r takes no room when the font lacks it: joiners,
// direction marks, variation selectors, combining marks.
func silent(r rune) bool { return unicode.In(r, unicode.Cf, unicode.Mn, unicode.Me, unicode.Cc) }

func (p pen) advance(r rune) fixed.Int26_6 {
	switch {
	case p.has(r):
		a, _ := p.face.GlyphAdvance(r)
		return a
	case silent(r):
		return 0
	}
	return fixed.I(p.size * 3 / 4)
}

func (p pen) width(s string) int {
	var w fixed.Int26_6
	for _, r := range s {
		w += p.advance(r)
	}
	return w.Ceil()
}

// write draws one line with its left end at x and its baseline at y. Runes
// that the font lacks become boxes.
func (p pen) write(dst draw.Image, s string, x, y int, c color.Color) {
	d := font.Drawer{Dst: dst, Src: image.NewUniform(c), Face: p.face, Dot: fixed.P(x, y)}
	for _, r := range s {
		switch {
		case p.has(r):
			d.DrawString(string(r))
		case !silent(r):
			left := d.Dot.X.Round() + p.size/12
			box := image.Rect(left, y-p.size*2/3, left+p.size*7/12, y)
			frame(dst, box.Intersect(dst.Bounds()), lineWidth, c)
			d.Dot.X += p.advance(r)
		}
	}
}
