package worker_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"postfleet/internal/fault"
	"postfleet/internal/jobs"
	"postfleet/internal/logging"
	"postfleet/internal/posting"
	"postfleet/internal/progress"
	"postfleet/internal/worker"
)

// TestMain puts the ledgers where a flush costs nothing.
func TestMain(m *testing.M) {
	const shm = "/dev/shm"
	if info, err := os.Stat(shm); err == nil && info.IsDir() {
		if err := os.Setenv("TMPDIR", shm); err != nil {
			panic(err)
		}
	}
	goleak.VerifyTestMain(m)
}

// bench is a data directory with a real ledger, and fakes for all that needs a
// phone. Its worker is made by worker.
type bench struct {
	t      *testing.T
	dir    string
	ledger *progress.CSV
	cfg    worker.Config
	adb    *server
	appium *server
	device *phone
	poster *poster
	logs   *logBuffer

	mu     sync.Mutex
	events []string
}

// newBench seeds one job for each account.
func newBench(t *testing.T, accounts ...string) *bench {
	t.Helper()
	b := &bench{t: t, dir: t.TempDir(), logs: &logBuffer{}}
	if err := os.Mkdir(filepath.Join(b.dir, "media"), 0o755); err != nil {
		t.Fatal(err)
	}
	var all []jobs.PostJob
	for i, a := range accounts {
		video := fmt.Sprintf("v%d.mp4", i+1)
		if err := os.WriteFile(filepath.Join(b.dir, "media", video), []byte("video"), 0o600); err != nil {
			t.Fatal(err)
		}
		all = append(all, jobs.PostJob{ID: i + 1, Account: a, Video: video, Caption: "caption " + strconv.Itoa(i+1)})
	}
	ledger, err := progress.Open(b.dir, progress.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = ledger.Close() })
	if _, err := ledger.Seed(t.Context(), all, nil); err != nil {
		t.Fatal(err)
	}
	b.ledger = ledger
	b.adb, b.appium = &server{bench: b, name: "adb"}, &server{bench: b, name: "appium"}
	b.device, b.poster = &phone{bench: b}, &poster{bench: b}
	b.cfg = worker.Config{
		ID: "0", Device: "sim-0", DataDir: b.dir, MaxAttempts: 3, RetryDelay: time.Minute,
		JobTimeout: 10 * time.Minute, DrainTimeout: 20 * time.Minute,
	}
	return b
}

func (b *bench) note(event string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.events = append(b.events, event)
}

func (b *bench) parts() worker.Parts {
	return worker.Parts{
		ADB: b.adb.start, Appium: b.appium.start, Device: b.device, Poster: b.poster, Ledger: b.ledger,
	}
}

func (b *bench) logger() *slog.Logger {
	return slog.New(slog.NewJSONHandler(b.logs, nil)).With(slog.String(logging.KeyWorker, b.cfg.ID))
}

func (b *bench) worker() *worker.Worker { return worker.New(b.cfg, b.parts(), b.logger()) }

// run lives a worker's whole life.
func (b *bench) run() error { return b.worker().Run(b.t.Context()) }

func (b *bench) rows() []progress.Row {
	b.t.Helper()
	rows, err := b.ledger.Snapshot(b.t.Context())
	if err != nil {
		b.t.Fatal(err)
	}
	return rows
}

func (b *bench) statuses() []progress.Status {
	var all []progress.Status
	for _, r := range b.rows() {
		all = append(all, r.Status)
	}
	return all
}

// results are the rows of results.csv by column, without the header.
func (b *bench) results() []map[string]string {
	b.t.Helper()
	f, err := os.Open(filepath.Join(b.dir, "results.csv"))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		b.t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	lines, err := csv.NewReader(f).ReadAll()
	if err != nil {
		b.t.Fatal(err)
	}
	var rows []map[string]string
	for _, l := range lines[1:] {
		row := make(map[string]string)
		for i, name := range lines[0] {
			row[name] = l[i]
		}
		rows = append(rows, row)
	}
	return rows
}

// server is a child process that lives until somebody ends it.
type server struct {
	*bench
	name string
	// startErr, when set, is asked before each start, counted from 1.
	startErr func(n int) error

	mu      sync.Mutex
	running *child
	starts  int
}

