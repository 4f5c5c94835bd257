package main

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"time"
)

// printLogs prints what the sources hold, in order of time, and goes on with
// what is added to them when it is to follow.
func printLogs(ctx context.Context, out io.Writer, sources []logSource, follow bool) error {
	printer := newLinePrinter(out)
	tails := make([]*logTail, len(sources))
	for i, s := range sources {
		tails[i] = &logTail{source: s}
		if err := tails[i].open(); err != nil {
			return err
		}
		defer tails[i].close()
	}
	for {
		if err := printRound(ctx, printer, tails); err != nil {
			return err
		}
		if !follow {
			return printRest(ctx, printer, tails)
		}
		if !pause(ctx, pollEvery) {
			return nil
		}
	}
}

// pollEvery is how often a followed log is looked at.
const pollEvery = 250 * time.Millisecond

// printRound prints all that is there now, the earliest line first.
func printRound(ctx context.Context, out *linePrinter, tails []*logTail) error {
	for ctx.Err() == nil {
		for _, t := range tails {
			if err := t.peek(); err != nil {
				return err
			}
		}
		first := slices.MinFunc(tails, func(a, b *logTail) int {
			return cmp.Or(compareReady(a, b), a.at.Compare(b.at))
		})
		if !first.ready {
			break
		}
		if err := first.print(ctx, out); err != nil {
			return err
		}
	}
	return out.flush()
}

// printRest prints last lines that have no end.
func printRest(ctx context.Context, out *linePrinter, tails []*logTail) error {
	for _, t := range tails {
		if len(t.line) == 0 {
			continue
		}
		t.line = append(t.line, '\n')
		if err := t.print(ctx, out); err != nil {
			return err
		}
	}
	return out.flush()
}

// compareReady puts tails that have a line before those that have none.
func compareReady(a, b *logTail) int {
	switch {
	case a.ready == b.ready:
		return 0
	case a.ready:
		return -1
	default:
		return 1
	}
}

// logTail reads one source line by line.
type logTail struct {
	source logSource
	// files are those still to be read after the open one, oldest first.
	files []string
	file  *os.File
	lines *bufio.Reader

	// leaving is set when the open file was seen to have been renamed.
	leaving bool

	ready bool
	line  []byte
	// at is the time of line; a line without one has that of the line before.
	at time.Time
}

func (t *logTail) open() error {
	t.files = append(slices.Clone(t.source.older), t.source.path)
	return t.next()
}

func (t *logTail) close() {
	if t.file != nil {
		_ = t.file.Close() // only read
	}
}

// next goes on to the next file.
func (t *logTail) next() error {
	t.close()
	f, err := os.Open(t.files[0])
	if err != nil {
		return fmt.Errorf("open log: %w", err)
	}
	t.file, t.lines, t.files, t.leaving = f, bufio.NewReader(f), t.files[1:], false
	return nil
}

// peek makes sure that the next line, if there is one, is at hand. What is
// being written and has no line end yet is kept for later.
func (t *logTail) peek() error {
	for !t.ready {
		part, err := t.lines.ReadBytes('\n')
		t.line = append(t.line, part...)
		switch {
		case err == nil:
			t.ready, t.at = true, timeOf(t.line, t.at)
		case !errors.Is(err, io.EOF):
			return fmt.Errorf("read %s: %w", t.source.path, err)
		case len(t.files) > 0:
			if err := t.next(); err != nil {
				return err
			}
		case t.rotated():
			// What was written between our look and the renaming comes first.
			if !t.leaving {
				t.leaving = true
				continue
			}
			t.files = []string{t.source.path}
		default:
			return nil
		}
	}
	return nil
}

// rotated reports whether the log goes on in another file of the same name.
func (t *logTail) rotated() bool {
	ours, err := t.file.Stat()
	if err != nil {
		return false
	}
	named, err := os.Stat(t.source.path)
	return err == nil && !os.SameFile(ours, named)
}

func (t *logTail) print(ctx context.Context, out *linePrinter) error {
	err := out.print(ctx, t.source.name, t.line)
	t.line, t.ready = nil, false
	return err
}
