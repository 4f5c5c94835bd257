package adb

import (
	"errors"
	"fmt"
	"os/exec"
	"slices"
	"strings"

	"postfleet/internal/fault"
)

// What can be wrong with a phone or its server. Ask with errors.Is.
var (
	// ErrTimeout: no answer in time; as a rule a frozen phone. fault.Device.
	ErrTimeout = errors.New("adb: no answer in time")
	// ErrUnreachable: nothing answers at the phone's address. fault.Device.
	ErrUnreachable = errors.New("adb: phone is unreachable")
	// ErrOffline: there is a link, but the phone at its end is silent, or has
	// not been connected. fault.Device.
	ErrOffline = errors.New("adb: phone is offline")
	// ErrUnauthorized: a person must accept this host's key. fault.Human.
	ErrUnauthorized = errors.New("adb: phone has not authorized this host")
	// ErrNoPermissions: a phone on USB whose device file this user may not open.
	// fault.Human.
	ErrNoPermissions = errors.New("adb: phone's device file may not be opened")
	// ErrNeedsLogin: a GeeLark phone whose shell demands "glogin". It says so
	// with exit status 0, as a rule, while its state is "device".
	// fault.Human.
	ErrNeedsLogin = errors.New("adb: phone demands glogin")
	// ErrNoServer: the adb server does not answer. fault.Infra.
	ErrNoServer = errors.New("adb: server does not answer")
)

// errTimeout is ErrTimeout with its class, to be a context's cause.
var errTimeout = fault.Mark(fault.Device, ErrTimeout)

// ExitError is a command that ran and ended with a status other than 0.
type ExitError struct {
	// Code is the status; for Shell it is the phone's command's.
	Code   int
	Stdout string
	Stderr string
}

// Error implements error.
func (e *ExitError) Error() string {
	said := strings.TrimSpace(e.Stderr)
	if said == "" {
		said = strings.TrimSpace(e.Stdout)
	}
	return fmt.Sprintf("exit status %d: %s", e.Code, clip(said))
}

// runError says what a failed run of adb means. A phone's command that fails
// may write anything, so only adb's own words, which start with "adb:" or
// "error:", are taken for a sign.
func runError(err error, stdout, stderr string) error {
	exit, ok := errors.AsType[*exec.ExitError](err)
	if !ok {
		return fault.Mark(fault.Infra, err) // adb cannot be run
	}
	for line := range strings.Lines(stderr) {
		if !strings.HasPrefix(line, "adb: ") && !strings.HasPrefix(line, "error: ") {
			continue
		}
		if found := classify(line); found != nil {
			return fmt.Errorf("%w: %s", found, clip(line))
		}
	}
	return &ExitError{Code: exit.ExitCode(), Stdout: stdout, Stderr: stderr}
}

// classify returns the error that adb's words stand for, or nil.
func classify(text string) error {
	switch {
	case containsAny(text, "cannot connect to daemon", "failed to check server version"):
		return fault.Mark(fault.Infra, ErrNoServer)
	case containsAny(text, "unauthorized", "still authorizing", "failed to authenticate"):
		return StateUnauthorized.Err()
	case containsAny(text, "insufficient permissions"):
		return StateNoPermissions.Err()
	case containsAny(text, "device offline", "no devices/emulators found", "error: closed",
		"protocol fault", "connection reset", "connect failed"), isDeviceNotFound(text):
		return fault.Mark(fault.Device, ErrOffline)
	case containsAny(text, "failed to connect", "cannot connect to", "unable to connect",
		"failed to resolve", "Connection refused", "No route to host", "timed out"):
		return fault.Mark(fault.Device, ErrUnreachable)
	default:
		return nil
	}
}

func containsAny(text string, parts ...string) bool {
	return slices.ContainsFunc(parts, func(p string) bool { return strings.Contains(text, p) })
}

// isDeviceNotFound matches "device 'SERIAL' not found".
func isDeviceNotFound(text string) bool {
	_, after, found := strings.Cut(text, "device '")
	return found && strings.Contains(after, "' not found")
}

// needsLogin recognises the words a GeeLark shell says instead of running
// anything.
func needsLogin(output string) bool { return strings.Contains(output, "run glogin") }

const shownBytes = 300

func clip(s string) string {
	s = strings.TrimSpace(s)
	if len(s) > shownBytes {
		s = strings.ToValidUTF8(s[:shownBytes], "") + "…"
	}
	return s
}
