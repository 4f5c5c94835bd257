package claude_test

import (
	"context"
	"errors"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"postfleet/internal/claude"
	"postfleet/internal/claude/budget"
	"postfleet/internal/claude/price"
	"postfleet/internal/claudesim"
	"postfleet/internal/fault"
	"postfleet/internal/logging"
)

// What passes by itself is tried again by the SDK, and every try is counted.
func TestRetries(t *testing.T) {
	t.Parallel()
	for name, fails := range map[string][]claudesim.Reply{
		"429":     {claudesim.RateLimited(time.Millisecond)},
		"529":     {soon(claudesim.Overloaded())},
		"500":     {soon(claudesim.Broken()), soon(claudesim.Broken())},
		"dropped": {claudesim.Dropped()},
		"slow":    {claudesim.Slow(time.Minute)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := roomy()
			o.cfg.TryTimeout = aWhile
			if name != "slow" {
				o.cfg.TryTimeout = 0
			}
			w := newWorld(t, o)
			w.sim.Next(fails...)
			got, err := w.client.Ask(t.Context(), question())
			if err != nil || got.Elements["create_tab"] != 2 {
				t.Fatalf("got %+v, %v", got, err)
			}
			_, job := w.spent(t, "17")
			if want := len(fails) + 1; got.Usage.Calls != want || job.Calls != want {
				t.Errorf("got %d calls, %d of the job; want %d", got.Usage.Calls, job.Calls, want)
			}
		})
	}
}

// A failure is not billed; a request that was broken off may have been.
func TestWhatFailedRequestsCost(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		reply  claudesim.Reply
		billed bool
	}{
		"500": {soon(claudesim.Broken()), false}, "dropped": {claudesim.Dropped(), true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := roomy()
			o.job.Calls = 1
			w := newWorld(t, o)
			w.sim.Next(tt.reply)
			got, err := w.client.Ask(t.Context(), question())
			if !errors.Is(err, budget.ErrSpent) || got.Usage.Calls != 1 || (got.Usage.Cost > 0) != tt.billed {
				t.Errorf("got %+v, %v", got.Usage, err)
			}
		})
	}
}

// What never left, because there was nobody to send it to, is no call and costs
// nothing: an hour without a network would use up a job's budget.
func TestNothingLeft(t *testing.T) {
	t.Parallel()
	o := roomy()
	nobody := httptest.NewServer(nil)
	nobody.Close()
	o.cfg.BaseURL, o.cfg.Timeout = nobody.URL, 3*time.Second
	w := newWorld(t, o)
	got, err := w.client.Ask(t.Context(), question())
	if u := got.Usage; !errors.Is(err, claude.ErrUnavailable) || u.Calls != 0 || u.Cost != 0 || u.Tokens.Sum() != 0 {
		t.Errorf("got %+v, %v", got.Usage, err)
	}
	if run, job := w.spent(t, "17"); job.Calls != 0 || job.Tokens != 0 || run.Cost != 0 {
		t.Errorf("spent %+v of %+v", job, run)
	}
}

// A budget that cannot be kept, because its directory cannot be used, stops the
// model and not the worker's ledger.
func TestBudgetWithoutAFile(t *testing.T) {
	t.Parallel()
	w := newWorld(t, roomy())
	c, err := claude.New(claude.Config{
		Key: planted, BaseURL: w.url, Budget: budget.New(budget.Config{
			Path: filepath.Join(t.TempDir(), "none", budget.FileName), Job: budget.NoLimit(), Run: budget.NoLimit(),
		}),
	}, logging.Discard())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if _, err := c.Ask(t.Context(), question()); !errors.Is(err, fs.ErrNotExist) || !fault.Is(err, fault.Infra) {
		t.Errorf("got %v of class %s", err, fault.Of(err))
	}
	if n := len(w.sim.Requests()); n != 0 {
		t.Errorf("got %d requests", n)
	}
}

