package lifetest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"postfleet/internal/jobs"
	"postfleet/internal/navigator"
	"postfleet/internal/posting"
	"postfleet/internal/progress"
	"postfleet/internal/progress/fileledger"
	"postfleet/internal/recipe"
	"postfleet/internal/worker"
)

// The transitions of a job.
const (
	onClaim   = "claim"
	onPosting = "phase posting"
	onTap     = "share tap"
	onPosted  = "phase posted"
	onFinish  = "finish"
)

// point is an instant in a job's life, the first of its kind in the worker's.
type point struct {
	Transition string
	After      bool
}

// never is the point of a worker that is not killed.
var never point

func (p point) String() string {
	switch {
	case p == never:
		return "no kill"
	case p.After:
		return "after " + p.Transition
	}
	return "before " + p.Transition
}

// life is one worker's, from its start until nothing is left to do, or until it
// dies.
type life struct {
	Dir    string
	Worker string
	// Socket is the phone's, for a process of its own.
	Socket string
	// Die is when the process kills itself.
	Die point

	phone remote
	// realTime says that the times are real and have to be short.
	RealTime bool
}

// loadRecipe reads the recipe once: it is immutable.
var loadRecipe = sync.OnceValues(func() (*recipe.Recipe, error) {
	return recipe.Load("builtin:instagram-reel")
})

const (
	retryDelay = time.Minute
	// profileLag is how long a phone keeps posts off the profile in real time.
	profileLag = 100 * time.Millisecond
)

// live lives the life.
func (l *life) live(ctx context.Context) error {
	written, err := loadRecipe()
	if err != nil {
		return err
	}
	ledger, err := fileledger.Open(l.Dir, fileledger.Options{})
	if err != nil {
		return err
	}
	cfg, post, nav := l.configs()
	watch := &watcher{life: l, Ledger: ledger}
	phone := &witness{remote: l.phone, watcher: watch, reached: make(chan struct{})}
	poster := posting.New(post, phone, navigator.New(written, nav, nil), nil, nil)
	err = worker.New(cfg, worker.Parts{
		ADB: start, Appium: phone.startLate, Device: phone, Poster: poster, Ledger: watch,
	}, nil).Run(ctx)
	return errors.Join(err, ledger.Close())
}

func (l *life) configs() (worker.Config, posting.Config, navigator.Config) {
	cfg := worker.Config{ID: l.Worker, Device: "sim", DataDir: l.Dir, MaxAttempts: 3, RetryDelay: retryDelay}
	post := posting.Config{AppiumLog: filepath.Join(l.Dir, "appium.log"), VerifyTimeout: time.Minute}
	if !l.RealTime {
		return cfg, post, navigator.Config{Poll: navigator.MaxPoll}
	}
	const instant = 5 * time.Millisecond
	cfg.RetryDelay = instant
	cfg.Patience = worker.Patience{Poll: instant, Backoff: instant}
	post.ReadingGap, post.ProfileLag, post.VerifyTimeout = 4*instant, 2*profileLag, 20*time.Second
	return cfg, post, navigator.Config{Poll: instant}
}

// begin makes a data directory with jobs.
func begin(ctx context.Context, dir string, all []jobs.PostJob) error {
	if err := os.Mkdir(filepath.Join(dir, "media"), 0o755); err != nil {
		return err
	}
	for _, j := range all {
		content := fmt.Sprintf("video %d", j.ID) // one that was posted is not posted again
		if err := os.WriteFile(filepath.Join(dir, "media", j.Video), []byte(content), 0o600); err != nil {
			return err
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "appium.log"), []byte("a line\n"), 0o600); err != nil {
		return err
	}
	ledger, err := fileledger.Open(dir, fileledger.Options{})
	if err != nil {
		return err
	}
	_, err = ledger.Seed(ctx, all, nil)
	return errors.Join(err, ledger.Close())
}

// rows are what the ledger says.
func rows(ctx context.Context, dir string) ([]progress.Row, error) {
	ledger, err := fileledger.Open(dir, fileledger.Options{})
	if err != nil {
		return nil, err
	}
	all, err := ledger.Snapshot(ctx)
	return all, errors.Join(err, ledger.Close())
}

// server is a child process that lives until it is stopped.
type server struct {
	once sync.Once
	done chan struct{}
}

func start(context.Context) (worker.Server, error) { return &server{done: make(chan struct{})}, nil }

func (s *server) Done() <-chan struct{} { return s.done }
func (*server) Err() error              { return nil }

func (s *server) Stop(context.Context) error {
	s.once.Do(func() { close(s.done) })
	return nil
}
