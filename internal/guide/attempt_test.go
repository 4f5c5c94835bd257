package guide_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	"postfleet/internal/claude"
	"postfleet/internal/claude/budget"
	"postfleet/internal/claude/price"
	"postfleet/internal/claudesim"
	"postfleet/internal/fault"
	"postfleet/internal/guide"
	"postfleet/internal/jobs"
	"postfleet/internal/learned"
	"postfleet/internal/navigator"
	"postfleet/internal/posting"
	"postfleet/internal/recipe"
)

// apiKey is the secret that is to be nowhere.
const apiKey = "sk-ant-api03-planted-4711"

var loadRecipe = sync.OnceValues(func() (*recipe.Recipe, error) { return recipe.Load("builtin:instagram-reel") })

func builtin(t *testing.T) *recipe.Recipe {
	t.Helper()
	r, err := loadRecipe()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// fleet is what workers have in common: a directory, a model, and a log of
// everything that is said at level debug.
type fleet struct {
	t     *testing.T
	dir   string
	wire  *wire
	model *claudesim.Server
	// mind is the model's.
	mind claudesim.Mind
	// free counts the questions that were answered in honesty.
	free atomic.Int32
	log  lines
}

// newFleet has its model served until stop is called. dir is made outside of the
// bubble, which t.TempDir does not like.
func newFleet(t *testing.T, dir string) (f *fleet, stop func()) {
	t.Helper()
	f = &fleet{t: t, dir: dir, wire: newWire()}
	ctx, cancel := context.WithCancel(t.Context())
	f.model = claudesim.New(claudesim.Config{Key: apiKey, Mind: mindOf(func(p claudesim.Prompt) claudesim.Reply {
		return f.mind.Answer(p)
	})})
	var serving sync.WaitGroup
	serving.Go(func() {
		if err := f.model.Serve(ctx, f.wire); err != nil {
			t.Error(err)
		}
	})
	return f, func() { cancel(); serving.Wait() }
}

type mindOf func(p claudesim.Prompt) claudesim.Reply

func (m mindOf) Answer(p claudesim.Prompt) claudesim.Reply { return m(p) }

// lines are what loggers wrote.
type lines struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func (f *fleet) path(name string) string { return filepath.Join(f.dir, name) }

func (f *fleet) records() []learned.Record {
	f.t.Helper()
	all, stops, err := learned.Records(f.path(learned.FileName))
	if err != nil || len(stops) > 0 {
		f.t.Errorf("what was learned: %v, learning is off for %v", err, stops)
	}
	return all
}

// worker is how one worker works.
type worker struct {
	name string
	// alone: the model finds all elements, as in mode claude.
	alone bool
	// calls bounds the questions of a job; 0 is what workers have by themselves.
	calls   int
	caption string
	// job is the job's id.
	job int
}

// reel is the content of its video.
func (w worker) reel() []byte { return []byte("a reel of " + w.name) }

// outcome is what came of an attempt.
type outcome struct {
	err    error
	calls  int
	phases []string
}

// post has a worker make one attempt at a job, with all that is real but the
// phone and the service behind the model.
func (f *fleet) post(p *phone, w worker) outcome {
	f.t.Helper()
	return f.postWithin(f.t.Context(), p, w)
}

func (f *fleet) postWithin(ctx context.Context, p *phone, w worker) outcome {
	f.t.Helper()
	logger := slog.New(slog.NewJSONHandler(&f.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	const calls, dollars = 12, 0.15
	limit := budget.ForJob(calls, price.USD(dollars))
	if w.calls > 0 {
		limit.Calls = w.calls
	}
	g, err := guide.Open(guide.Config{
		DataDir: f.dir, Worker: w.name, Fleet: "fleet", Key: claude.Key(apiKey), BaseURL: "http://model.invalid",
		Job: limit, Run: budget.NoLimit(), IgnoreSelectors: w.alone,
	}, logger)
	if err != nil {
		f.t.Fatal(err)
	}
	defer func() {
		if err := g.Close(); err != nil {
			f.t.Error(err)
		}
	}()
	r := builtin(f.t)
	nav := navigator.New(r, navigator.Config{Help: g.Help(p, r.AppID()), MaxSteps: 60}, logger)
	var o outcome
	a := f.attempt(p, w, &o)
	p.posting = false
	g.Begin(strconv.Itoa(a.Job.ID))
	o.err = posting.New(posting.Config{}, p, nav, nil, logger).Run(onWire(ctx, f.wire), a)
	o.calls, _ = g.Used()
	return o
}

func (f *fleet) attempt(p *phone, w worker, o *outcome) posting.Attempt {
	video := f.path("reel-" + w.name + ".mp4")
	if err := os.WriteFile(video, w.reel(), 0o600); err != nil {
		f.t.Fatal(err)
	}
	return posting.Attempt{
		Job:    jobs.PostJob{ID: w.job, Account: p.account, Video: filepath.Base(video), Caption: w.caption},
		Number: 1, VideoPath: video, Artifacts: f.path("artifacts-" + w.name),
		Posting: func(context.Context) error {
			o.phases, p.posting = append(o.phases, "posting"), true
			return nil
		},
		Posted: func(context.Context) error {
			o.phases = append(o.phases, "posted")
			return nil
		},
	}
}

// sound checks what must hold whatever was on the screens: only what the flow
// may do was done, and what is said of the post is true. before is how many
// posts there were.
func (o outcome) sound(t *testing.T, p *phone, w worker, before int) {
	t.Helper()
	for _, did := range p.outside {
		t.Errorf("outside of the flow: %s", did)
	}
	for _, text := range p.typed {
		if text != w.caption {
			t.Errorf("typed %q", text)
		}
	}
	all := p.Service.All()
	posts, shares := all[:len(all)-before], p.Shares()
	if len(posts) > 1 || len(posts) > shares || shares > len(o.phases) {
		t.Errorf("%d posts by %d touches of share, phases %v", len(posts), shares, o.phases)
	}
	video := fmt.Sprintf("%x", sha256.Sum256(w.reel()))
	for _, post := range posts {
		if post.Account != p.account || post.Caption != w.caption || post.VideoSHA256 != video {
			t.Errorf("not what was asked for: %+v", post)
		}
	}
	switch said := fmt.Sprint(o.phases); {
	case o.err == nil && (len(posts) != 1 || said != "[posting posted]"):
		t.Errorf("posted, it says, with %d posts and phases %s", len(posts), said)
	case o.err != nil && len(posts) > 0 && !fault.Is(o.err, fault.OutcomeUnknown):
		t.Errorf("there is a post, and it says %v", o.err)
	case o.err != nil && fault.Of(o.err) == fault.Unclassified:
		t.Errorf("without a class: %v", o.err)
	}
}
