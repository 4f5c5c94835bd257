package ledgerproof

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"slices"
	"sync"
	"syscall"
	"time"

	"postfleet/internal/jobs"
	"postfleet/internal/progress"
)

// life is what is known of one worker process.
type life struct {
	Worker string
	Number int
	Events []event
	// KilledAt is before SIGKILL was sent, by the parent or by the process, 0 when
	// it was not; EndedAt is after the kernel reported the end.
	KilledAt, EndedAt int64
	// Killed is set when it was the signal that ended it.
	Killed bool
	// Zombie is set when it was stopped with a claim held, ZombieLost when
	// somebody took the claim from it.
	Zombie, ZombieLost bool
	// Err is how it ended otherwise, nil when it ended well.
	Err error
}

// process is a life that goes on.
type process struct {
	life
	cmd    *exec.Cmd
	dooms  bool // it kills itself
	goOn   io.WriteCloser
	events chan event
	read   sync.WaitGroup
	stderr bytes.Buffer
}

// begin starts a worker process. The caller calls end.
func begin(ctx context.Context, told assignment, number int) (*process, error) {
	cmd, err := command(ctx, told)
	if err != nil {
		return nil, err
	}
	p := &process{
		life: life{Worker: told.Worker, Number: number}, cmd: cmd, dooms: told.Die != nil, events: make(chan event),
	}
	cmd.Stderr = &p.stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("begin worker %s: %w", told.Worker, err)
	}
	if p.goOn, err = cmd.StdinPipe(); err != nil {
		return nil, fmt.Errorf("begin worker %s: %w", told.Worker, err)
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("begin worker %s: %w", told.Worker, err)
	}
	p.read.Go(func() {
		defer close(p.events)
		p.Err = readEvents(out, func(e event) { p.events <- e })
	})
	return p, nil
}

// next returns the next event, or false at the end of the record. With a
// deadline it returns false when that is past.
func (p *process) next(deadline <-chan time.Time) (event, bool) {
	select {
	case e, ok := <-p.events:
		if ok {
			p.Events = append(p.Events, e)
		}
		return e, ok
	case <-deadline:
		return event{}, false
	}
}

// readFor reads events for some time.
func (p *process) readFor(d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	for {
		if _, ok := p.next(timer.C); !ok {
			return
		}
	}
}

// readUntil reads events until one is as wanted; false is the end.
func (p *process) readUntil(wanted func(event) bool) bool {
	for {
		e, ok := p.next(nil)
		if !ok || wanted(e) {
			return ok
		}
	}
}

func (p *process) kill() {
	p.KilledAt = monotonic()
	p.signal(syscall.SIGKILL)
}

// signal does nothing to a process that has ended: the end is seen by end.
func (p *process) signal(s syscall.Signal) { _ = p.cmd.Process.Signal(s) }

// end reads the record to its end and waits for the process.
func (p *process) end() life {
	p.readUntil(func(event) bool { return false })
	p.read.Wait()
	_ = p.goOn.Close()
	err := p.cmd.Wait()
	p.EndedAt = monotonic()
	p.Killed = killed(err)
	switch {
	case p.Killed && p.KilledAt == 0 && p.dooms && len(p.Events) > 0:
		p.KilledAt = p.Events[len(p.Events)-1].At // it was later, but who knows
	case p.Killed && p.KilledAt != 0:
	case err != nil:
		p.Err = fmt.Errorf("worker %s, life %d: %w: %s", p.Worker, p.Number, err, p.stderr.Bytes())
	}
	return p.life
}

// lastClaim is the claim that was recorded last, as far as a row knows it.
func (l *life) lastClaim() progress.Claim {
	for _, e := range slices.Backward(l.Events) {
		if e.Answer != nil && e.Answer.Token != "" {
			return progress.Claim{Job: jobs.PostJob{ID: e.Answer.Job}, Token: e.Answer.Token}
		}
	}
	return progress.Claim{}
}

func isAnswer(e event) bool { return e.Answer != nil }

// nthCall returns what is true of the n-th call of an operation, "" for any,
// or when there will not be one.
func nthCall(n int, op string) func(event) bool {
	return func(e event) bool {
		if e.Call != nil && (op == "" || e.Call.Op == op) {
			n--
		}
		return n <= 0 || e.Call != nil && e.Call.Op == opIdle
	}
}

// killed reports whether a process was ended by SIGKILL.
func killed(err error) bool {
	exit, ok := errors.AsType[*exec.ExitError](err)
	if !ok {
		return false
	}
	status, ok := exit.Sys().(syscall.WaitStatus)
	return ok && status.Signaled() && status.Signal() == syscall.SIGKILL
}
