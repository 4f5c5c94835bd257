package ui

import "image/color"

// Style is how a node is drawn. The zero Style draws nothing of the node
// itself, only its children.
type Style struct {
	// Fill is the background; nil is see-through.
	Fill color.Color
	// Ink is the colour of the text; nil draws no text.
	Ink color.Color
	// Size is the height of the text in pixels.
	Size int
	Bold bool
	// Center puts the text in the middle instead of at the left.
	Center bool
	// Top starts the text at the top instead of half way down.
	Top bool
	// Line draws a thin rule along the lower edge.
	Line bool
	// Glyph is drawn in place of the text; nothing but the picture tells of it.
	Glyph string
	// Radius rounds the corners of Fill, in pixels.
	Radius int
}

// The palette.
const (
	paper  = gray(0xff)
	wash   = gray(0xf0)
	shade  = gray(0xd0)
	rule   = gray(0xe2)
	faint  = gray(0x8a)
	ink    = gray(0x16)
	accent = rgb(0x0b6bcb)
)

const (
	textSize  = 44
	titleSize = 60
	radius    = 22
)

type gray uint8

// RGBA implements color.Color.
func (g gray) RGBA() (r, gr, b, a uint32) { return color.Gray{Y: uint8(g)}.RGBA() }

type rgb uint32

// RGBA implements color.Color.
func (c rgb) RGBA() (r, g, b, a uint32) {
	return color.RGBA{R: uint8(c >> 16), G: uint8(c >> 8), B: uint8(c), A: 0xff}.RGBA()
}

// Title makes a label a screen's title.
func Title(s *Style) { s.Size, s.Bold = titleSize, true }

// Quiet makes a label secondary.
func Quiet(s *Style) { s.Ink = faint }

// Centered centers the text.
func Centered(s *Style) { s.Center = true }

// Paragraph starts the text at the top of its room.
func Paragraph(s *Style) { s.Top = true }

// Page gives a window its background.
func Page(s *Style) { s.Fill = paper }

// Plain makes a button look like a link.
func Plain(s *Style) { s.Fill, s.Ink = nil, accent }

// Card gives a dialog its background.
func Card(s *Style) { s.Fill, s.Radius = paper, 2*radius }

// Wallpaper gives the launcher its background.
func Wallpaper(s *Style) { s.Fill = rgb(0x2c3e50) }
