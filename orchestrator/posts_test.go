package orchestrator_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"postfleet/internal/progress"
	"postfleet/orchestrator"
	"postfleet/workerimage"
)

// phones are the control APIs of simulated phones, which run outside the fake
// engine: real HTTP, so these tests are on the real clock.
type phones struct {
	*fleet
	mu    sync.Mutex
	posts map[string]string // by phone, what /posts answers; none is an error
	asked []string
	urls  map[string]string
}

func newPhones(t *testing.T, n int, l *ledger) *phones {
	t.Helper()
	cfg := validConfig()
	cfg.Devices, cfg.Simulate, cfg.Workers, cfg.Accounts = nil, true, n, []string{"a", "b"}
	p := &phones{fleet: newFleetOf(t, cfg, l), posts: map[string]string{}, urls: map[string]string{}}
	for i := range n {
		name := workerimage.Name("f", workerimage.RolePhone, i)
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			p.answer(w, r, name)
		}))
		t.Cleanup(server.Close)
		p.posts[name] = "[]"
		p.urls[name] = strings.TrimPrefix(server.URL, "http://")
		if err := os.MkdirAll(filepath.Join(p.opts.DataDir, "sim"), 0o750); err != nil {
			t.Fatal(err)
		}
	}
	p.engine.Address = func(spec workerimage.Container, _ int) string { return p.urls[spec.Name] }
	p.jobTime = 0
	return p
}

func (p *phones) answer(w http.ResponseWriter, r *http.Request, name string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked = append(p.asked, name+r.URL.Path)
	switch {
	case r.URL.Path == "/state":
	case p.posts[name] == "":
		http.Error(w, "broken", http.StatusInternalServerError)
	default:
		_, _ = w.Write([]byte(p.posts[name]))
	}
}

func (p *phones) gathered() []map[string]any {
	p.t.Helper()
	body, err := os.ReadFile(filepath.Join(p.opts.DataDir, orchestrator.PostsFile))
	if err != nil {
		p.t.Fatal(err)
	}
	var posts []map[string]any
	if err := json.Unmarshal(body, &posts); err != nil {
		p.t.Fatal(err)
	}
	return posts
}

func TestPostsAreGathered(t *testing.T) {
	t.Parallel()
	p := newPhones(t, 2, newLedger("a", "b"))
	p.posts["f-phone-0"] = `[{"account":"a","caption":"<b> & \"q\"\n\u05e9","video_bytes":9007199254740993}]`
	p.posts["f-phone-1"] = `[{"account":"b","caption":"x"},{"account":"b","caption":"y"}]`
	p.run()
	want := []map[string]any{
		{"account": "a", "caption": "<b> & \"q\"\n\u05e9", "video_bytes": float64(9007199254740993), "device": "sim-0"},
		{"account": "b", "caption": "x", "device": "sim-1"},
		{"account": "b", "caption": "y", "device": "sim-1"},
	}
	if diff := cmp.Diff(want, p.gathered()); diff != "" {
		t.Errorf("posts (-want +got):\n%s", diff)
	}
	body, err := os.ReadFile(filepath.Join(p.opts.DataDir, orchestrator.PostsFile))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(body), "9007199254740993") {
		t.Error("a large number lost its last digit")
	}
}

func TestNoPostsAreAnEmptyList(t *testing.T) {
	t.Parallel()
	p := newPhones(t, 1, newLedger("a"))
	p.run()
	if got := p.gathered(); len(got) != 0 {
		t.Errorf("got %v, want an empty list", got)
	}
}

func TestPhonesStartBeforeWorkers(t *testing.T) {
	t.Parallel()
	p := newPhones(t, 1, newLedger("a"))
	var order []string
	p.engine.Fail = func(method, name string) error {
		if method == "Start" {
			order = append(order, name)
		}
		return nil
	}
	p.run()
	if want := []string{"f-phone-0", "f-worker-0"}; !slices.Equal(order, want) {
		t.Errorf("started %v, want %v", order, want)
	}
}

func TestPhonesAreKept(t *testing.T) {
	t.Parallel()
	p := newPhones(t, 2, newLedger("a", "b"))
	p.opts.Keep = true
	if _, err := p.orchestrator().Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := p.list("f"); !slices.Equal(got, []string{"f-phone-0", "f-phone-1"}) {
		t.Errorf("got %v, want the phones", got)
	}
	if got := p.engine.Networks(); !slices.Equal(got, []string{"net"}) {
		t.Errorf("got networks %v, want the phones' own", got)
	}

	// The next run finds them, and need not make them again.
	p.ledger.rows[0].Status = progress.StatusPending
	p.opts.Keep = false
	started := 0
	p.engine.Fail = func(method, name string) error {
		if method == "Start" && strings.Contains(name, "phone") {
			started++
		}
		return nil
	}
	p.run()
	if started > 0 {
		t.Errorf("made %d phones again", started)
	}
}

func TestPostsOfAPhoneThatIsDown(t *testing.T) {
	t.Parallel()
	p := newPhones(t, 2, newLedger("a"))
	// The second phone posted in an earlier run and is not needed in this one.
	p.plan.Slots[1].Device.Accounts = []string{"nobody"}
	touch(t, filepath.Join(p.opts.DataDir, "sim", "sim-1.json"))
	p.posts["f-phone-1"] = `[{"account":"b"}]`
	p.run()
	if got := p.gathered(); len(got) != 1 || got[0]["device"] != "sim-1" {
		t.Errorf("got %v, want the earlier run's post", got)
	}
}

func TestBrokenPhoneKeepsTheOldPosts(t *testing.T) {
	t.Parallel()
	p := newPhones(t, 1, newLedger("a"))
	path := filepath.Join(p.opts.DataDir, orchestrator.PostsFile)
	if err := os.WriteFile(path, []byte(`["old"]`), 0o600); err != nil {
		t.Fatal(err)
	}
	p.posts["f-phone-0"] = ""
	report, err := p.orchestrator().Run(t.Context())
	if err == nil || !strings.Contains(err.Error(), "f-phone-0") {
		t.Errorf("got %v, want an error that names the phone", err)
	}
	if report.ExitCode != workerimage.ExitError {
		t.Errorf("exit code: got %d, want %d", report.ExitCode, workerimage.ExitError)
	}
	if body, _ := os.ReadFile(path); string(body) != `["old"]` {
		t.Errorf("posts file: got %s, want it left alone", body)
	}
	p.nothingLeft()
}

func TestPostsAreMadeUpForAfterAKill(t *testing.T) {
	t.Parallel()
	p := newPhones(t, 1, newLedger("a"))
	p.ledger.rows[0].Status = progress.StatusSuccess
	touch(t, filepath.Join(p.opts.DataDir, "sim", "sim-0.json"))
	p.posts["f-phone-0"] = `[{"account":"a"}]`
	p.run() // nothing to do, but nobody gathered
	if got := p.gathered(); len(got) != 1 {
		t.Errorf("got %v, want the post", got)
	}
	p.mu.Lock()
	p.asked = nil
	p.mu.Unlock()
	began := time.Now()
	p.run() // nothing to do at all
	if len(p.asked) > 0 || time.Since(began) > time.Second {
		t.Errorf("asked %v in %s, want nothing", p.asked, time.Since(began))
	}
}
