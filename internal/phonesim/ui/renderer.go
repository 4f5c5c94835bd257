package ui

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"sync"
)

const textMargin = 24

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

// Draw returns a picture of the screen, Width by Height pixels.
func (r *Renderer) Draw(s Screen) (*image.RGBA, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	dst := image.NewRGBA(Bounds())
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

func (r *Renderer) node(dst *image.RGBA, n *Node) error {
	fill(dst, n.Bounds, n.style.Radius, n.background())
	if n.Class == ClassImage && n.Clickable {
		play(dst, n.Bounds)
	}
	if n.style.Line {
		b := n.Bounds
		fill(dst, image.Rect(b.Min.X, b.Max.Y-lineWidth, b.Max.X, b.Max.Y), 0, rule)
	}
	if err := r.text(dst, n); err != nil {
		return err
	}
	if n.Focused || n.Selected && n.Class == ClassImage {
		frame(dst, n.Bounds, frameWidth, accent)
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
	case n.Class == ClassImage && n.Key != "":
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

func (r *Renderer) text(dst *image.RGBA, n *Node) error {
	text := n.ShownText()
	if text == "" {
		text = n.Desc
	}
	if text == "" || n.style.Ink == nil || n.Bounds.Empty() {
		return nil
	}
	p, err := r.types.pen(n.style.Bold || n.Selected, n.style.Size)
	if err != nil {
		return err
	}
	room := n.Bounds.Inset(textMargin)
	leading := n.style.Size * 4 / 3
	lines := p.wrap(text, room.Dx(), max(1, n.Bounds.Dy()/leading))
	y := n.Bounds.Min.Y + (n.Bounds.Dy()-leading*len(lines))/2
	if n.style.Top {
		y = room.Min.Y
	}
	clip, ok := dst.SubImage(n.Bounds).(draw.Image)
	if !ok {
		return nil
	}
	for _, line := range lines {
		x := room.Min.X
		if n.style.Center {
			x += (room.Dx() - p.width(line)) / 2
		}
		p.write(clip, line, x, y+n.style.Size, n.ink())
		y += leading
	}
	return nil
}
