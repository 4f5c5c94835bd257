package ui

import (
	"hash/fnv"
	"image"
	"image/color"
	"image/draw"

	"golang.org/x/image/vector"
)

const (
	lineWidth  = 1
	frameWidth = 4
	// kappa is how far along a corner's tangents the control points of a
	// quarter circle lie.
	kappa = 0.5523
)

// fill paints r with c, its corners rounded.
func fill(dst draw.Image, r image.Rectangle, radius int, c color.Color) {
	if r.Empty() || c == nil {
		return
	}
	if radius == 0 {
		draw.Draw(dst, r, image.NewUniform(c), image.Point{}, draw.Over)
		return
	}
	w, h := float32(r.Dx()), float32(r.Dy())
	rad := min(float32(radius), w/2, h/2)
	k := rad * (1 - kappa)
	z := vector.NewRasterizer(r.Dx(), r.Dy())
	z.MoveTo(rad, 0)
	z.LineTo(w-rad, 0)
	z.CubeTo(w-k, 0, w, k, w, rad)
	z.LineTo(w, h-rad)
	z.CubeTo(w, h-k, w-k, h, w-rad, h)
	z.LineTo(rad, h)
	z.CubeTo(k, h, 0, h-k, 0, h-rad)
	z.LineTo(0, rad)
	z.CubeTo(0, k, k, 0, rad, 0)
	z.ClosePath()
	z.Draw(dst, r, image.NewUniform(c), image.Point{})
}

// frame draws the four edges of r.
func frame(dst draw.Image, r image.Rectangle, width int, c color.Color) {
	inner := r.Inset(width)
	for _, edge := range []image.Rectangle{
		image.Rect(r.Min.X, r.Min.Y, r.Max.X, inner.Min.Y),
		image.Rect(r.Min.X, inner.Max.Y, r.Max.X, r.Max.Y),
		image.Rect(r.Min.X, inner.Min.Y, inner.Min.X, inner.Max.Y),
		image.Rect(inner.Max.X, inner.Min.Y, r.Max.X, inner.Max.Y),
	} {
		fill(dst, edge, 0, c)
	}
}

// play draws the triangle that marks a video.
func play(dst draw.Image, r image.Rectangle) {
	size := min(r.Dx(), r.Dy()) / 4
	if size == 0 {
		return
	}
	at := r.Min.Add(r.Size().Div(2)).Sub(image.Pt(size/2, size/2))
	z := vector.NewRasterizer(size, size)
	z.MoveTo(0, 0)
	z.LineTo(float32(size), float32(size)/2)
	z.LineTo(0, float32(size))
	z.ClosePath()
	z.Draw(dst, image.Rectangle{Min: at, Max: at.Add(image.Pt(size, size))}, image.NewUniform(paper), image.Point{})
}

// tint picks a calm colour for key, always the same one.
func tint(key string) color.Color {
	h := fnv.New32a()
	_, _ = h.Write([]byte(key)) // a hash never fails
	sum := h.Sum32()
	channel := func(shift uint) uint32 { return 0x50 + (sum>>shift)&0x6f }
	return rgb(channel(0)<<16 | channel(8)<<8 | channel(16))
}
