package ui

import "strings"

// wrap breaks text into lines no wider than room, at spaces where there are
// any, and at line breaks always. It returns at most limit lines.
func (p pen) wrap(text string, room, limit int) []string {
	var lines []string
	for paragraph := range strings.SplitSeq(text, "\n") {
		lines = append(lines, p.fold(paragraph, room, limit-len(lines))...)
		if len(lines) >= limit {
			break
		}
	}
	return lines
}

func (p pen) fold(s string, room, limit int) []string {
	var lines []string
	for len(lines) < limit {
		n := p.fits(s, room)
		if n == len(s) {
			return append(lines, s)
		}
		if space := strings.LastIndexByte(s[:n], ' '); space > 0 {
			n = space
		}
		lines = append(lines, s[:n])
		s = strings.TrimPrefix(s[n:], " ")
	}
	return lines
}

// fits is how many bytes of s go into room pixels, at least one rune's.
func (p pen) fits(s string, room int) int {
	used := p.width("")
	for i, r := range s {
		used += p.advance(r).Ceil()
		if used > room && i > 0 {
			return i
		}
	}
	return len(s)
}
