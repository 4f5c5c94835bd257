package appium

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

const (
	defaultCommandTimeout    = time.Minute
	defaultNewSessionTimeout = 3 * time.Minute
	// maxAnswerBytes is far above any screenshot or source we have seen (4 MB).
	maxAnswerBytes = 32 << 20
)

var (
	// ErrAnswerTooLarge is an answer of more than 32 MB.
	ErrAnswerTooLarge = errors.New("appium: answer too large")
	// ErrUnreachable means that the server could not be asked at all. What
	// it answers is an *Error instead.
	ErrUnreachable = errors.New("appium: server unreachable")
	// ErrTimeout means that the server did not answer in the command's time.
	ErrTimeout = errors.New("appium: no answer in time")
)

// Timeouts are the deadlines of single calls; a shorter one of the context
// holds all the same. Zero is the default.
type Timeouts struct {
	// Command is for every call but NewSession; 0 is 1 minute. It should be
	// above the driver's own timeouts, whose errors say more.
	Command time.Duration
	// NewSession is for making a session; 0 is 3 minutes.
	NewSession time.Duration
}

// Client speaks to one Appium server. Safe for concurrent use.
type Client struct {
	base     string
	timeouts Timeouts
	http     *http.Client
}

// NewClient returns a client of the server at baseURL. It makes no call.
func NewClient(baseURL string, timeouts Timeouts) *Client {
	if timeouts.Command <= 0 {
		timeouts.Command = defaultCommandTimeout
	}
	if timeouts.NewSession <= 0 {
		timeouts.NewSession = defaultNewSessionTimeout
	}
	// No proxy from the environment: the server is always ours and near.
	return &Client{
		base:     strings.TrimSuffix(baseURL, "/"),
		timeouts: timeouts,
		http:     &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 2, IdleConnTimeout: time.Minute}},
	}
}

// Close drops the idle connections. The client can still be used.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// Ready reports whether the server takes sessions. It says nothing of phones.
func (c *Client) Ready(ctx context.Context) (bool, error) {
	var status struct {
		Ready bool `json:"ready"`
	}
	if err := c.call(ctx, http.MethodGet, "/status", nil, &status); err != nil {
		return false, fmt.Errorf("get status: %w", err)
	}
	return status.Ready, nil
}

func (c *Client) call(ctx context.Context, method, path string, in, out any) error {
	return c.callWithin(ctx, c.timeouts.Command, method, path, in, out)
}

// callWithin makes one call and decodes the answer's value into out, unless
// that is nil.
func (c *Client) callWithin(ctx context.Context, d time.Duration, method, path string, in, out any) error {
	ctx, cancel := context.WithTimeoutCause(ctx, d, ErrTimeout)
	defer cancel()
	req, err := c.request(ctx, method, path, in)
	if err != nil {
		return err
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return transportError(ctx, err)
	}
	defer resp.Body.Close() //nolint:errcheck // only read
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswerBytes+1))
	switch {
	case err != nil:
		return transportError(ctx, err)
	case len(body) > maxAnswerBytes:
		return ErrAnswerTooLarge
	}
	return decode(resp.StatusCode, body, out)
}

func (c *Client) request(ctx context.Context, method, path string, in any) (*http.Request, error) {
	var body io.Reader
	if in != nil {
		b, err := json.Marshal(in)
		if err != nil {
			return nil, fmt.Errorf("encode: %w", err)
		}
		body = bytes.NewReader(b)
	}
	req, err := http.NewRequestWithContext(ctx, method, c.base+path, body)
	if err != nil {
		return nil, err
	}
	if in != nil {
		req.Header.Set("Content-Type", "application/json; charset=utf-8")
	}
	return req, nil
}

// transportError tells our caller's end of patience from our own deadline and
// from a server that is not there.
func transportError(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return fmt.Errorf("%w: %w", ErrUnreachable, err)
}

const shownBodyBytes = 300

func decode(status int, body []byte, out any) error {
	var answer struct {
		Value json.RawMessage `json:"value"`
	}
	err := json.Unmarshal(body, &answer)
	if status >= http.StatusBadRequest {
		return errorFrom(status, answer.Value, body)
	}
	if err != nil {
		return fmt.Errorf("decode answer %.*q: %w", shownBodyBytes, body, err)
	}
	if out == nil {
		return nil
	}
	if err := json.Unmarshal(answer.Value, out); err != nil {
		return fmt.Errorf("decode value: %w", err)
	}
	return nil
}

// errorFrom makes an *Error also of an answer that is not W3C's.
func errorFrom(status int, value json.RawMessage, body []byte) error {
	var w3c struct {
		Error   string `json:"error"`
		Message string `json:"message"`
	}
	if err := json.Unmarshal(value, &w3c); err != nil || w3c.Error == "" {
		text := string(body[:min(len(body), shownBodyBytes)])
		return &Error{Status: status, Code: codeUnknown, Message: text}
	}
	return &Error{Status: status, Code: w3c.Error, Message: w3c.Message}
}