// It gives up in time, whatever the service does.
func TestUnavailable(t *testing.T) {
	t.Parallel()
	broken := soon(claudesim.Broken())
	for _, tt := range []struct {
		name     string
		replies  []claudesim.Reply
		requests int
		says     string
	}{
		{"always 500", []claudesim.Reply{broken, broken, broken}, 3, "HTTP status 500 api_error"},
		{"429 for an hour", []claudesim.Reply{claudesim.RateLimited(time.Hour)}, 1, "HTTP status 429 rate_limit_error"},
		{"never an answer", []claudesim.Reply{claudesim.Slow(time.Minute)}, 1, "no answer within 1s"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			o := roomy()
			o.cfg.Timeout = time.Second
			w := newWorld(t, o)
			w.sim.Next(tt.replies...)
			began := time.Now()
			_, err := w.client.Ask(t.Context(), question())
			if !errors.Is(err, claude.ErrUnavailable) || !fault.Is(err, fault.Infra) ||
				!strings.Contains(err.Error(), tt.says) {
				t.Errorf("got %v", err)
			}
			if took := time.Since(began); took > 5*time.Second {
				t.Errorf("it took %s", took)
			}
			if n := len(w.sim.Requests()); n > tt.requests || tt.name != "never an answer" && n < tt.requests {
				t.Errorf("got %d requests, want %d", n, tt.requests)
			}
		})
	}
}

// Each limit stops the next request, the retries of the SDK included, and the
// error says which it was and what to do.
func TestBudget(t *testing.T) {
	t.Parallel()
	broken := soon(claudesim.Broken())
	for _, tt := range []struct {
		name     string
		limit    func(o *options)
		replies  []claudesim.Reply
		requests int
		says     string
	}{
		{
			"calls of the job", func(o *options) { o.job.Calls = 2 },
			[]claudesim.Reply{broken, broken, broken},
			2, "job's budget of calls is spent: 2 of 2",
		},
		{
			"calls of the run", func(o *options) { o.run.Calls = 1 },
			[]claudesim.Reply{broken},
			1, "run's budget of calls is spent: 1 of 1",
		},
		{
			"money", func(o *options) { o.run.Cost = price.USD(0.000001) },
			nil, 0, "run's budget of money is spent: $0 of $0.000001",
		},
		{"tokens", func(o *options) { o.job.Tokens = 100 }, nil, 0, "job's budget of tokens is spent"},
		{"time", func(o *options) { o.job.Time = time.Millisecond }, nil, 0, "job's budget of time is spent"},
		{
			"only what was learned", func(o *options) { o.job = budget.Limit{} },
			nil, 0, "job's budget of calls is spent: 0 of 0",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			o := roomy()
			tt.limit(&o)
			w := newWorld(t, o)
			w.sim.Next(tt.replies...)
			_, err := w.client.Ask(t.Context(), question())
			if !errors.Is(err, budget.ErrSpent) || !fault.Is(err, fault.Infra) ||
				!strings.Contains(err.Error(), tt.says) || !strings.Contains(err.Error(), "navigator.max_") {
				t.Errorf("got %v of class %s, want %q", err, fault.Of(err), tt.says)
			}
			if n := len(w.sim.Requests()); n != tt.requests {
				t.Errorf("got %d requests, want %d", n, tt.requests)
			}
		})
	}
}

// The time that is left of a job ends a request that takes longer.
func TestTimeOfAJob(t *testing.T) {
	t.Parallel()
	o := roomy()
	o.job.Time = 1100 * time.Millisecond
	w := newWorld(t, o)
	w.sim.Next(claudesim.Slow(time.Minute))
	began := time.Now()
	_, err := w.client.Ask(t.Context(), question())
	if took := time.Since(began); !errors.Is(err, budget.ErrSpent) || took > 5*time.Second {
		t.Errorf("got %v after %s", err, took)
	}
}

// Nothing is reserved any more once a question is answered.
func TestNothingStaysReserved(t *testing.T) {
	t.Parallel()
	w := newWorld(t, roomy())
	got, err := w.client.Ask(t.Context(), question())
	if err != nil {
		t.Fatal(err)
	}
	run, _ := w.spent(t, "17")
	if run.Cost != got.Usage.Cost || run.Tokens != got.Usage.Tokens.Sum() {
		t.Errorf("got %+v, %v; want %+v", run, err, got.Usage)
	}
}

