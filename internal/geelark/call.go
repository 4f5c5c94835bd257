package geelark

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"postfleet/internal/geelark/budget"
)

// maxAnswerBytes bounds an answer: a page of 100 phones is some 100 KB.
const maxAnswerBytes = 8 << 20

// pathPrefix is common to all APIs.
const pathPrefix = "/open/v1/"

func short(api string) string { return strings.TrimPrefix(api, pathPrefix) }

// answer is what the service sends back.
type answer struct {
	TraceID string          `json:"traceId"`
	Code    *int            `json:"code"`
	Msg     string          `json:"msg"`
	Data    json.RawMessage `json:"data"`
}

// call makes one request whose answer is about one thing, and fills data, which
// may be nil.
func (c *Client) call(ctx context.Context, api, phone string, body, data any) error {
	got, err := c.exchange(ctx, api, body)
	if err != nil {
		return err
	}
	if *got.Code != codeOK {
		return c.refuse(ctx, c.refusal(api, phone, got.TraceID, *got.Code, got.Msg))
	}
	return c.decode(api, got, data)
}

func (c *Client) decode(api string, got answer, data any) error {
	if data == nil {
		return nil
	}
	if len(got.Data) == 0 {
		return c.noAnswer(api, got.TraceID, "the answer has no data").classified()
	}
	if err := json.Unmarshal(got.Data, data); err != nil {
		return c.noAnswer(api, got.TraceID, "the answer's data: "+err.Error()).classified()
	}
	return nil
}

// refuse classifies a refusal and, where the service has locked the API, makes
// everybody on the account keep away from it.
func (c *Client) refuse(ctx context.Context, e *Error) error {
	m := meaningOf(e.Code)
	if m.lock == 0 {
		return e.classified()
	}
	if err := c.budget.Shut(context.WithoutCancel(ctx), pathPrefix+e.API, e.Code, m.lock); err != nil {
		return errors.Join(e.classified(), err)
	}
	return e.classified()
}

// exchange makes one request, when the budget admits it, and returns the
// answer with a code, whatever that is.
func (c *Client) exchange(ctx context.Context, api string, body any) (answer, error) {
	take := c.budget.Take
	if api == apiStop || api == apiStatus {
		take = c.budget.TakeUrgent // what bills is to be stopped, and seen to be off, also on a full disk
	}
	until, err := take(ctx, api)
	if shut, ok := errors.AsType[*budget.ShutError](err); ok {
		e := c.refusal(api, "", "", shut.Code, shut.Error())
		e.RetryAfter = shut.For
		return answer{}, e.classified()
	}
	if err != nil {
		return answer{}, err
	}
	traceID := c.traceID()
	bounded, cancel := context.WithDeadline(ctx, until)
	defer cancel()
	req, err := c.request(bounded, api, traceID, body)
	if err != nil {
		return answer{}, err
	}
	status, text, err := c.send(req)
	switch {
	case ctx.Err() != nil:
		return answer{}, fmt.Errorf("%s: %w", short(api), context.Cause(ctx))
	case err != nil:
		return answer{}, c.noAnswer(api, traceID, err.Error()).classified()
	}
	return c.read(ctx, api, traceID, status, text)
}

func (c *Client) request(ctx context.Context, api, traceID string, body any) (*http.Request, error) {
	text, err := json.Marshal(body)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", short(api), err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.base+api, bytes.NewReader(text))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", short(api), err)
	}
	req.Header.Set("Content-Type", "application/json")
	c.sign(req.Header, traceID, c.now())
	return req, nil
}

// send returns what came back, of any status, whole.
func (c *Client) send(req *http.Request) (status int, text []byte, err error) {
	resp, err := c.http.Do(req)
	if err != nil {
		return 0, nil, cause(req.Context(), err)
	}
	defer func() { _ = resp.Body.Close() }()
	text, err = io.ReadAll(io.LimitReader(resp.Body, maxAnswerBytes+1))
	switch {
	case err != nil:
		return 0, nil, cause(req.Context(), err)
	case len(text) > maxAnswerBytes:
		return 0, nil, fmt.Errorf("the answer has more than %d bytes", maxAnswerBytes)
	}
	return resp.StatusCode, text, nil
}

// cause drops the URL, which may be signed, and says a deadline in words.
func cause(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return errors.New("no answer in time")
	}
	if wrapped, ok := errors.AsType[*url.Error](err); ok {
		return wrapped.Err
	}
	return err
}

// read finds the service's code in an answer. The code counts more than the
// status.
func (c *Client) read(ctx context.Context, api, traceID string, status int, text []byte) (answer, error) {
	var got answer
	err := json.Unmarshal(text, &got)
	switch {
	case err == nil && got.Code != nil && (status == http.StatusOK || *got.Code != codeOK):
		got.TraceID = traceID
		return got, nil
	case status == http.StatusTooManyRequests:
		e := c.byStatus(api, traceID, status)
		return answer{}, errors.Join(e.classified(),
			c.budget.Shut(context.WithoutCancel(ctx), api, codeMinuteLimit, e.RetryAfter))
	case status != http.StatusOK:
		return answer{}, c.byStatus(api, traceID, status).classified()
	case err != nil:
		return answer{}, c.noAnswer(api, traceID, "the answer is not in the service's form").classified()
	default:
		return answer{}, c.noAnswer(api, traceID, "the answer has no code").classified()
	}
}
