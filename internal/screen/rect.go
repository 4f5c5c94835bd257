package screen

import (
	"strconv"
	"strings"
)

// Rect is an area in pixels of the screen; right and bottom are outside of it.
type Rect struct{ Left, Top, Right, Bottom int }

// Empty reports whether r has no area.
func (r Rect) Empty() bool { return r.Right <= r.Left || r.Bottom <= r.Top }

// Centre is the point that a tap on r touches.
func (r Rect) Centre() (x, y int) { return (r.Left + r.Right) / 2, (r.Top + r.Bottom) / 2 }

// Union is the smallest area that holds both; an empty one adds nothing.
func (r Rect) Union(o Rect) Rect {
	switch {
	case r.Empty():
		return o
	case o.Empty():
		return r
	}
	return Rect{min(r.Left, o.Left), min(r.Top, o.Top), max(r.Right, o.Right), max(r.Bottom, o.Bottom)}
}

// Contains reports whether the point is in r.
func (r Rect) Contains(x, y int) bool {
	return x >= r.Left && x < r.Right && y >= r.Top && y < r.Bottom
}

func (r Rect) area() int {
	if r.Empty() {
		return 0
	}
	return (r.Right - r.Left) * (r.Bottom - r.Top)
}

// maxPixel bounds what is believed of a dump, so that sums and areas of what
// is believed cannot overflow.
const maxPixel = 1 << 20

// parseBounds reads "[left,top][right,bottom]". What is not that has no area.
func parseBounds(text string) Rect {
	numbers := strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune("[],", r) })
	if len(numbers) != 4 {
		return Rect{}
	}
	var at [4]int
	for i, number := range numbers {
		var err error
		if at[i], err = strconv.Atoi(number); err != nil || at[i] > maxPixel || at[i] < -maxPixel {
			return Rect{}
		}
	}
	return Rect{at[0], at[1], at[2], at[3]}
}
