package ui

import (
	"bytes"
	"cmp"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"sync"
)

// PictureScale is how many pixels of the screen, each way, become one of a
// picture: drawing is most of what a phone costs, and people and models read
// half the resolution as well.
const PictureScale = 2

const textMargin = 24

// scaled brings an area of the screen into a picture.
func scaled(r image.Rectangle) image.Rectangle {
	return image.Rectangle{Min: r.Min.Div(PictureScale), Max: r.Max.Div(PictureScale)}
}

// Renderer draws screens. It is safe for concurrent use; it draws one at a
// time.
type Renderer struct {
	mu    sync.Mutex
	types *typesetter
	enc   png.Encoder
}

// NewRenderer returns a Renderer with its fonts loaded.
func NewRenderer() (*Renderer, error) {
	t, err := newTypesetter()
	if err != nil {
		return nil, err
	}
	return &Renderer{types: t, enc: png.Encoder{CompressionLevel: png.BestSpeed}}, nil
}

// Draw returns a picture of the screen, scaled down by PictureScale.
func (r *Renderer) Draw(s Screen) (*image.RGBA, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	dst := image.NewRGBA(scaled(Bounds()))
	fill(dst, dst.Bounds(), 0, paper)
	for _, w := range s.Windows {
		if w.Dialog {
			fill(dst, dst.Bounds(), 0, color.NRGBA{A: 0x99})
		}
		if err := r.node(dst, w.Root); err != nil {
			return nil, err
		}
	}
	return dst, nil
}

// PNG returns Draw's picture as a PNG file.
func (r *Renderer) PNG(s Screen) ([]byte, error) {
	m, err := r.Draw(s)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := r.enc.Encode(&b, m); err != nil {
		return nil, fmt.Errorf("encode picture of %s: %w", s.Name, err)
	}
	return b.Bytes(), nil
}

// Part returns a picture of what is within bounds on the screen.
func (r *Renderer) Part(s Screen, bounds image.Rectangle) (image.Image, error) {
	m, err := r.Draw(s)
	if err != nil {
		return nil, err
	}
	return m.SubImage(scaled(bounds)), nil
}

func (r *Renderer) node(dst *image.RGBA, n *Node) error {
	at := scaled(n.Bounds)
	fill(dst, at, n.style.Radius/PictureScale, n.background())
	if n.Class == ClassImage && n.Clickable && n.style.Glyph == "" {
		play(dst, at)
	}
	if n.style.Line {
		fill(dst, image.Rect(at.Min.X, at.Max.Y-1, at.Max.X, at.Max.Y), 0, rule)
	}
	if err := r.text(dst, n, at); err != nil {
		return err
	}
	if n.Focused || n.Selected && n.Class == ClassImage {
		frame(dst, at, frameWidth, accent)
	}
	for _, c := range n.Children {
		if err := r.node(dst, c); err != nil {
			return err
		}
	}
	return nil
}

func (n *Node) background() color.Color {
	switch {
	case n.Class == ClassImage && n.Key != "" && n.style.Glyph == "":
		return tint(n.Key)
	case n.Class == ClassButton && !n.Enabled && n.style.Fill != nil:
		return shade
	}
	return n.style.Fill
}

// ink is the colour that n's text is written in.
func (n *Node) ink() color.Color {
	switch {
	case n.Text == "" && n.Hint != "":
		return faint
	case n.Selected:
		return accent
	}
	return n.style.Ink
}

// text writes n's sign, its text, or its description when it has neither, into
// at.
func (r *Renderer) text(dst *image.RGBA, n *Node, at image.Rectangle) error {
	text := cmp.Or(n.style.Glyph, n.ShownText(), n.Desc)
	if text == "" || n.style.Ink == nil || at.Empty() {
		return nil
	}
	size := n.style.Size / PictureScale
	p, err := r.types.pen(n.style.Bold || n.Selected, size)
	if err != nil {
		return err
	}
	room, leading := at.Inset(textMargin/PictureScale), size*4/3
	if n.style.Glyph != "" {
		room = at // A sign is smaller than the margins.
	}
	lines := p.wrap(text, room.Dx(), max(1, at.Dy()/leading))
	y := at.Min.Y + (at.Dy()-leading*len(lines))/2
	if n.style.Top {
		y = room.Min.Y
	}
	clip, ok := dst.SubImage(at).(draw.Image)
	if !ok {
		return nil
	}
	for _, line := range lines {
		x := room.Min.X
		if n.style.Center {
			x += (room.Dx() - p.width(line)) / 2
		}
		p.write(clip, line, x, y+size, n.ink())
		y += leading
	}
	return nil
}
