package geelark

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"postfleet/internal/fault"
)

// Error is a request that failed. It wraps one of the sentinels, and carries a
// class of internal/fault.
type Error struct {
	// API is the path without its common beginning.
	API string
	// Phone is the phone's id, if the failure is of one.
	Phone string
	// Code is the service's; 0 when there was no answer in its form.
	Code int
	// Msg is what the service said, or what went wrong on the way to it.
	Msg string
	// TraceID names the request to the service's people.
	TraceID string
	Verdict Verdict
	// RetryAfter is how long to wait, when the verdict is Later.
	RetryAfter time.Duration
	is         error
}

// Error implements error.
func (e *Error) Error() string {
	var s strings.Builder
	s.WriteString(e.API)
	if e.Phone != "" {
		s.WriteString(" for phone " + e.Phone)
	}
	s.WriteString(": " + e.is.Error())
	if e.Code != codeOK {
		fmt.Fprintf(&s, ": code %d", e.Code)
	}
	if e.Msg != "" {
		fmt.Fprintf(&s, ": %q", e.Msg)
	}
	return s.String()
}

// Unwrap returns the sentinel.
func (e *Error) Unwrap() error { return e.is }

// Refused reports whether the service certainly did not do it. A request that
// was not answered, or with "internal error", may have been done.
func (e *Error) Refused() bool { return e.Code != codeOK && !errors.Is(e.is, ErrUnavailable) }

// VerdictOf returns the verdict of an error, and how long to wait if it is
// Later. An error that is not the service's is nobody's to try again:
// GiveUpPhone.
func VerdictOf(err error) (Verdict, time.Duration) {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Verdict, e.RetryAfter
	}
	return GiveUpPhone, 0
}

// refusal is an answer in the service's form. The text is the service's: it
// may repeat what it was sent.
func (c *Client) refusal(api, phone, traceID string, code int, msg string) *Error {
	m := meaningOf(code)
	return &Error{
		API: short(api), Phone: phone, Code: code, Msg: clip(c.redact(msg)), TraceID: traceID,
		Verdict: m.verdict, RetryAfter: m.after, is: m.is,
	}
}

// classified gives the error its class.
func (e *Error) classified() error { return fault.Mark(e.class(), e) }

func (e *Error) class() fault.Class {
	if e.Code == codeOK {
		return fault.Infra
	}
	return meaningOf(e.Code).class
}

// noAnswer is a request that came back without an answer in the service's form.
func (c *Client) noAnswer(api, traceID, what string) *Error {
	return &Error{
		API: short(api), Msg: clip(c.redact(what)), TraceID: traceID,
		Verdict: Later, RetryAfter: aWhile, is: ErrUnavailable,
	}
}

// byStatus is an HTTP status that is not OK, without an answer in the
// service's form: a gateway on the way.
func (c *Client) byStatus(api, traceID string, status int) *Error {
	e := c.noAnswer(api, traceID, fmt.Sprintf("HTTP status %d", status))
	switch {
	case status == http.StatusTooManyRequests:
		e.RetryAfter, e.is = nextRound, ErrLimited
	case status < http.StatusInternalServerError && status != http.StatusRequestTimeout:
		e.Verdict, e.RetryAfter, e.is = GiveUpPhone, 0, ErrUnknown
	}
	return e
}

const shownRunes = 200

func clip(s string) string {
	if r := []rune(s); len(r) > shownRunes {
		return string(r[:shownRunes]) + "…"
	}
	return s
}
