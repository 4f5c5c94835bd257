package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"slices"
	"time"

	"postfleet/internal/logging"
)

// linePrinter prints log lines: those of ours, which are JSON, as they are, so
// that tools can read them, or in colour where a person looks. All others have
// the name of their log in front.
type linePrinter struct {
	out *bufio.Writer
	// pretty is nil where no person looks.
	pretty slog.Handler
}

func newLinePrinter(out io.Writer) *linePrinter {
	p := &linePrinter{out: bufio.NewWriter(out)}
	if isTerminal(out) {
		p.pretty = logging.Terminal(out, slog.LevelDebug)
	}
	return p
}

func (p *linePrinter) flush() error {
	if err := p.out.Flush(); err != nil {
		return fmt.Errorf("print logs: %w", err)
	}
	return nil
}

func (p *linePrinter) print(ctx context.Context, name string, line []byte) error {
	record, isOurs := parseRecord(line)
	if isOurs && p.pretty != nil {
		if err := p.flush(); err != nil {
			return err
		}
		return p.pretty.Handle(ctx, record)
	}
	if !isOurs && name != "" {
		if _, err := p.out.WriteString(name + " | "); err != nil {
			return fmt.Errorf("print logs: %w", err)
		}
	}
	if _, err := p.out.Write(line); err != nil {
		return fmt.Errorf("print logs: %w", err)
	}
	return nil
}

// parseRecord reads a line that our own JSON handler wrote.
func parseRecord(line []byte) (slog.Record, bool) {
	if !bytes.HasPrefix(line, []byte("{")) {
		return slog.Record{}, false
	}
	var fields map[string]any
	if err := json.Unmarshal(line, &fields); err != nil {
		return slog.Record{}, false
	}
	stamp, _ := fields[slog.TimeKey].(string)
	at, err := time.Parse(time.RFC3339Nano, stamp)
	if err != nil {
		return slog.Record{}, false
	}
	var level slog.Level
	word, _ := fields[slog.LevelKey].(string)
	if err := level.UnmarshalText([]byte(word)); err != nil {
		return slog.Record{}, false
	}
	message, _ := fields[slog.MessageKey].(string)
	record := slog.NewRecord(at, level, message, 0)
	for _, key := range slices.Sorted(maps.Keys(fields)) {
		if key != slog.TimeKey && key != slog.LevelKey && key != slog.MessageKey {
			record.AddAttrs(slog.Any(key, fields[key]))
		}
	}
	return record, true
}

// timeOf returns when a line was written, as far as it says; before is the time
// of the line before it.
func timeOf(line []byte, before time.Time) time.Time {
	if record, ok := parseRecord(line); ok {
		return record.Time
	}
	return before
}
