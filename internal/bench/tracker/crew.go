package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"
)

// crew are the processes of one round.
type crew []*process

// process is one of them, a copy of this program with an order.
type process struct {
	cmd    *exec.Cmd
	in     io.WriteCloser
	out    *bufio.Reader
	errs   bytes.Buffer
	waited bool
}

// startCrew starts n processes. They end with ctx at the latest; the caller
// calls end.
func startCrew(ctx context.Context, o order, n int) (crew, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find this program: %w", err)
	}
	var c crew
	for i := range n {
		o.Worker = i
		p, err := startProcess(ctx, self, o)
		if err != nil {
			return nil, errors.Join(err, c.end())
		}
		c = append(c, p)
	}
	return c, nil
}

func startProcess(ctx context.Context, program string, o order) (*process, error) {
	env, err := environ(o)
	if err != nil {
		return nil, err
	}
	p := &process{cmd: exec.CommandContext(ctx, program)}
	p.cmd.Env, p.cmd.Stderr = env, &p.errs
	if p.in, err = p.cmd.StdinPipe(); err != nil {
		return nil, fmt.Errorf("start process: %w", err)
	}
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("start process: %w", err)
	}
	p.out = bufio.NewReader(out)
	if err := p.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start process: %w", err)
	}
	return p, nil
}

// ready waits until every process has opened its list.
func (c crew) ready() error {
	for _, p := range c {
		line, err := p.out.ReadString('\n')
		if err == nil && line != ready {
			err = fmt.Errorf("it says %q", line)
		}
		if err != nil {
			return p.failed(err)
		}
	}
	return nil
}

// release tells all when to start.
func (c crew) release(start time.Duration) error {
	for _, p := range c {
		if _, err := fmt.Fprintln(p.in, int64(start)); err != nil {
			return p.failed(err)
		}
	}
	return nil
}

func (c crew) outcomes() ([]outcome, error) {
	all := make([]outcome, len(c))
	for i, p := range c {
		if err := json.NewDecoder(p.out).Decode(&all[i]); err != nil {
			return nil, p.failed(err)
		}
		if err := p.wait(); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// end kills what still runs and waits for all.
func (c crew) end() error {
	var errs []error
	for _, p := range c {
		if p.waited {
			continue
		}
		if err := p.cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
			errs = append(errs, fmt.Errorf("kill process: %w", err))
		}
		_ = p.cmd.Wait() // says that it was killed
		p.waited = true
	}
	return errors.Join(errs...)
}

func (p *process) wait() error {
	p.waited = true
	if err := p.cmd.Wait(); err != nil {
		return fmt.Errorf("process: %w: %s", err, strings.TrimSpace(p.errs.String()))
	}
	return nil
}

// failed ends the process and adds what it complained of to err.
func (p *process) failed(err error) error {
	_ = p.cmd.Process.Kill() // it may have ended by itself
	return errors.Join(fmt.Errorf("process: %w", err), p.wait())
}
