package geelark

import (
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"postfleet/internal/geelark/budget"
)

// DefaultBaseURL is where the service is.
const DefaultBaseURL = "https://openapi.geelark.com"

// Config says where the service is and who asks.
type Config struct {
	// BaseURL is the service; "" is DefaultBaseURL.
	BaseURL     string
	Credentials Credentials
	// Budget rations the requests, and bounds each. It is the caller's to close.
	Budget *budget.Budget
	// HTTP carries the requests; nil is a client of its own.
	HTTP *http.Client
	// NowFunc and TraceIDFunc are for tests that know the answer; nil is the clock
	// and a random UUIDv4.
	NowFunc     func() time.Time
	TraceIDFunc func() string
}

// Client speaks the Open API. Each method is one request for up to 100 phones,
// and is not tried again; it blocks until the budget admits the request and
// the answer is there, or ctx ends. Errors of the service are *Error. It is
// safe for concurrent use.
type Client struct {
	base    string
	http    *http.Client
	budget  *budget.Budget
	sign    signFunc
	redact  func(string) string
	now     func() time.Time
	traceID func() string
}

// New returns a client. Nothing is sent. Redirects are not followed: they could
// carry a signature to another host.
func New(cfg Config) (*Client, error) {
	if cfg.Budget == nil {
		return nil, errors.New("geelark: no budget: the service locks who asks too often")
	}
	sign, err := cfg.Credentials.signer()
	if err != nil {
		return nil, err
	}
	base, err := baseURL(cfg.BaseURL)
	if err != nil {
		return nil, err
	}
	c := &Client{
		base: base, budget: cfg.Budget, sign: sign, redact: cfg.Credentials.redacter(),
		now: cfg.NowFunc, traceID: cfg.TraceIDFunc, http: &http.Client{},
	}
	if cfg.HTTP != nil {
		own := *cfg.HTTP
		c.http = &own
	}
	c.http.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	if c.now == nil {
		c.now = time.Now
	}
	if c.traceID == nil {
		c.traceID = newTraceID
	}
	return c, nil
}

func baseURL(s string) (string, error) {
	if s == "" {
		return DefaultBaseURL, nil
	}
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http") || u.User != nil {
		// Not with %q: what was put there by mistake may be a secret.
		return "", errors.New("geelark: the base URL is not http(s)://host")
	}
	return strings.TrimSuffix(s, "/"), nil
}

// newTraceID returns a UUIDv4 in upper case, as the service recommends.
func newTraceID() string {
	const (
		version, versionMask = 0x40, 0x0f
		variant, variantMask = 0x80, 0x3f
	)
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	b[6] = b[6]&versionMask | version
	b[8] = b[8]&variantMask | variant
	return fmt.Sprintf("%X-%X-%X-%X-%X", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
