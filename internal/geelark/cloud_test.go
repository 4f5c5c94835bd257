package geelark_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"postfleet/internal/geelark"
	"postfleet/internal/geelark/budget"
)

const (
	bootTime    = 40 * time.Second
	adbTime     = 3 * time.Second
	testToken   = "planted-token-9f2c"
	phonePasswd = "planted-pwd"
)

// cloud is a GeeLark of a few phones. Requests reach it in memory, so that it
// works under synctest too.
type cloud struct {
	mu     sync.Mutex
	phones []*cloudPhone
	// calls are the requests so far, as "api id".
	calls []string
	times []time.Time
	// next are the answers to an API's next requests, before its own.
	next map[string][]reply
	// onStart is called when a start comes in.
	onStart func(id string)
	boot    time.Duration
	// deafADB is how often turning adb on has no effect.
	deafADB int
	uploads []string
}

type cloudPhone struct {
	id, name string
	status   geelark.Status
	readyAt  time.Time
	adbAt    time.Time
	port     int
}

func newCloud(names ...string) *cloud {
	c := &cloud{next: make(map[string][]reply), boot: bootTime}
	for i, name := range names {
		id := fmt.Sprintf("p%d", i+1)
		c.phones = append(c.phones, &cloudPhone{id: id, name: name, status: geelark.ShutDown, port: 5555})
	}
	return c
}

// client returns a client of this cloud whose budget is in dir.
func (c *cloud) client(t *testing.T, dir string) *geelark.Client {
	t.Helper()
	ration := budget.New(budget.Config{Path: filepath.Join(dir, "budget.json")})
	t.Cleanup(func() { _ = ration.Close() })
	client, err := geelark.New(geelark.Config{
		BaseURL: "http://cloud.test", Credentials: geelark.Credentials{Token: testToken},
		Budget: ration, HTTP: &http.Client{Transport: c},
	})
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// RoundTrip implements http.RoundTripper.
func (c *cloud) RoundTrip(req *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return nil, err
	}
	resp := httptest.NewRecorder()
	if !c.serve(resp, req, body) {
		<-req.Context().Done()
		return nil, req.Context().Err()
	}
	return resp.Result(), nil
}

type asked struct {
	ID       string   `json:"id"`
	IDs      []string `json:"ids"`
	Open     bool     `json:"open"`
	Name     string   `json:"serialName"`
	Page     int      `json:"page"`
	PageSize int      `json:"pageSize"`
}

// serve reports false when there is to be no answer.
func (c *cloud) serve(w http.ResponseWriter, req *http.Request, body []byte) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if req.Method == http.MethodPut {
		c.uploads = append(c.uploads, string(body))
		return true
	}
	var ask asked
	if err := json.Unmarshal(body, &ask); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return true
	}
	api := strings.TrimPrefix(req.URL.Path, "/open/v1/")
	c.calls = append(c.calls, strings.TrimSpace(api+" "+ask.ID+strings.Join(ask.IDs, ",")))
	c.times = append(c.times, time.Now())
	var now reply
	if waiting := c.next[api]; len(waiting) > 0 {
		now, c.next[api] = waiting[0], waiting[1:]
		if !now.applied {
			now.write(w)
			return !now.silent
		}
	}
	data, code := c.do(api, ask)
	if now.silent {
		return false
	}
	write(w, code, data)
	return true
}

func (c *cloud) do(api string, ask asked) (data any, code int) {
	switch api {
	case "phone/list":
		return c.list(ask), 0
	case "phone/uploadFile":
		return map[string]any{"taskId": "task-1"}, 0
	case "phone/uploadFile/result":
		return map[string]any{"status": 2}, 0
	case "upload/getUrl":
		return map[string]any{"uploadUrl": "http://store.test/put", "resourceUrl": "http://store.test/get"}, 0
	case "shell/execute":
		return map[string]any{"status": true, "output": "out"}, 0
	}
	return c.each(api, ask)
}

