package claude

import (
	"cmp"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/anthropics/anthropic-sdk-go"
	"github.com/anthropics/anthropic-sdk-go/option"

	"postfleet/internal/claude/budget"
	"postfleet/internal/claude/price"
	"postfleet/internal/fault"
)

// DefaultBaseURL is the service itself.
const DefaultBaseURL = "https://api.anthropic.com"

// DefaultTimeout is how long a question may take with all its tries, and
// DefaultTryTimeout one of them.
const (
	DefaultTimeout    = 30 * time.Second
	DefaultTryTimeout = 15 * time.Second
)

const (
	// maxTokens bounds an answer with the thinking before it.
	maxTokens = 1500
	// maxRetries are those of one request, maxTries the requests for one answer.
	maxRetries, maxTries = 2, 2
)

// Key is the secret that the service knows an account by. It prints as
// "[redacted]", however it is printed or encoded.
type Key string

const redacted = "[redacted]"

// String implements fmt.Stringer.
func (Key) String() string { return redacted }

// GoString implements fmt.GoStringer.
func (Key) GoString() string { return redacted }

// MarshalText implements encoding.TextMarshaler, which is for JSON and YAML.
func (Key) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// LogValue implements slog.LogValuer.
func (Key) LogValue() slog.Value { return slog.StringValue(redacted) }

// Config is what a Client needs. Zero fields but Key and Budget have defaults.
type Config struct {
	Key Key
	// BaseURL is where the service is.
	BaseURL string
	// Model is one of price.IDs.
	Model string
	// Budget is what may be spent; the caller closes it, after the client.
	Budget *budget.Budget
	// Timeout bounds a question, TryTimeout each request for its answer.
	Timeout, TryTimeout time.Duration
}

// Client asks the model. It is safe for concurrent use.
type Client struct {
	messages anthropic.MessageService
	model    price.Model
	// redactFunc takes the key out of a text. It is a function, not a field: a
	// Client that is printed shows no secret.
	redactFunc func(string) string

	timeout   time.Duration
	transport *http.Transport
	logger    *slog.Logger

	mu   sync.Mutex
	job  string
	used Usage
}

// New returns a client. Nothing is sent. Errors are of class fault.Input and say
// the mend.
func New(cfg Config, logger *slog.Logger) (*Client, error) {
	key := Key(strings.TrimSpace(string(cfg.Key)))
	if key == "" {
		return nil, fault.Errorf(fault.Input, "%w: set ANTHROPIC_API_KEY, or ANTHROPIC_API_KEY_FILE", ErrKey)
	}
	model, ok := price.Find(cmp.Or(cfg.Model, price.Default))
	if !ok {
		return nil, fault.Errorf(fault.Input, "%w: %q has no price here: use one of %s",
			ErrModel, cfg.Model, strings.Join(price.IDs(), ", "))
	}
	if cfg.Budget == nil {
		return nil, fault.Errorf(fault.Input, "%w: no budget was given", budget.ErrSpent)
	}
	c := &Client{
		model: model, redactFunc: strings.NewReplacer(string(key), redacted).Replace,
		timeout: cmp.Or(cfg.Timeout, DefaultTimeout), transport: transport(), logger: logger,
	}
	sdk := anthropic.NewClient(
		// Whatever variables a container has: the key and the address are ours.
		option.WithoutEnvironmentDefaults(),
		option.WithBaseURL(cmp.Or(cfg.BaseURL, DefaultBaseURL)),
		option.WithAPIKey(string(key)),
		option.WithMaxRetries(maxRetries),
		option.WithRequestTimeout(cmp.Or(cfg.TryTimeout, DefaultTryTimeout)),
		option.WithHTTPClient(&http.Client{
			Transport: &gate{next: c.transport, budget: cfg.Budget, model: model},
			// Another host would be sent the key.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		}),
	)
	c.messages = sdk.Messages
	return c, nil
}

func transport() *http.Transport {
	if t, ok := http.DefaultTransport.(*http.Transport); ok {
		return t.Clone()
	}
	return &http.Transport{Proxy: http.ProxyFromEnvironment}
}

// Close closes idle connections. No question may be under way.
func (c *Client) Close() { c.transport.CloseIdleConnections() }

// Model is the id of the model that is asked.
func (c *Client) Model() string { return c.model.ID }

// Begin begins an attempt at a job: what is asked from now on is of its budget,
// and Used is nothing yet. A worker has one job at a time.
func (c *Client) Begin(job string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.job, c.used = job, Usage{}
}

// Used is what was used since Begin.
func (c *Client) Used() Usage {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.used
}

// Ask asks one question and blocks until it is answered, at most for the
// timeout. An answer that is none is asked for once more. The errors are those
// of ErrKey and its neighbours, and *budget.SpentError; with one, Answer holds
// the Usage all the same.
func (c *Client) Ask(ctx context.Context, q Question) (Answer, error) {
	e, err := c.envelope(q)
	if err != nil {
		return Answer{}, fault.Mark(fault.Infra, fmt.Errorf("ask about step %s: %w", q.Step, err))
	}
	limited, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	asking, stop := context.WithCancelCause(limited)
	defer stop(nil)
	deadline, _ := limited.Deadline()
	t := &trip{
		job: c.currentJob(), deadline: deadline, stop: stop,
		picture: int64(base64.StdEncoding.EncodedLen(len(e.picture.jpeg))), pictureTokens: e.picture.tokens,
	}
	answer, err := c.tries(context.WithValue(asking, tripKey{}, t), e)
	if err != nil {
		err = c.explain(ctx, asking, err)
	}
	answer.Usage = c.account(ctx, t)
	c.log(ctx, q, answer, err)
	if err != nil {
		return Answer{Usage: answer.Usage}, fmt.Errorf("ask about step %s: %w", q.Step, err)
	}
	return answer, nil
}

func (c *Client) tries(ctx context.Context, e envelope) (answer Answer, err error) {
	note := ""
	for range maxTries {
		var msg *anthropic.Message
		if msg, err = c.messages.New(ctx, e.params(note)); err != nil {
			return Answer{}, err
		}
		if answer, err = e.reader.read(msg); err == nil {
			return answer, nil
		}
		none, ok := errors.AsType[*NoAnswerError](err)
		if !ok || !none.again() {
			break
		}
		note = "An earlier answer to this question was of no use: " + string(none.Why) + "."
	}
	return Answer{}, err
}

func (c *Client) currentJob() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.job
}

// account adds up what a question cost.
func (c *Client) account(ctx context.Context, t *trip) Usage {
	used, unsettled := t.total()
	if unsettled != nil {
		c.logger.WarnContext(ctx, "budget of the model keeps what was reserved", errorKey, unsettled)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.job == t.job {
		c.used = c.used.Plus(used)
	}
	return used
}
