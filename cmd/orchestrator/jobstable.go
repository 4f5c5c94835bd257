package main

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/term"
	"golang.org/x/text/width"
)

const (
	columnGap = 2
	// shortest is what is left of a text however narrow the terminal is.
	shortest = 12
	ellipsis = '…'
)

// textTable is printed in columns. The last one is cut where the terminal ends;
// nothing else is cut, and nothing at all where no terminal is.
type textTable struct {
	header []string
	rows   [][]string
}

// add adds a row; what is empty stands as a dash.
func (t *textTable) add(cells ...string) {
	for i, cell := range cells {
		if cells[i] = oneLine(cell); cells[i] == "" {
			cells[i] = none
		}
	}
	t.rows = append(t.rows, cells)
}

// print writes the table for a terminal of that many columns; 0 is none.
func (t *textTable) print(out io.Writer, columns int) error {
	widths := make([]int, len(t.header))
	t.each(func(cells []string) {
		for i, cell := range cells[:len(cells)-1] {
			widths[i] = max(widths[i], textWidth(cell)+columnGap)
		}
	})
	used := 0
	for _, w := range widths {
		used += w
	}
	buffered := bufio.NewWriter(out)
	t.each(func(cells []string) {
		last := len(cells) - 1
		for i, cell := range cells[:last] {
			_, _ = buffered.WriteString(cell) // Flush has the error
			_, _ = buffered.WriteString(strings.Repeat(" ", widths[i]-textWidth(cell)))
		}
		text := cells[last]
		if columns > 0 {
			text = cut(text, max(columns-used, shortest))
		}
		_, _ = buffered.WriteString(text + "\n")
	})
	if err := buffered.Flush(); err != nil {
		return fmt.Errorf("print the jobs: %w", err)
	}
	return nil
}

func (t *textTable) each(do func(cells []string)) {
	do(t.header)
	for _, row := range t.rows {
		do(row)
	}
}

// terminalWidth is how many columns out has, 0 when it is no terminal.
func terminalWidth(out any) int {
	f, ok := out.(interface{ Fd() uintptr })
	if !ok {
		return 0
	}
	columns, _, err := term.GetSize(int(f.Fd()))
	if err != nil {
		return 0
	}
	return columns
}

// oneLine is s without line ends and without what would steer a terminal or
// turn its text around: accounts, captions and errors come from elsewhere.
func oneLine(s string) string {
	if !strings.ContainsFunc(s, unfit) {
		return s
	}
	return strings.Join(strings.FieldsFunc(s, unfit), " ")
}

func unfit(r rune) bool {
	return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == '\u2028' || r == '\u2029' ||
		r == utf8.RuneError
}

// textWidth is how many columns of a terminal s takes.
func textWidth(s string) int {
	n := 0
	for _, r := range s {
		n += runeWidth(r)
	}
	return n
}

func runeWidth(r rune) int {
	switch {
	case r < utf8.RuneSelf:
		return 1
	case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		return 0
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	default:
		return 1
	}
}

// cut is s in at most that many columns of a terminal.
func cut(s string, columns int) string {
	if textWidth(s) <= columns {
		return s
	}
	used := 0
	for i, r := range s {
		if used += runeWidth(r); used >= columns {
			return s[:i] + string(ellipsis)
		}
	}
	return s
}

// timeText is clock for a time that is not there when it is zero.
func timeText(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return clock(&t)
}
