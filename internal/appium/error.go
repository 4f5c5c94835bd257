package appium

import (
	"errors"
	"fmt"
	"strings"
)

// Error is an answer of the server that is not a success.
type Error struct {
	// Status is the HTTP status.
	Status int
	// Code is the W3C error code, such as "no such element".
	Code    string
	Message string
}

// Error implements error.
func (e *Error) Error() string {
	return fmt.Sprintf("appium: %s: %s", e.Code, firstLine(e.Message))
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(s), "\n")
	return line
}

// W3C error codes that are asked for.
const (
	codeNoSuchElement  = "no such element"
	codeStaleElement   = "stale element reference"
	codeInvalidSession = "invalid session id"
	codeNoSuchDriver   = "no such driver"
	codeUnknown        = "unknown error"
)

// IsNoSuchElement reports whether nothing on the screen matched.
func IsNoSuchElement(err error) bool { return hasCode(err, codeNoSuchElement) }

// IsStaleElement reports whether the element has left the screen.
func IsStaleElement(err error) bool { return hasCode(err, codeStaleElement) }

// IsInvalidSession reports whether the server does not know the session (any
// more), for example because newCommandTimeout has passed.
func IsInvalidSession(err error) bool {
	return hasCode(err, codeInvalidSession) || hasCode(err, codeNoSuchDriver)
}

// IsLinkLoss reports whether the error says that the way from Appium to the
// phone is broken. The session is then beyond repair: a new one is needed.
//
// The texts are those that appium-uiautomator2-driver 8.7 and appium-adb 16
// gave when we dropped the transport, stopped the instrumentation and froze
// the phone under them.
func IsLinkLoss(err error) bool {
	return hasText(err,
		"cannot be proxied to UiAutomator2 server",
		"instrumentation process is not running",
		"instrumentation process cannot be initialized",
		"Could not proxy command",
		"socket hang up",
		"ECONNREFUSED",
		"ECONNRESET",
		"timeout of ", // axios: "timeout of 240000ms exceeded"
		"timed out after ",
		"device offline",
		"device still authorizing",
		"no devices/emulators found",
		"error: closed",
	) || isDeviceNotFound(err) || IsNoDevice(err)
}

// IsNoDevice reports whether a session could not be made because adb does not
// list the phone as ready.
func IsNoDevice(err error) bool {
	return hasText(err, "Could not find a connected Android device", "was not in the list of connected devices")
}

// isDeviceNotFound matches adb's "device 'SERIAL' not found".
func isDeviceNotFound(err error) bool {
	e, ok := errors.AsType[*Error](err)
	if !ok {
		return false
	}
	_, after, found := strings.Cut(e.Message, "device '")
	return found && strings.Contains(firstLine(after), "' not found")
}

func hasCode(err error, code string) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.Code == code
}

func hasText(err error, texts ...string) bool {
	e, ok := errors.AsType[*Error](err)
	if !ok {
		return false
	}
	for _, t := range texts {
		if strings.Contains(e.Message, t) {
			return true
		}
	}
	return false
}
