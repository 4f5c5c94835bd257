package geelark

import (
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// runService runs a cloud with real phones until the test ends, or until the
// stop it returns.
func runService(t *testing.T, cfg Config) (*Service, func()) {
	t.Helper()
	set(&cfg.Scale, 0.0001)
	s, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx) }()
	stopped := false
	stop := func() {
		if stopped {
			return
		}
		stopped = true
		cancel()
		if err := <-done; err != nil {
			t.Errorf("Run: %v", err)
		}
	}
	t.Cleanup(stop)
	return s, stop
}

// realConfig is one for the network; each test has ports of its own.
func realConfig(first int, names ...string) Config {
	cfg := testConfig(names...)
	cfg.PortFirst, cfg.PortLast = first, first+9
	return cfg
}

func await(t *testing.T, what string, condition func() bool) {
	t.Helper()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	deadline := time.After(5 * time.Second)
	for !condition() {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("waited for %s in vain", what)
		}
	}
}

// reach starts a phone and its ADB, and tells where it is.
func (s *Service) reach(t *testing.T, name string) (hostport, password string) {
	t.Helper()
	s.must(t, apiStart, idsBody, name)
	await(t, "the start", func() bool { return s.statusOf(t, name) == statusStarted })
	s.must(t, apiADBStatus, openBody, name)
	await(t, "adb", func() bool {
		var c int
		c, hostport, password = s.dataOf(t, name)
		return c == 0
	})
	return hostport, password
}

func (h *adbHost) want(t *testing.T, line, part string) {
	t.Helper()
	out, err := h.shell(line)
	if err != nil || !strings.Contains(out, part) {
		t.Errorf("%s: got %q, %v, want %q", line, out, err, part)
	}
}

func TestPhoneOverADB(t *testing.T) {
	t.Parallel()
	cfg := realConfig(31000, "a", "b")
	cfg.Limits.PerMinute = 10_000
	s, _ := runService(t, cfg)
	address, password := s.reach(t, "a")
	host, err := adbConnect(address)
	if err != nil {
		t.Fatal(err)
	}
	defer host.close()
	host.want(t, "getprop ro.serialno", "glogin")
	host.want(t, "glogin "+password, "success")
	host.want(t, "getprop ro.serialno", "GL"+s.named(t, "a").id)
	if w := s.ask("POST", "/faults", `{"kind":"glogin_expired","phone":"a"}`); w.Code != 200 {
		t.Fatalf("got %d %s", w.Code, w.Body)
	}
	host.want(t, "getprop ro.serialno", "glogin")
	host.want(t, "glogin "+password, "success")
	again, err := adbConnect(address)
	if err != nil {
		t.Fatal(err)
	}
	defer again.close()
	again.want(t, "getprop ro.serialno", "glogin")
	if m := s.meter().Phones[0]; len(m.ADB) != 2 || m.MaxHosts != 1 || !m.Running {
		t.Errorf("got %+v", m)
	}
	s.must(t, apiStop, idsBody, "a")
	if _, err := host.shell("true"); err == nil {
		t.Error("the connection outlived the phone's being on")
	}
	if h, err := adbConnect(address); err == nil {
		h.close()
		t.Error("a phone that is off was connected to")
	}
	await(t, "the end of the connections", func() bool { return len(s.meter().Phones[0].ADB) == 0 })
	other, newPassword := s.reach(t, "a")
	if other == address || newPassword == password {
		t.Errorf("got %s and %s again", other, newPassword)
	}
}

func TestFaultsOnTheWay(t *testing.T) {
	t.Parallel()
	s, _ := runService(t, realConfig(31010, "a"))
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	post := func(api string) (int, error) {
		r := request("http://"+s.APIAddress()+api, `{"ids":["`+s.named(t, "a").id+`"]}`)
		r.RequestURI = ""
		response, err := client.Do(r.WithContext(t.Context()))
		if err != nil {
			return 0, err
		}
		defer func() { _ = response.Body.Close() }()
		_, err = io.Copy(io.Discard, response.Body)
		return response.StatusCode, err
	}
	s.arm(t, Fault{Kind: kindLostAnswer, API: apiStart, Count: 1})
	if status, err := post(apiStart); err == nil {
		t.Errorf("lost answer: got %d", status)
	}
	if m := s.meter(); m.Running != 1 {
		t.Error("the call with the lost answer was not obeyed")
	}
	s.arm(t, Fault{Kind: kindHTTPError, Count: 1})
	s.arm(t, Fault{Kind: kindHTTPError, Code: 503, Count: 1})
	s.arm(t, Fault{Kind: kindSlowAnswer, DelayMS: 50, Count: 1})
	begin := time.Now()
	for _, want := range []int{502, 503, 200} {
		if status, err := post(apiStatus); status != want || err != nil {
			t.Errorf("got %d, %v, want %d", status, err, want)
		}
	}
	if took := time.Since(begin); took < 50*time.Millisecond {
		t.Errorf("a slow answer took %s", took)
	}
	s.arm(t, Fault{Kind: kindSlowAnswer, DelayMS: int64(time.Hour / time.Millisecond), Count: 1})
	client.Timeout = 20 * time.Millisecond
	if status, err := post(apiStatus); err == nil {
		t.Errorf("an answer in an hour: got %d", status)
	}
}

