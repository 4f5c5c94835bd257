package testbed

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"syscall"
	"time"
)

// Command is one run of a program that ends by itself.
type Command struct {
	Program string
	Args    []string
	// Env is what it has besides our own.
	Env            []string
	Stdout, Stderr io.Writer
	// Limit is when it is asked to end, with SIGTERM; Grace how long it may then
	// take until it is killed.
	Limit, Grace time.Duration
}

// Run blocks until the program has ended and returns how long it took and its
// exit code. An error means that it was not run, or did not exit.
func (c Command) Run(ctx context.Context) (took time.Duration, code int, err error) {
	ctx, cancel := context.WithTimeout(ctx, c.Limit)
	defer cancel()
	cmd := exec.CommandContext(ctx, c.Program, c.Args...) //nolint:gosec // the program under test
	cmd.Env = append(os.Environ(), c.Env...)
	cmd.Stdout, cmd.Stderr = c.Stdout, c.Stderr
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = c.Grace
	started := time.Now()
	err = cmd.Run()
	took = time.Since(started)
	if exit, ok := errors.AsType[*exec.ExitError](err); ok && exit.Exited() {
		return took, exit.ExitCode(), nil
	}
	if err != nil {
		return took, -1, fmt.Errorf("run %s: %w", c.Program, err)
	}
	return took, 0, nil
}
