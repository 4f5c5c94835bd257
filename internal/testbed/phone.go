package testbed

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"
)

// controlBase is where the orchestrator publishes the phones' control API: the
// n-th worker's phone is at controlBase + n.
const controlBase = 8500

// pollTimeout bounds one question to a phone.
const pollTimeout = 5 * time.Second

// Fault is what a phone is asked to have. Kinds and meanings are the phone's.
type Fault struct {
	Kind  string `json:"kind"`
	ForMS int64  `json:"for_ms,omitempty"`
	Count int    `json:"count,omitempty"`
}

// Break makes the n-th worker's phone misbehave.
func (f *Fleet) Break(ctx context.Context, n int, fault Fault) error {
	body, err := json.Marshal(fault)
	if err != nil {
		return fmt.Errorf("break phone %d: %w", n, err)
	}
	return phone(ctx, n, http.MethodPost, "/faults", body, nil)
}

// Posts asks the n-th worker's phone what was posted.
func (f *Fleet) Posts(ctx context.Context, n int) ([]Post, error) {
	var posts []Post
	return posts, phone(ctx, n, http.MethodGet, "/posts", nil, &posts)
}

// phone makes one request of a phone's control API; out may be nil.
func phone(ctx context.Context, n int, method, path string, body []byte, out any) error {
	ctx, cancel := context.WithTimeout(ctx, pollTimeout)
	defer cancel()
	url := fmt.Sprintf("http://127.0.0.1:%d%s", controlBase+n, path)
	req, err := http.NewRequestWithContext(ctx, method, url, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("ask phone %d: %w", n, err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return fmt.Errorf("ask phone %d: %w", n, err)
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode >= http.StatusMultipleChoices {
		return fmt.Errorf("ask phone %d: %s %s: %s", n, method, path, resp.Status)
	}
	if out == nil {
		return nil
	}
	if err := json.NewDecoder(resp.Body).Decode(out); err != nil {
		return fmt.Errorf("ask phone %d: %s: %w", n, path, err)
	}
	return nil
}
