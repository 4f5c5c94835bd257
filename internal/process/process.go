// Package process runs a child program in a process group of its own and ends
// it for good: the program, and whatever it left behind. It knows nothing of
// what the program does, and it is the only package that signals groups.
//
// It is for programs that stay (servers). A command that is run for its output
// is os/exec's business.
package process

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"sync"
	"syscall"
	"time"
)

const (
	// defaultGrace is how long a program has between SIGTERM and SIGKILL when
	// its Config does not say.
	defaultGrace = 5 * time.Second
	// pipeDelay bounds the wait for output once the group is dead: a process
	// that left the group may hold the pipe for ever.
	pipeDelay = 2 * time.Second
	// killWait bounds the wait for the kernel after SIGKILL. It only runs out
	// for a process that is stuck in the kernel.
	killWait = 10 * time.Second
)

// ErrStuck means that the program did not go even when killed, because the
// kernel does not let it. Stop returns it.
var ErrStuck = errors.New("process: still there after SIGKILL")

// Config is what to run.
type Config struct {
	// Path is the program; a name without a slash is looked up in PATH.
	Path string
	// Args do not repeat the program's name.
	Args []string
	// Env replaces the environment; nil inherits it.
	Env []string
	Dir string
	// Stdout and Stderr get the output; nil discards it. When they are equal
	// at most one goroutine writes at a time. A Write that fails loses the
	// child its output for good, so hand in a writer that does not.
	Stdout, Stderr io.Writer
	// Grace is how long Stop waits between SIGTERM and SIGKILL; 0 is 5 s.
	Grace time.Duration
}

// Process is a running program and the group it leads. Its methods are safe
// for concurrent use. It ends by itself or by Stop; one of them must happen.
type Process struct {
	cmd   *exec.Cmd
	grace time.Duration
	term  sync.Once

	mu    sync.Mutex
	ended bool // the leader's id may belong to a stranger from here on

	done chan struct{}
	err  error // set before done is closed
}

// Start runs the program. It does not wait for anything but the fork.
func Start(cfg Config) (*Process, error) {
	// Not CommandContext: ending it is Stop's business, and a context would
	// kill the leader only.
	cmd := exec.Command(cfg.Path, cfg.Args...)
	cmd.Env, cmd.Dir = cfg.Env, cfg.Dir
	cmd.Stdout, cmd.Stderr = cfg.Stdout, cfg.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.WaitDelay = pipeDelay
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", cfg.Path, err)
	}
	p := &Process{cmd: cmd, grace: cfg.Grace, done: make(chan struct{})}
	if p.grace <= 0 {
		p.grace = defaultGrace
	}
	go p.wait()
	return p, nil
}

// PID returns the process id of the program, which is also its group's.
func (p *Process) PID() int { return p.cmd.Process.Pid }

// Done is closed when the program has ended, its group is dead and its output
// has been handed over.
func (p *Process) Done() <-chan struct{} { return p.done }

// Err says how the program ended: nil for exit status 0, else an *ExitError in
// the chain. It is nil, and means nothing, before Done is closed.
func (p *Process) Err() error {
	select {
	case <-p.done:
		return p.err
	default:
		return nil
	}
}

// Stop ends the group: SIGTERM, the grace, SIGKILL. It blocks until the
// program has gone. The end of ctx cuts the grace short. A program that has
// ended, by itself or by another Stop, is a success: ask Err how it ended.
func (p *Process) Stop(ctx context.Context) error {
	p.term.Do(func() { p.signal(syscall.SIGTERM) })
	grace := time.NewTimer(p.grace)
	defer grace.Stop()
	select {
	case <-p.done:
		return nil
	case <-grace.C:
	case <-ctx.Done():
	}
	p.signal(syscall.SIGKILL)
	stuck := time.NewTimer(killWait)
	defer stuck.Stop()
	select {
	case <-p.done:
		return nil
	case <-stuck.C:
		return fmt.Errorf("stop %s (pid %d): %w", p.cmd.Path, p.PID(), ErrStuck)
	}
}

// wait owns the end of the process. The leader is watched without being
// reaped: as long as it is a zombie its id, and so the group's, is nobody
// else's, and what it left behind can be killed without hitting a stranger.
func (p *Process) wait() {
	defer close(p.done)
	awaitExit(p.PID())
	p.mu.Lock()
	p.ended = true
	killGroup(p.PID(), syscall.SIGKILL)
	p.mu.Unlock()
	p.err = exitError(p.cmd.Wait())
}

func (p *Process) signal(sig syscall.Signal) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.ended {
		killGroup(p.PID(), sig)
	}
}
