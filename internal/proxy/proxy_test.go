package proxy_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"postfleet/internal/fault"
	"postfleet/internal/proxy"
)

const secret = "s3cret"

// answers is a transport that gives one status after another; 0 is silence.
type answers struct {
	status []int
	at     []time.Time
	seen   []string
}

func (a *answers) RoundTrip(r *http.Request) (*http.Response, error) {
	a.at = append(a.at, time.Now())
	a.seen = append(a.seen, r.Method+" "+r.URL.String())
	status := a.status[min(len(a.at), len(a.status))-1]
	if status == 0 {
		<-r.Context().Done()
		return nil, r.Context().Err()
	}
	if status < 0 {
		return nil, errors.New("dial tcp: lookup " + r.URL.Host + ": no such host")
	}
	w := httptest.NewRecorder()
	w.Header().Set("Location", "http://elsewhere.example/?"+secret)
	w.WriteHeader(status)
	return w.Result(), nil
}

// TestRotate runs under a fake clock, so a transport stands in for the network.
func TestRotate(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		status []int
		calls  int
		want   string // in the error; "" is success
		atMost time.Duration
	}{
		{"at once", []int{200}, 1, "", 0},
		{"any 2xx", []int{204}, 1, "", 0},
		{"third time", []int{500, 429, 200}, 3, "", 10 * time.Second},
		{"never", []int{503}, 3, "attempt 3 of 3: the rotation URL answered status 503", 10 * time.Second},
		{"a redirect is a failure", []int{302}, 3, "answered status 302", 10 * time.Second},
		{"silence", []int{0}, 3, "did not answer in time", 40 * time.Second},
		{"unreachable", []int{-1}, 3, "could not be reached", 10 * time.Second},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				start := time.Now()
				net := &answers{status: tt.status}
				r := proxy.New(proxy.Config{URL: "http://user:" + secret + "@proxy.example/" + secret + "?t=" + secret},
					&http.Client{Transport: net})
				err := r.Rotate(t.Context())
				if !says(err, tt.want) {
					t.Errorf("got %v, want %q in it", err, tt.want)
				}
				if says(err, secret) || says(err, "proxy.example") {
					t.Errorf("the URL is in the error: %v", err)
				}
				if err != nil && fault.Of(err) != fault.Infra {
					t.Errorf("class: got %q, want infra", fault.Of(err))
				}
				if len(net.at) != tt.calls || !strings.HasPrefix(net.seen[0], "GET http://") {
					t.Errorf("calls: got %v, want %d times GET", net.seen, tt.calls)
				}
				if took := time.Since(start); took > tt.atMost {
					t.Errorf("it took %s, want at most %s", took, tt.atMost)
				}
				if len(net.at) == 3 && tt.status[0] != 0 && net.at[1].Sub(net.at[0]) < 500*time.Millisecond {
					t.Errorf("no pause between the attempts: %v", net.at)
				}
			})
		})
	}
}

func TestRotateCancelled(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(15*time.Second, cancel)
		r := proxy.New(proxy.Config{URL: "http://proxy.example/"}, &http.Client{Transport: &answers{status: []int{0}}})
		err := r.Rotate(ctx)
		if !errors.Is(err, context.Canceled) || fault.Of(err) != fault.Unclassified {
			t.Errorf("got %v (%s), want context.Canceled without a class", err, fault.Of(err))
		}
	})
}

func TestRotateBadURL(t *testing.T) {
	t.Parallel()
	for _, url := range []string{"http://u:" + secret + "@[bad", "", secret + "://x", "http://"} {
		err := proxy.New(proxy.Config{URL: url, Attempts: 1}, nil).Rotate(t.Context())
		if err == nil || strings.Contains(err.Error(), secret) {
			t.Errorf("Rotate of %q: got %v, want an error without the URL", url, err)
		}
	}
}

// TestRotateOverHTTP is the real client against a real server.
func TestRotateOverHTTP(t *testing.T) {
	t.Parallel()
	var calls atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		calls.Add(1)
		if user, pass, _ := r.BasicAuth(); user != "u" || pass != secret {
			w.WriteHeader(http.StatusUnauthorized)
		}
	}))
	t.Cleanup(server.Close)
	url := strings.Replace(server.URL, "http://", "http://u:"+secret+"@", 1)
	if err := proxy.New(proxy.Config{URL: url}, nil).Rotate(t.Context()); err != nil || calls.Load() != 1 {
		t.Errorf("got %v after %d calls, want success after one", err, calls.Load())
	}
}

// says reports whether err has want in it, or is nil when want is empty.
func says(err error, want string) bool {
	if err == nil || want == "" {
		return err == nil && want == ""
	}
	return strings.Contains(err.Error(), want)
}
