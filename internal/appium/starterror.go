package appium

import (
	"errors"
	"fmt"
	"strings"
	"syscall"

	"postfleet/internal/fault"
)

// Why a server did not start. StartServer returns them inside a *StartError.
var (
	// ErrPortTaken: something else listens on the port. Trying again does not
	// help; another port, or an end of that something, does.
	ErrPortTaken = errors.New("appium: port is taken")
	// ErrExitedEarly: the server ended before it was ready.
	ErrExitedEarly = errors.New("appium: server ended before it was ready")
	// ErrNotReady: the server ran but did not answer in time.
	ErrNotReady = errors.New("appium: server not ready in time")
)

// StartError is a server that did not start. errors.Is finds the reason.
type StartError struct {
	// Reason is one of the package's sentinels, or why the port cannot be had.
	Reason error
	// Exit is how the server ended; nil when it did not end by itself with
	// anything but exit status 0. A *process.ExitError otherwise.
	Exit error
	// LogTail is the last of what the server wrote.
	LogTail string
}

const shownTailLines = 6

// Error implements error. It shows the last lines of the log.
func (e *StartError) Error() string {
	text := e.Reason.Error()
	if e.Exit != nil {
		text += " (" + e.Exit.Error() + ")"
	}
	if lines := lastLines(e.LogTail, shownTailLines); lines != "" {
		text += ", its last words: " + lines
	}
	return text
}

// Unwrap returns the reason and the exit.
func (e *StartError) Unwrap() []error {
	if e.Exit == nil {
		return []error{e.Reason}
	}
	return []error{e.Reason, e.Exit}
}

func startError(reason, exit error, tail string) error {
	return fault.Mark(fault.Appium, &StartError{Reason: reason, Exit: exit, LogTail: tail})
}

func bindError(err error) error {
	if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("%w: %w", ErrPortTaken, err)
	}
	return fmt.Errorf("appium: port cannot be had: %w", err)
}

// lastLines returns the last n lines of text that are not empty, joined by " | ".
func lastLines(text string, n int) string {
	var kept []string
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			kept = append(kept, line)
		}
	}
	return strings.Join(kept[max(0, len(kept)-n):], " | ")
}
