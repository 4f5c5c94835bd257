package geelark_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"postfleet/internal/fault"
	"postfleet/internal/geelark"
	"postfleet/internal/geelark/budget"
)

// client returns a client of handler over real HTTP.
func client(t *testing.T, cfg geelark.Config, handler http.HandlerFunc) *geelark.Client {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	ration := budget.New(budget.Config{Path: filepath.Join(t.TempDir(), "budget.json")})
	t.Cleanup(func() { _ = ration.Close() })
	cfg.BaseURL, cfg.Budget, cfg.HTTP = server.URL, ration, server.Client()
	if cfg.Credentials == (geelark.Credentials{}) {
		cfg.Credentials.Token = testToken
	}
	c, err := geelark.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

const emptyList = `{"traceId":"T","code":0,"msg":"ok","data":{"total":0,"items":[]}}`

// The vector is the service's own.
func TestSignature(t *testing.T) {
	t.Parallel()
	var got http.Header
	c := client(t, geelark.Config{
		Credentials: geelark.Credentials{AppID: "eH6gQR4oHr3FsZpI36La01IW", APIKey: "YjmFIUuq0oJgSDJ42fxLEb6R1qjjqf"},
		NowFunc:     func() time.Time { return time.UnixMilli(1716972892166) },
		TraceIDFunc: func() string { return "db6094ab-3797-4186-84d5-b0b58eebad56" },
	}, func(w http.ResponseWriter, r *http.Request) {
		got = r.Header.Clone()
		_, _ = w.Write([]byte(emptyList))
	})
	if _, err := c.List(t.Context(), ""); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"appId": "eH6gQR4oHr3FsZpI36La01IW", "traceId": "db6094ab-3797-4186-84d5-b0b58eebad56",
		"ts": "1716972892166", "nonce": "db6094", "Authorization": "",
		"sign":         "6280C080AF7C3CCE168F15C913E3444A00A618CB0E16038EED9811D6E3366BDD",
		"Content-Type": "application/json",
	} {
		if got.Get(name) != want {
			t.Errorf("header %s: got %q, want %q", name, got.Get(name), want)
		}
	}
}

func TestToken(t *testing.T) {
	t.Parallel()
	var got []http.Header
	c := client(t, geelark.Config{}, func(w http.ResponseWriter, r *http.Request) {
		got = append(got, r.Header.Clone())
		if r.Method != http.MethodPost || r.URL.Path != "/open/v1/phone/list" {
			t.Errorf("got %s %s", r.Method, r.URL)
		}
		_, _ = w.Write([]byte(emptyList))
	})
	for range 2 {
		if _, err := c.List(t.Context(), ""); err != nil {
			t.Fatal(err)
		}
	}
	upper4 := regexp.MustCompile(`^[0-9A-F]{8}-[0-9A-F]{4}-4[0-9A-F]{3}-[89AB][0-9A-F]{3}-[0-9A-F]{12}$`)
	for _, h := range got {
		if h.Get("Authorization") != "Bearer "+testToken || !upper4.MatchString(h.Get("Traceid")) {
			t.Errorf("got headers %v", h)
		}
	}
	if got[0].Get("Traceid") == got[1].Get("Traceid") {
		t.Error("two requests with one trace id")
	}
}

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	ration := budget.New(budget.Config{Path: filepath.Join(t.TempDir(), "b")})
	token := geelark.Credentials{Token: testToken}
	for name, cfg := range map[string]geelark.Config{
		"no budget":      {Credentials: token},
		"no credentials": {Budget: ration},
		"both":           {Budget: ration, Credentials: geelark.Credentials{Token: testToken, AppID: "a", APIKey: "k"}},
		"half a key":     {Budget: ration, Credentials: geelark.Credentials{AppID: "a"}},
		"no host":        {Budget: ration, Credentials: token, BaseURL: testToken},
		"another scheme": {Budget: ration, Credentials: token, BaseURL: "ftp://" + testToken},
		"user in URL":    {Budget: ration, Credentials: token, BaseURL: "http://u:" + testToken + "@h"},
	} {
		if _, err := geelark.New(cfg); err == nil || strings.Contains(err.Error(), testToken) {
			t.Errorf("%s: got error %v", name, err)
		}
	}
}

// Secrets are planted in all that is sent, and the server sends them back in
// every way it can.
func TestNoSecretInErrors(t *testing.T) {
	t.Parallel()
	secrets := []string{testToken, "planted-key"}
	echo := strings.Join(secrets, " ")
	replies := []http.HandlerFunc{
		func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintf(w, `{"code":40003,"msg":%q}`, echo) },
		func(w http.ResponseWriter, _ *http.Request) { http.Error(w, echo, http.StatusBadGateway) },
		func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(echo)) },
		func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintf(w, `{"code":0,"data":%q}`, echo) },
		func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://127.0.0.1:1/?"+testToken, http.StatusTemporaryRedirect)
		},
		func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprintf(w, `{"code":40009,"data":{"failDetails":[{"id":"p1","code":43004,"msg":%q}]}}`, echo)
		},
	}
	for _, creds := range []geelark.Credentials{{Token: testToken}, {AppID: "app", APIKey: "planted-key"}} {
		own := creds.Token + creds.APIKey
		for i, handler := range replies {
			c := client(t, geelark.Config{Credentials: creds}, handler)
			_, listErr := c.List(t.Context(), "")
			_, startErr := c.Start(t.Context(), geelark.StartOptions{}, "p1").One("p1")
			for _, err := range []error{listErr, startErr} {
				if err == nil {
					t.Errorf("answer %d: no error", i)
				}
				for _, said := range []string{fmt.Sprint(err), fmt.Sprintf("%+v", err), fmt.Sprintf("%#v", err)} {
					if strings.Contains(said, own) {
						t.Errorf("answer %d: a secret in %s", i, said)
					}
				}
			}
			cfg := geelark.Config{Credentials: creds}
			for _, said := range []string{fmt.Sprintf("%+v %#v", creds, cfg), fmt.Sprintf("%+v %#v", c, c)} {
				if strings.Contains(said, own) {
					t.Errorf("printed: %s", said)
				}
			}
		}
	}
}

