package claude

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math"

	"github.com/anthropics/anthropic-sdk-go"
	"golang.org/x/image/draw"

	"postfleet/internal/screen"
)

const (
	// maxWidth and maxHeight are enough to tell icons apart.
	maxWidth, maxHeight = 540, 1200
	jpegQuality         = 70
	// maxPixels is far above any phone's, and bounds what a file may unpack to.
	maxPixels = 40 << 20
	// patch is the side of the square that costs a token.
	patch = 28
	// covered is the grey of what was painted over.
	covered = 0x80
)

// picture is a screenshot as it is sent.
type picture struct {
	jpeg   []byte
	tokens int64
}

// draws scales a screenshot down, and paints over what tells a slot.
func (k keeper) draws(file []byte, t *screen.Tree) (picture, error) {
	head, err := png.DecodeConfig(bytes.NewReader(file))
	if err != nil {
		return picture{}, fmt.Errorf("read screenshot: %w", err)
	}
	if head.Width < 1 || head.Height < 1 || head.Width*head.Height > maxPixels {
		return picture{}, fmt.Errorf("read screenshot: %d×%d is no screen's size", head.Width, head.Height)
	}
	from, err := png.Decode(bytes.NewReader(file))
	if err != nil {
		return picture{}, fmt.Errorf("read screenshot: %w", err)
	}
	scale := min(1, float64(maxWidth)/float64(head.Width), float64(maxHeight)/float64(head.Height))
	to := image.NewRGBA(image.Rect(0, 0, scaled(head.Width, scale), scaled(head.Height, scale)))
	draw.ApproxBiLinear.Scale(to, to.Bounds(), from, from.Bounds(), draw.Src, nil)
	k.paint(to, from.Bounds().Size(), t)
	var out bytes.Buffer
	if err := jpeg.Encode(&out, to, &jpeg.Options{Quality: jpegQuality}); err != nil {
		return picture{}, fmt.Errorf("scale screenshot: %w", err)
	}
	size := to.Bounds().Size()
	return picture{jpeg: out.Bytes(), tokens: patches(size.X) * patches(size.Y)}, nil
}

// paint covers the elements of the screen that tell a slot. was is the size that
// the picture had, in the screen's pixels if nobody made it smaller.
func (k keeper) paint(on *image.RGBA, was image.Point, t *screen.Tree) {
	x := float64(on.Bounds().Dx()) / float64(max(was.X, t.Bounds.Right))
	y := float64(on.Bounds().Dy()) / float64(max(was.Y, t.Bounds.Bottom))
	for _, n := range t.Nodes {
		if k.told(n.Text) == "" && k.told(n.Desc) == "" {
			continue
		}
		cover := image.Rect(
			int(float64(n.Bounds.Left)*x), int(float64(n.Bounds.Top)*y),
			int(math.Ceil(float64(n.Bounds.Right)*x)), int(math.Ceil(float64(n.Bounds.Bottom)*y)))
		draw.Draw(on, cover, image.NewUniform(color.Gray{Y: covered}), image.Point{}, draw.Src)
	}
}

func (p picture) block() anthropic.ContentBlockParamUnion {
	block := anthropic.NewImageBlockBase64("image/jpeg", base64.StdEncoding.EncodeToString(p.jpeg))
	// It was scaled here; the service is not to do it again unasked.
	block.OfImage.Transformations.OversizedImage = anthropic.ImageTransformationsParamOversizedImageError
	return block
}

func scaled(side int, by float64) int { return max(1, int(math.Round(float64(side)*by))) }

func patches(side int) int64 { return int64((side + patch - 1) / patch) }