func (c *cloud) each(api string, ask asked) (data any, code int) {
	good, bad := []any{}, []any{}
	for _, id := range ask.IDs {
		one, code := c.one(api, c.phone(id), ask)
		switch {
		case api == "adb/getData":
			one["id"], one["code"] = id, code
			good = append(good, one)
		case code != 0:
			bad = append(bad, map[string]any{"id": id, "code": code, "msg": "no"})
		default:
			good = append(good, one)
		}
	}
	switch {
	case api == "adb/getData":
		return map[string]any{"items": good}, 0
	case len(bad) == len(ask.IDs):
		code = 40009
	case len(bad) > 0:
		code = 40006
	}
	return map[string]any{"successDetails": good, "failDetails": bad}, code
}

func (c *cloud) one(api string, p *cloudPhone, ask asked) (map[string]any, int) {
	now := time.Now()
	if p == nil {
		return map[string]any{}, 42001
	}
	if p.status == geelark.Starting && !now.Before(p.readyAt) {
		p.status = geelark.Started
	}
	switch api {
	case "phone/status":
	case "phone/start":
		if c.onStart != nil {
			c.onStart(p.id)
		}
		if p.status == geelark.ShutDown {
			p.status, p.readyAt, p.port, p.adbAt = geelark.Starting, now.Add(c.boot), p.port+1, time.Time{}
		}
	case "phone/stop":
		p.status = geelark.ShutDown
	case "adb/setStatus":
		p.adbAt = time.Time{}
		if ask.Open {
			p.adbAt = now.Add(adbTime)
		}
		if c.deafADB > 0 && ask.Open {
			c.deafADB--
			p.adbAt = time.Time{}
		}
	case "adb/getData":
		switch {
		case p.status != geelark.Started:
			return map[string]any{}, 42002
		case p.adbAt.IsZero() || now.Before(p.adbAt):
			return map[string]any{}, 49001
		}
		return map[string]any{"ip": "192.0.2.9", "port": strconv.Itoa(p.port), "pwd": phonePasswd}, 0
	}
	return map[string]any{"id": p.id, "serialName": p.name, "status": p.status}, 0
}

// list searches, as the service does, and does not look for equality.
func (c *cloud) list(ask asked) any {
	items := []any{}
	for _, p := range c.phones {
		if strings.Contains(p.name, ask.Name) {
			items = append(items, map[string]any{"id": p.id, "serialName": p.name, "status": p.status})
		}
	}
	from := min((ask.Page-1)*ask.PageSize, len(items))
	page := items[from:min(from+ask.PageSize, len(items))]
	return map[string]any{"total": len(items), "page": ask.Page, "pageSize": ask.PageSize, "items": page}
}

func (c *cloud) phone(id string) *cloudPhone {
	at := slices.IndexFunc(c.phones, func(p *cloudPhone) bool { return p.id == id })
	if at < 0 {
		return nil
	}
	return c.phones[at]
}

// reply makes an API answer so, the next times it is asked.
func (c *cloud) reply(api string, next ...reply) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.next[api] = append(c.next[api], next...)
}

// most returns the most requests to an API in any span of this length.
func (c *cloud) most(api string, span time.Duration) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	var at []time.Time
	most := 0
	for i, call := range c.calls {
		if name, _, _ := strings.Cut(call, " "); name != api {
			continue
		}
		at = append(at, c.times[i])
		for at[len(at)-1].Sub(at[0]) >= span {
			at = at[1:]
		}
		most = max(most, len(at))
	}
	return most
}

// count returns how often an API was asked.
func (c *cloud) count(api string) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	n := 0
	for _, call := range c.calls {
		if name, _, _ := strings.Cut(call, " "); name == api {
			n++
		}
	}
	return n
}

// status returns what the service thinks of a phone.
func (c *cloud) status(id string) geelark.Status {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.phone(id).status
}

// set makes a phone have a status without anybody having asked for it.
func (c *cloud) set(id string, status geelark.Status) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.phone(id).status = status
}
