package worker_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"

	"postfleet/internal/fault"
	"postfleet/internal/posting"
	"postfleet/internal/worker"
)

// server is a child process that lives until somebody ends it.
type server struct {
	*bench
	name string
	// startErr, when set, is asked before each start, counted from 1.
	startErr func(n int) error
	// slow, when set, is what a start blocks in.
	slow func(ctx context.Context, n int) error
	// memory is what each child says it takes.
	memory int64
	// stopFunc, when set, is what a stop takes its time with.
	stopFunc func(ctx context.Context)

	mu      sync.Mutex
	running *child
	starts  int
}

func (s *server) start(ctx context.Context) (worker.Server, error) {
	if s.slow != nil {
		if err := s.slow(ctx, s.started()+1); err != nil {
			return nil, err
		}
	}
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

func (c *child) Memory() (int64, error) { return c.memory, nil }

func (c *child) Stop(ctx context.Context) error {
	if c.stopFunc != nil {
		c.stopFunc(ctx)
	}
	c.end(nil)
	c.note(c.name + " stops")
	return nil
}

// phone is a device that is well unless connectFunc says otherwise.
type phone struct {
	*bench
	connectFunc func(ctx context.Context, n int) error
	// reachFunc, when set, is what Reach says.
	reachFunc func(ctx context.Context) error
	// closeFunc, when set, is what a close takes its time with.
	closeFunc func(ctx context.Context)

	mu       sync.Mutex
	connects int
}

func (p *phone) Reach(ctx context.Context) error {
	p.note("device answers")
	if p.reachFunc != nil {
		return p.reachFunc(ctx)
	}
	return nil
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
	if p.closeFunc != nil {
		p.closeFunc(ctx)
		return nil
	}
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
