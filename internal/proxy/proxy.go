// Package proxy makes the one call that gives the phone's proxy a new address
// before a job. It owns how often that is tried and what counts as done; what
// follows from a failure is decided by internal/posting. The rotation URL is a
// secret, because it carries credentials: no error and no log shows it.
package proxy

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/cenkalti/backoff/v5"

	"postfleet/internal/fault"
)

// What a zero field of Config stands for.
const (
	DefaultTimeout  = 10 * time.Second
	DefaultAttempts = 3
)

const (
	firstPause   = time.Second
	maxBodyBytes = 64 << 10
)

// Config says what to call.
type Config struct {
	// URL is called with GET. It is a secret.
	URL string
	// Timeout bounds one attempt; 0 is DefaultTimeout.
	Timeout time.Duration
	// Attempts is how often the call is made until it succeeds; 0 is
	// DefaultAttempts.
	Attempts int
}

// Rotator rotates one proxy. It is safe for concurrent use.
type Rotator struct {
	url      string
	timeout  time.Duration
	attempts uint
	client   *http.Client
}

// New returns a Rotator. A nil client is one of its own with the default
// transport. Redirects are not followed: they could carry the URL's secret to
// another host, and an answer outside 2xx is a failure anyway.
func New(cfg Config, client *http.Client) *Rotator {
	if client == nil {
		client = &http.Client{}
	}
	own := *client
	own.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	r := &Rotator{url: cfg.URL, timeout: cfg.Timeout, attempts: DefaultAttempts, client: &own}
	if r.timeout <= 0 {
		r.timeout = DefaultTimeout
	}
	if cfg.Attempts > 0 {
		r.attempts = uint(cfg.Attempts)
	}
	return r
}

// Rotate calls the URL until the answer is 2xx, with growing pauses between
// the attempts. It blocks for at most all attempts and their pauses, or until
// ctx ends. Its error has class fault.Infra unless ctx was cancelled, and never
// contains the URL.
func (r *Rotator) Rotate(ctx context.Context) error {
	pauses := backoff.NewExponentialBackOff()
	pauses.InitialInterval = firstPause
	tries := 0
	_, err := backoff.Retry(ctx, func() (struct{}, error) {
		tries++
		return struct{}{}, r.call(ctx)
	}, backoff.WithBackOff(pauses), backoff.WithMaxTries(r.attempts), backoff.WithMaxElapsedTime(0))
	if err == nil {
		return nil
	}
	if ctx.Err() != nil {
		return fmt.Errorf("rotate proxy: %w", context.Cause(ctx))
	}
	return fault.Errorf(fault.Infra, "rotate proxy: attempt %d of %d: %w", tries, r.attempts, err)
}

func (r *Rotator) call(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, r.timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, r.url, http.NoBody)
	if err != nil {
		return backoff.Permanent(errors.New("the rotation URL is not a URL"))
	}
	resp, err := r.client.Do(req)
	if err != nil {
		return redact(err)
	}
	defer func() { _ = resp.Body.Close() }()
	// Read to the end, so that the connection can be used again.
	_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, maxBodyBytes))
	if resp.StatusCode < http.StatusOK || resp.StatusCode >= http.StatusMultipleChoices {
		return fmt.Errorf("the rotation URL answered status %d", resp.StatusCode)
	}
	return nil
}

// redact drops the URL that net/http puts into its errors. What is beneath may
// still name the host (a failed look-up does), so only the kind is kept.
func redact(err error) error {
	wrapped, ok := errors.AsType[*url.Error](err)
	switch {
	case ok && wrapped.Timeout():
		return errors.New("the rotation URL did not answer in time")
	case ok && errors.Is(wrapped.Err, context.Canceled):
		return context.Canceled
	}
	return errors.New("the rotation URL could not be reached")
}
