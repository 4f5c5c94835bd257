package uia2

import (
	"fmt"
	"net/http"
)

// commandError is an error in the protocol's words. Its zero status is 500.
type commandError struct {
	status  int
	code    string
	message string
	cause   error
}

// Error implements error.
func (e *commandError) Error() string { return e.code + ": " + e.message }

// Unwrap returns what caused the error, if anything did.
func (e *commandError) Unwrap() error { return e.cause }

func errUnknownCommand() error {
	return &commandError{
		status: http.StatusNotFound, code: "unknown command",
		message: "The requested resource could not be found, or a request was received " +
			"using an HTTP method that is not supported by the mapped resource",
	}
}

func errNoAttribute(name string) error {
	return &commandError{
		status: http.StatusNotFound, code: "unknown command",
		message: fmt.Sprintf("'%s' attribute is unknown for the element", name),
	}
}

func errNoSession(id string) error {
	return &commandError{
		status: http.StatusNotFound, code: "invalid session id",
		message: fmt.Sprintf("The session %s cannot be found", id),
	}
}

func errNoElement() error {
	return &commandError{
		status: http.StatusNotFound, code: "no such element",
		message: "An element could not be located on the page using the given search parameters",
	}
}

func errStale(id string) error {
	return &commandError{
		status: http.StatusNotFound, code: "stale element reference",
		message: fmt.Sprintf("The element '%s' does not exist in DOM anymore", id),
	}
}

func errNoAlert() error {
	return &commandError{
		status: http.StatusNotFound, code: "no such alert", message: "No alert is present on the screen",
	}
}

func errSelector(selector string, cause error) error {
	return &commandError{
		status: http.StatusBadRequest, code: "invalid selector",
		message: fmt.Sprintf("Could not parse selector expression `%s`: %v", selector, cause), cause: cause,
	}
}

func errArgument(format string, args ...any) error {
	err := fmt.Errorf(format, args...)
	return &commandError{
		status: http.StatusBadRequest, code: "invalid argument", message: err.Error(), cause: err,
	}
}

func errElementState(message string, cause error) error {
	return &commandError{
		status: http.StatusBadRequest, code: "invalid element state", message: message, cause: cause,
	}
}
