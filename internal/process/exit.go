package process

import (
	"errors"
	"fmt"
	"os/exec"
	"syscall"
)

// ExitError is the end of a program that was not exit status 0.
type ExitError struct {
	// Code is the exit status, or -1 when a signal ended the program.
	Code int
	// Signal is 0 unless a signal ended the program.
	Signal syscall.Signal
}

// Error implements error.
func (e *ExitError) Error() string {
	if e.Signal != 0 {
		return fmt.Sprintf("killed by signal %d (%s)", int(e.Signal), e.Signal)
	}
	return fmt.Sprintf("exit status %d", e.Code)
}

// exitError turns what exec.Cmd.Wait says into an *ExitError. A program that
// succeeded but whose output pipe somebody still holds has succeeded.
func exitError(err error) error {
	if err == nil || errors.Is(err, exec.ErrWaitDelay) {
		return nil
	}
	exit, ok := errors.AsType[*exec.ExitError](err)
	if !ok {
		return fmt.Errorf("wait: %w", err)
	}
	if status, ok := exit.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return &ExitError{Code: -1, Signal: status.Signal()}
	}
	return &ExitError{Code: exit.ExitCode()}
}