func TestErrors(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		sim   claudesim.Config
		reply claudesim.Reply
		want  error
		class fault.Class
		says  string
	}{
		{
			"key",
			claudesim.Config{Key: "another"},
			claudesim.Reply{},
			claude.ErrKey, fault.Human, "set another ANTHROPIC_API_KEY",
		},
		{
			"right",
			claudesim.Config{},
			claudesim.Reply{Status: http.StatusForbidden, Kind: "permission_error", Message: "no"},
			claude.ErrKey, fault.Human, "may not use claude-haiku-5-5",
		},
		{
			"model",
			claudesim.Config{Models: []string{"claude-opus-5-5"}},
			claudesim.Reply{},
			claude.ErrModel, fault.Human, "set another navigator.model",
		},
		{
			"credit",
			claudesim.Config{},
			claudesim.NoCredit(),
			claude.ErrCredit, fault.Human, "see to the account's billing",
		},
		{
			"billing",
			claudesim.Config{},
			claudesim.Reply{Status: http.StatusPaymentRequired, Kind: "billing_error", Message: "declined"},
			claude.ErrCredit, fault.Human, "billing_error",
		},
		{
			"ours",
			claudesim.Config{},
			claudesim.Reply{Status: http.StatusBadRequest, Kind: "invalid_request_error", Message: "tools: " + planted},
			claude.ErrRefused, fault.Infra, "tools: [redacted]",
		},
		{
			"gateway",
			claudesim.Config{},
			claudesim.Reply{Status: http.StatusRequestEntityTooLarge, Message: strings.Repeat("x", 900)},
			claude.ErrRefused, fault.Infra, "HTTP status 413",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			o := roomy()
			o.sim = tt.sim
			w := newWorld(t, o)
			if tt.reply.Status != 0 {
				w.sim.Next(tt.reply)
			}
			_, err := w.client.Ask(t.Context(), question())
			if !errors.Is(err, tt.want) || !fault.Is(err, tt.class) || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("got %v of class %s", err, fault.Of(err))
			}
			if text := err.Error() + w.log.String(); strings.Contains(text, planted) || len(err.Error()) > 600 {
				t.Errorf("it says too much: %s", text)
			}
			if n := len(w.sim.Requests()); n != 1 {
				t.Errorf("got %d requests, want one", n)
			}
		})
	}
}

func TestNew(t *testing.T) {
	t.Parallel()
	some := budget.New(budget.Config{Path: "unused"})
	for _, tt := range []struct {
		name string
		cfg  claude.Config
		want error
		says string
	}{
		{"no key", claude.Config{Key: " \n", Budget: some}, claude.ErrKey, "set ANTHROPIC_API_KEY"},
		{
			"no such model",
			claude.Config{Key: planted, Model: "gpt", Budget: some},
			claude.ErrModel, "claude-haiku-5-5, claude-haiku-4-5",
		},
		{"no budget", claude.Config{Key: planted}, budget.ErrSpent, "no budget"},
	} {
		_, err := claude.New(tt.cfg, nil)
		if !errors.Is(err, tt.want) || !fault.Is(err, fault.Input) || !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%s: got %v", tt.name, err)
		}
	}
}

// A question ends with its context, whose cause is what comes back.
func TestCancelled(t *testing.T) {
	t.Parallel()
	w := newWorld(t, roomy())
	w.sim.Next(claudesim.Slow(time.Minute))
	ctx, cancel := context.WithCancelCause(t.Context())
	drained := errors.New("drained")
	time.AfterFunc(aWhile, func() { cancel(drained) })
	_, err := w.client.Ask(ctx, question())
	if !errors.Is(err, drained) || fault.Of(err) != fault.Unclassified {
		t.Errorf("got %v of class %s", err, fault.Of(err))
	}
}

// A service that sends the client elsewhere does not get the key sent there.
func TestRedirectIsNotFollowed(t *testing.T) {
	t.Parallel()
	var asked atomic.Int32
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked.Add(1) }))
	defer elsewhere.Close()
	away := httptest.NewServer(http.RedirectHandler(elsewhere.URL, http.StatusTemporaryRedirect))
	defer away.Close()
	o := roomy()
	o.cfg.BaseURL = away.URL
	if _, err := newWorld(t, o).client.Ask(t.Context(), question()); err == nil || asked.Load() != 0 {
		t.Errorf("got %v, and %d requests elsewhere", err, asked.Load())
	}
}

// Whatever the container's environment says, key and address are those given.
func TestEnvironmentIsIgnored(t *testing.T) {
	for _, name := range []string{
		"ANTHROPIC_BASE_URL", "ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "ANTHROPIC_PROFILE",
		"ANTHROPIC_CUSTOM_HEADERS",
	} {
		t.Setenv(name, "http://127.0.0.1:1/")
	}
	o := roomy()
	o.sim.Key = planted
	w := newWorld(t, o)
	if _, err := w.client.Ask(t.Context(), question()); err != nil {
		t.Error(err)
	}
	if h := w.sim.Requests()[0].Header; h.Get("Authorization") != "" {
		t.Errorf("got headers %v", h)
	}
}
