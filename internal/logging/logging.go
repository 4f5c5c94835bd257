// Package logging makes the program's *slog.Logger and owns the attribute
// keys. It is the only package that imports tint. Nothing here is global:
// loggers are handed to the components that use them.
package logging

import (
	"io"
	"log/slog"
	"time"

	"github.com/lmittmann/tint"
	"golang.org/x/term"
	"gopkg.in/natefinch/lumberjack.v2"
)

// Attribute keys. One word per thing, as in the design's list of words.
const (
	KeyFleet     = "fleet"
	KeyWorker    = "worker_id"
	KeyDevice    = "device"
	KeyJob       = "job_id"
	KeyAccount   = "account_name"
	KeyAttempt   = "attempt"
	KeyPhase     = "phase"
	KeyStep      = "step"
	KeyContainer = "container"
	KeyExitCode  = "exit_code"
	KeyClass     = "error_class"
	KeyPath      = "path"
	KeyError     = "error"
)

// What a log of File takes at most: a file of so many bytes, and as many old
// ones.
const (
	MaxFileBytes = 20 << 20
	MaxOldFiles  = 3
)

// Terminal returns a handler for people: coloured text when w is a terminal, or
// has the Fd of one, JSON lines otherwise.
func Terminal(w io.Writer, level slog.Leveler) slog.Handler {
	if f, ok := w.(interface{ Fd() uintptr }); ok && term.IsTerminal(int(f.Fd())) {
		return tint.NewTextHandler(w, &tint.Options{Level: level, TimeFormat: time.TimeOnly})
	}
	return JSON(w, level)
}

// JSON returns a handler that writes one JSON object a line, durations as text
// with their unit.
func JSON(w io.Writer, level slog.Leveler) slog.Handler {
	return slog.NewJSONHandler(w, &slog.HandlerOptions{Level: level, ReplaceAttr: durationAsText})
}

func durationAsText(_ []string, a slog.Attr) slog.Attr {
	if a.Value.Kind() == slog.KindDuration {
		a.Value = slog.StringValue(a.Value.Duration().String())
	}
	return a
}

// File opens the log file at path, made when missing, and rotates it by size:
// MaxFileBytes each, MaxOldFiles old ones kept. The caller closes it.
func File(path string) io.WriteCloser {
	return &lumberjack.Logger{Filename: path, MaxSize: MaxFileBytes >> 20, MaxBackups: MaxOldFiles}
}

// Err is the attribute for an error.
func Err(err error) slog.Attr { return slog.Any(KeyError, err) }

// Discard returns a logger that drops everything, for tests and for
// components whose caller gave none.
func Discard() *slog.Logger { return slog.New(slog.DiscardHandler) }

// Tee returns a logger that hands every record to all handlers.
func Tee(handlers ...slog.Handler) *slog.Logger {
	return slog.New(slog.NewMultiHandler(handlers...))
}
