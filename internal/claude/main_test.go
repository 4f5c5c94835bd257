package claude_test

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"postfleet/internal/claude"
	"postfleet/internal/claude/budget"
	"postfleet/internal/claudesim"
	"postfleet/internal/screen"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const planted = "sk-ant-planted-4711"

// world is a client that asks a stand-in, and what came of it.
type world struct {
	sim    *claudesim.Server
	url    string
	client *claude.Client
	// spending is where the budget's file is.
	spending string
	log      *safeBuffer
}

// spent is what the budget's file has of the run and of a job.
func (w *world) spent(t *testing.T, job string) (run, ofJob budget.Spent) {
	t.Helper()
	data, err := os.ReadFile(w.spending)
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Total budget.Spent
		Jobs  map[string]budget.Spent
	}
	if err := json.Unmarshal(data, &file); err != nil {
		t.Fatal(err)
	}
	return file.Total, file.Jobs[job]
}

type options struct {
	sim      claudesim.Config
	job, run budget.Limit
	cfg      claude.Config
}

func roomy() options { return options{job: budget.NoLimit(), run: budget.NoLimit()} }

func newWorld(t *testing.T, o options) *world {
	t.Helper()
	if o.sim.Mind == nil {
		o.sim.Mind = honest()
	}
	w := &world{sim: claudesim.New(o.sim), log: &safeBuffer{}}
	server := httptest.NewServer(w.sim)
	t.Cleanup(server.Close)
	w.url = server.URL
	w.spending = filepath.Join(t.TempDir(), budget.FileName)
	cfg := o.cfg
	cfg.Budget = budget.New(budget.Config{Path: w.spending, Job: o.job, Run: o.run})
	t.Cleanup(func() { _ = cfg.Budget.Close() })
	if cfg.Key == "" {
		cfg.Key = planted
	}
	if cfg.BaseURL == "" {
		cfg.BaseURL = server.URL
	}
	var err error
	w.client, err = claude.New(cfg, slog.New(slog.NewTextHandler(w.log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.client.Close)
	w.client.Begin("17")
	return w
}

func honest() claudesim.Honest {
	return claudesim.Honest{
		Elements: map[string]func(claudesim.Line) bool{
			"create_tab":  func(l claudesim.Line) bool { return l.Has("tab_create") || l.Has("erstellen") },
			"profile_tab": func(l claudesim.Line) bool { return l.Has("profile") },
		},
		Dismiss: func(l claudesim.Line) bool { return l.Has("not now") },
	}
}

// outline is a screen of these elements, as role, label and id.
func outline(elements ...[3]string) screen.Outline {
	var o screen.Outline
	for i, e := range elements {
		n := i + 1
		o.Lines = append(o.Lines, screen.Line{
			Number: n, Node: &screen.Node{Class: "android.widget.Button", ID: "app:id/" + e[2], Desc: e[1]},
			Text: strconv.Itoa(n) + " " + e[0] + " " + strconv.Quote(e[1]) + " " + e[2],
		})
	}
	return o
}

func question() claude.Question {
	return claude.Question{
		Goal: "Open the choice of what to create.", Step: "open_create",
		Wanted: []claude.Named{{Name: "create_tab", Is: "The tab that opens the choice of what to create."}},
		Known: []claude.Named{
			{Name: "create_tab", Is: "The tab that opens the choice of what to create."},
			{Name: "profile_tab", Is: "The tab with one's own profile."},
			{Name: "reel_choice", Is: "What is chosen to make a reel."},
		},
		Outline: outline(
			[3]string{"button", "Home", "tab_home"}, [3]string{"button", "Neu", "tab_create"},
			[3]string{"button", "Your profile", "tab_profile"}),
	}
}

// soon has a failure tried again at once.
func soon(r claudesim.Reply) claudesim.Reply {
	if r.Header == nil {
		r.Header = map[string][]string{}
	}
	r.Header.Set("Retry-After-Ms", "1")
	return r
}

const aWhile = 200 * time.Millisecond

// safeBuffer is written by a logger while a test reads it.
type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *safeBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *safeBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}
