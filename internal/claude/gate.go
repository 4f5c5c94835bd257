package claude

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"postfleet/internal/claude/budget"
	"postfleet/internal/claude/price"
)

// gate stands between the SDK and the network: below its retries, so that each
// request that leaves is counted, and none leaves that the budget has not got.
type gate struct {
	next   http.RoundTripper
	budget *budget.Budget
	model  price.Model
}

// trip is one question on its way through the gate.
type trip struct {
	job      string
	deadline time.Time
	// picture is the size of the picture in the body, in bytes, and pictureTokens
	// what it costs.
	picture, pictureTokens int64
	// stop ends the question, for a reason: an error of the gate's alone would be
	// tried again.
	stop context.CancelCauseFunc

	mu        sync.Mutex
	used      Usage
	unsettled error
}

type tripKey struct{}

func (t *trip) add(u Usage, unsettled error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.used, t.unsettled = t.used.Plus(u), errors.Join(t.unsettled, unsettled)
}

func (t *trip) total() (Usage, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.used, t.unsettled
}

const (
	settleTimeout  = 5 * time.Second
	maxAnswerBytes = 4 << 20
	// leastBytes is how many bytes of text make a token at least, and overhead
	// what a prompt holds that is not in the body: both are on the safe side.
	leastBytes, overhead = 2, 1000
)

// RoundTrip implements http.RoundTripper. The body it returns is in memory.
func (g *gate) RoundTrip(req *http.Request) (*http.Response, error) {
	t, ok := req.Context().Value(tripKey{}).(*trip)
	if !ok {
		return nil, errors.New("claude: a request outside of a question")
	}
	reserved, err := g.budget.Reserve(req.Context(), t.job, g.most(req, t))
	if err != nil {
		t.stop(err)
		return nil, err
	}
	ctx, cancel := context.WithTimeout(req.Context(), reserved.Time)
	defer cancel()
	var connected atomic.Bool
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn: func(httptrace.GotConnInfo) { connected.Store(true) },
	})
	began := time.Now()
	res, body, err := g.send(req.WithContext(ctx))
	took := Usage{Time: time.Since(began)}
	if connected.Load() { // from then on it may have left, whatever came of it
		took = took.Plus(g.took(reserved, res, body))
	}
	settling, done := context.WithTimeout(context.WithoutCancel(req.Context()), settleTimeout)
	defer done()
	unsettled := g.budget.Settle(settling, reserved, budget.Spent{
		Calls: took.Calls, Tokens: took.Tokens.Sum(), Cost: took.Cost, Time: took.Time,
	})
	t.add(took, unsettled)
	if err != nil {
		return nil, err
	}
	if wait, ok := retryAfter(res.Header); ok && time.Now().Add(wait).After(t.deadline) {
		res.Header.Set("X-Should-Retry", "false") // the SDK would wait, however long
	}
	return res, nil
}

// most is what a request may take at most.
func (g *gate) most(req *http.Request, t *trip) budget.Spent {
	prompt := (req.ContentLength-t.picture)/leastBytes + t.pictureTokens + overhead
	until := t.deadline
	if d, ok := req.Context().Deadline(); ok && d.Before(until) {
		until = d
	}
	return budget.Spent{
		Calls: 1, Tokens: prompt + maxTokens, Cost: g.model.Most(prompt, maxTokens), Time: time.Until(until),
	}
}

// send returns a response whose body was read whole.
func (g *gate) send(req *http.Request) (*http.Response, []byte, error) {
	res, err := g.next.RoundTrip(req)
	if err != nil {
		return nil, nil, err
	}
	body, err := io.ReadAll(io.LimitReader(res.Body, maxAnswerBytes+1))
	err = errors.Join(err, res.Body.Close())
	if err == nil && len(body) > maxAnswerBytes {
		err = errors.New("the answer has no end")
	}
	if err != nil {
		return nil, nil, fmt.Errorf("read answer: %w", err)
	}
	res.Body = io.NopCloser(bytes.NewReader(body))
	return res, body, nil
}

// took is what a request cost. One that was broken off may be billed whole, and
// so is an answer that does not say; one that the service refused is not billed.
func (g *gate) took(r budget.Reservation, res *http.Response, body []byte) Usage {
	u := Usage{Calls: 1}
	if res != nil && res.StatusCode != http.StatusOK {
		return u
	}
	var answer struct {
		Usage *struct {
			Input      int64 `json:"input_tokens"`
			Output     int64 `json:"output_tokens"`
			CacheWrite int64 `json:"cache_creation_input_tokens"`
			CacheRead  int64 `json:"cache_read_input_tokens"`
		} `json:"usage"`
	}
	if res == nil || json.Unmarshal(body, &answer) != nil || answer.Usage == nil {
		u.Tokens, u.Cost = price.Tokens{Input: r.Tokens - maxTokens, Output: maxTokens}, r.Cost
		return u
	}
	u.Tokens = price.Tokens{
		Input: answer.Usage.Input, Output: answer.Usage.Output,
		CacheWrite: answer.Usage.CacheWrite, CacheRead: answer.Usage.CacheRead,
	}
	u.Cost = g.model.Of(u.Tokens)
	return u
}

// retryAfter is how long the service wants to be left alone, if it says.
func retryAfter(h http.Header) (time.Duration, bool) {
	for _, said := range []struct {
		header string
		unit   time.Duration
	}{{"Retry-After-Ms", time.Millisecond}, {"Retry-After", time.Second}} {
		text := h.Get(said.header)
		if n, err := strconv.ParseFloat(text, 64); err == nil {
			return time.Duration(n * float64(said.unit)), true
		}
		if at, err := http.ParseTime(text); err == nil {
			return time.Until(at), true
		}
	}
	return 0, false
}