func TestAnswersThatAreNone(t *testing.T) {
	t.Parallel()
	const aWhile = 10 * time.Second
	for _, tt := range []struct {
		name    string
		status  int
		body    string
		want    error
		verdict geelark.Verdict
		after   time.Duration
	}{
		{"a gateway's page", 502, "<html>", geelark.ErrUnavailable, geelark.Later, aWhile},
		{"a code counts more than the status", 500, `{"code":43004}`, geelark.ErrExpired, geelark.GiveUpPhone, 0},
		{"code 0 with a bad status", 503, `{"code":0,"data":{}}`, geelark.ErrUnavailable, geelark.Later, aWhile},
		{"too many", 429, "", geelark.ErrLimited, geelark.Later, time.Minute},
		{"not found", 404, "", geelark.ErrUnknown, geelark.GiveUpPhone, 0},
		{"a redirect", 302, "", geelark.ErrUnknown, geelark.GiveUpPhone, 0},
		{"no JSON", 200, "hello", geelark.ErrUnavailable, geelark.Later, aWhile},
		{"no code", 200, `{"data":{}}`, geelark.ErrUnavailable, geelark.Later, aWhile},
		{"no data", 200, `{"code":0}`, geelark.ErrUnavailable, geelark.Later, aWhile},
		{"other data", 200, `{"code":0,"data":[]}`, geelark.ErrUnavailable, geelark.Later, aWhile},
		{"too long", 200, emptyList + strings.Repeat(" ", 9<<20), geelark.ErrUnavailable, geelark.Later, aWhile},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := client(t, geelark.Config{}, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Location", "/elsewhere")
				w.WriteHeader(tt.status)
				_, _ = w.Write([]byte(tt.body))
			})
			_, err := c.List(t.Context(), "")
			verdict, after := geelark.VerdictOf(err)
			if !errors.Is(err, tt.want) || verdict != tt.verdict || after != tt.after {
				t.Errorf("got %v: %s after %s", err, verdict, after)
			}
			if fault.Of(err) == fault.Unclassified {
				t.Error("no class")
			}
		})
	}
}

// A request that is not answered is broken off when the budget's time for one
// is over, and the caller's own end is no fault.
func TestDeadlines(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		cloud := newCloud("a")
		cloud.reply("phone/status", reply{silent: true})
		c := cloud.client(t, t.TempDir())
		begun := time.Now()
		_, err := c.Status(t.Context(), "p1").One("p1")
		if took := time.Since(begun); took != budget.DefaultFlight || !fault.Is(err, fault.Infra) {
			t.Errorf("got %v after %s", err, took)
		}
	})
}

func names(phones []geelark.Listed) (out []string) {
	for _, p := range phones {
		out = append(out, p.Name)
	}
	return out
}

func TestFind(t *testing.T) {
	t.Parallel()
	var all []string
	for i := range 249 {
		all = append(all, fmt.Sprintf("shop_%d", i))
	}
	all = append(all, "shop", "twin", "twin")
	cloud := newCloud(all...)
	c := cloud.client(t, t.TempDir())
	listed, err := c.List(t.Context(), "")
	if err != nil || cloud.count("phone/list") != 3 {
		t.Fatalf("got error %v after %d requests", err, cloud.count("phone/list"))
	}
	if diff := cmp.Diff(all, names(listed)); diff != "" {
		t.Error(diff)
	}
	// The service finds all 250 of them, on three pages; the right one is last.
	if got, err := c.Find(t.Context(), "shop"); err != nil || got.ID != "p250" {
		t.Errorf("got %v, %v", got, err)
	}
	for _, name := range []string{"sho", "SHOP", "shop ", "twin", ""} {
		if got, err := c.Find(t.Context(), name); !errors.Is(err, geelark.ErrNoPhone) || !fault.Is(err, fault.Human) {
			t.Errorf("find %q: got %v, %v", name, got, err)
		}
	}
}

// A list whose total is never reached ends with its first empty page.
func TestListEnds(t *testing.T) {
	t.Parallel()
	pages := 0
	c := client(t, geelark.Config{}, func(w http.ResponseWriter, _ *http.Request) {
		pages++
		items := `{"id":"p1","serialName":"a","status":2}`
		if pages == 3 {
			items = ""
		}
		fmt.Fprintf(w, `{"code":0,"data":{"total":1000,"items":[%s]}}`, items)
	})
	got, err := c.List(t.Context(), "")
	if err != nil || len(got) != 1 || pages != 3 {
		t.Errorf("got %v, %v after %d pages", got, err, pages)
	}
}
