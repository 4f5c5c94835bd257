package appium_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"postfleet/internal/appium"
)

// raw answers everything alike.
func raw(status int, body string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	})
}

func TestErrors(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		status int
		body   string
		want   *appium.Error
	}{
		{
			name: "w3c", status: 404,
			body: `{"value":{"error":"no such element","message":"not located\nmore","stacktrace":"at x"}}`,
			want: &appium.Error{Status: 404, Code: "no such element", Message: "not located\nmore"},
		},
		{
			name: "not json", status: 502, body: "<html>bad gateway</html>",
			want: &appium.Error{Status: 502, Code: "unknown error", Message: "<html>bad gateway</html>"},
		},
		{
			name: "json of another kind", status: 500, body: `{"value":"x"}`,
			want: &appium.Error{Status: 500, Code: "unknown error", Message: `{"value":"x"}`},
		},
		{name: "success that is no json", status: 200, body: "hello"},
		{name: "success of the wrong kind", status: 200, body: `{"value":[1]}`},
		{name: "success without a session", status: 200, body: `{"value":{}}`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			_, err := client(t, raw(tc.status, tc.body), appium.Timeouts{}).NewSession(t.Context(), nil)
			if err == nil {
				t.Fatal("got no error")
			}
			got, _ := errors.AsType[*appium.Error](err)
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestAnswerTooLarge(t *testing.T) {
	t.Parallel()
	c := client(t, raw(http.StatusOK, strings.Repeat("x", 33<<20)), appium.Timeouts{})
	if _, err := c.Ready(t.Context()); !errors.Is(err, appium.ErrAnswerTooLarge) {
		t.Errorf("got %v, want %v", err, appium.ErrAnswerTooLarge)
	}
}

func TestNobodyAnswers(t *testing.T) {
	t.Parallel()
	hang := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // only then does the server notice that the client leaves
		<-r.Context().Done()
	})
	t.Run("in the command's time", func(t *testing.T) {
		t.Parallel()
		c := client(t, hang, appium.Timeouts{Command: 20 * time.Millisecond})
		if _, err := c.Ready(t.Context()); !errors.Is(err, appium.ErrTimeout) {
			t.Errorf("got %v, want %v", err, appium.ErrTimeout)
		}
	})
	t.Run("in the session's time", func(t *testing.T) {
		t.Parallel()
		c := client(t, hang, appium.Timeouts{NewSession: 20 * time.Millisecond})
		if _, err := c.NewSession(t.Context(), nil); !errors.Is(err, appium.ErrTimeout) {
			t.Errorf("got %v, want %v", err, appium.ErrTimeout)
		}
	})
	t.Run("before the caller's patience ends", func(t *testing.T) {
		t.Parallel()
		errBored := errors.New("bored")
		ctx, cancel := context.WithTimeoutCause(t.Context(), 20*time.Millisecond, errBored)
		defer cancel()
		if _, err := client(t, hang, appium.Timeouts{}).Ready(ctx); !errors.Is(err, errBored) {
			t.Errorf("got %v, want %v", err, errBored)
		}
	})
	t.Run("at all", func(t *testing.T) {
		t.Parallel()
		srv := httptest.NewServer(hang)
		srv.Close()
		c := appium.NewClient(srv.URL, appium.Timeouts{})
		if _, err := c.Ready(t.Context()); !errors.Is(err, appium.ErrUnreachable) {
			t.Errorf("got %v, want %v", err, appium.ErrUnreachable)
		}
	})
}