func TestControlOfPhones(t *testing.T) {
	t.Parallel()
	s, _ := runService(t, realConfig(31020, "a", "b c"))
	w := s.ask("GET", "/phones/b%20c/state", "")
	if w.Code != 200 || !strings.Contains(w.Body.String(), `"account":"b c"`) {
		t.Errorf("got %d %s", w.Code, w.Body)
	}
	for _, path := range []string{"/phones/b/state", "/phones/a/nothing", "/nothing"} {
		if w := s.ask("GET", path, ""); w.Code != 404 {
			t.Errorf("%s: got %d, want 404", path, w.Code)
		}
	}
	if w := s.ask("POST", "/phones/a/account", `{"name":"x"}`); w.Code != 200 || s.sims["a"].State().Account != "x" {
		t.Errorf("got %d %s", w.Code, w.Body)
	}
	for _, path := range []string{"/healthz", "/meter", "/limits", "/posts", "/faults", "/phones/a/posts"} {
		if w := s.ask("GET", path, ""); w.Code != 200 || !json.Valid(w.Body.Bytes()) {
			t.Errorf("%s: got %d %s", path, w.Code, w.Body)
		}
	}
	s.must(t, apiStart, idsBody, "a", "b c")
	if w := s.ask("POST", "/faults", `{"kind":"shutdown","phone":"a"}`); w.Code != 200 {
		t.Errorf("got %d %s", w.Code, w.Body)
	}
	await(t, "the shutdown", func() bool { return s.statusOf(t, "a") == statusOff })
	if got := s.statusOf(t, "b c"); got == statusOff {
		t.Error("the other phone shut down too")
	}
	s.arm(t, Fault{Kind: kindProxyDown})
	if w := s.ask("DELETE", "/faults", ""); w.Code != 204 || len(s.faults.list()) != 0 {
		t.Errorf("got %d", w.Code)
	}
}

func TestNewFailsWhole(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = taken.Close() }()
	for name, change := range map[string]func(*Config){
		"no phones":      func(c *Config) { c.Phones = nil },
		"same names":     func(c *Config) { c.Phones = append(c.Phones, c.Phones[0]) },
		"blank account":  func(c *Config) { c.Phones[0].Accounts = []string{""} },
		"no way in":      func(c *Config) { c.Token = "" },
		"half a key":     func(c *Config) { c.Token, c.AppID = "", "x" },
		"no spare port":  func(c *Config) { c.PortLast = c.PortFirst },
		"bad port":       func(c *Config) { c.PortLast = 70000 },
		"bad chance":     func(c *Config) { c.StuckChance = 2 },
		"negative scale": func(c *Config) { c.Scale = -1 },
		"negative limit": func(c *Config) { c.Limits.PerHour = -1 },
		"api taken":      func(c *Config) { c.APIAddress = taken.Addr().String() },
		"control taken":  func(c *Config) { c.ControlAddress = taken.Addr().String() },
		"state is a file": func(c *Config) {
			c.StateDir = filepath.Join(t.TempDir(), "f")
			_ = os.WriteFile(c.StateDir, nil, 0o644)
		},
		"broken meter": func(c *Config) {
			c.StateDir = t.TempDir()
			_ = os.MkdirAll(meterDir(c.StateDir), 0o755)
			_ = os.WriteFile(filepath.Join(meterDir(c.StateDir), phoneID("a")+".json"), []byte("{"), 0o644)
		},
	} {
		cfg := realConfig(31040, "a")
		change(&cfg)
		if s, err := New(cfg); err == nil {
			t.Errorf("%s: got a cloud", name)
			ended, cancel := context.WithCancel(t.Context())
			cancel()
			_ = s.Run(ended)
		}
	}
}