func (s *server) start(context.Context) (worker.Server, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.starts++
	if s.startErr != nil {
		if err := s.startErr(s.starts); err != nil {
			return nil, err
		}
	}
	s.note(s.name + " starts")
	s.running = &child{server: s, done: make(chan struct{})}
	return s.running, nil
}

// die ends the server that runs now, as a crash would.
func (s *server) die() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.running.end(errors.New("signal: killed"))
}

func (s *server) started() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.starts
}

type child struct {
	*server
	once sync.Once
	done chan struct{}
	err  error
}

func (c *child) end(err error) {
	c.once.Do(func() {
		c.err = err
		close(c.done)
	})
}

func (c *child) Done() <-chan struct{} { return c.done }
func (c *child) Err() error            { return c.err }

func (c *child) Stop(context.Context) error {
	c.end(nil)
	c.note(c.name + " stops")
	return nil
}

// phone is a device that is well unless connectFunc says otherwise.
type phone struct {
	*bench
	connectFunc func(ctx context.Context, n int) error

	mu       sync.Mutex
	connects int
}

func (p *phone) Connect(ctx context.Context) error {
	p.mu.Lock()
	p.connects++
	n := p.connects
	p.mu.Unlock()
	p.note("device connects")
	if p.connectFunc != nil {
		return p.connectFunc(ctx, n)
	}
	return nil
}

func (p *phone) Close(ctx context.Context) error {
	p.note("device closes")
	if ctx.Err() != nil {
		return fmt.Errorf("close with a context that has ended: %w", ctx.Err())
	}
	return nil
}

// poster posts at once unless its functions say otherwise, and keeps what it
// was told. posts counts share taps by job.
type poster struct {
	*bench
	runFunc    func(ctx context.Context, a posting.Attempt) error
	verifyFunc func(ctx context.Context, a posting.Attempt) (posting.Verdict, error)

	mu       sync.Mutex
	runs     []posting.Attempt
	verifies []posting.Attempt
	posts    map[int]int
}

func (p *poster) Run(ctx context.Context, a posting.Attempt) error {
	p.mu.Lock()
	p.runs = append(p.runs, a)
	p.mu.Unlock()
	if p.runFunc != nil {
		return p.runFunc(ctx, a)
	}
	return p.post(ctx, a)
}

// post does what a good attempt does.
func (p *poster) post(ctx context.Context, a posting.Attempt) error {
	if err := p.tap(ctx, a); err != nil {
		return err
	}
	return a.Posted(context.WithoutCancel(ctx))
}

// tap does the irreversible half.
func (p *poster) tap(ctx context.Context, a posting.Attempt) error {
	if err := os.MkdirAll(a.Artifacts, 0o755); err != nil {
		return err
	}
	if err := a.Posting(ctx); err != nil {
		return fmt.Errorf("not shared: %w", err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.posts == nil {
		p.posts = make(map[int]int)
	}
	p.posts[a.Job.ID]++
	return nil
}

func (p *poster) Verify(ctx context.Context, a posting.Attempt) (posting.Verdict, error) {
	p.mu.Lock()
	p.verifies = append(p.verifies, a)
	p.mu.Unlock()
	if p.verifyFunc != nil {
		return p.verifyFunc(ctx, a)
	}
	return posting.VerdictUnknown, fault.Errorf(fault.OutcomeUnknown, "nobody can tell")
}

// fails makes every attempt end with err before the share tap.
func fails(err error) func(context.Context, posting.Attempt) error {
	return func(context.Context, posting.Attempt) error { return err }
}

// blocks makes an attempt last until its context ends or until release is
// closed; then it posts.
func (p *poster) blocks(begun chan<- int, release <-chan struct{}) func(context.Context, posting.Attempt) error {
	return func(ctx context.Context, a posting.Attempt) error {
		begun <- a.Job.ID
		select {
		case <-ctx.Done():
			return fmt.Errorf("interrupted: %w", ctx.Err())
		case <-release:
			return p.post(ctx, a)
		}
	}
}

// pass lets the bubble's clock go on.
func pass(d time.Duration) { <-time.After(d) }

type logBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *logBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantClass(t *testing.T, err error, class fault.Class) {
	t.Helper()
	if err == nil || !fault.Is(err, class) {
		t.Fatalf("got %v (class %v), want class %v", err, fault.Of(err), class)
	}
}
