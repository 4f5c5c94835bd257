package adb

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strconv"
	"time"

	"postfleet/internal/process"
)

const (
	defaultTimeout = 20 * time.Second
	// defaultPushTimeout lets 200 MB through at 3 Mbit/s.
	defaultPushTimeout = 10 * time.Minute
	maxOutputBytes     = 1 << 20
	// pipeDelay bounds the wait for output after the end of a command.
	pipeDelay = time.Second
)

// ClientConfig is which server to ask, and how patiently.
type ClientConfig struct {
	// Program is the adb executable; "" is adb, from PATH.
	Program string
	// Host is where the server is; "" is the loopback.
	Host string
	// Port is the server's.
	Port int
	// Timeout is the deadline of one run of the program; 0 is 20 s.
	Timeout time.Duration
	// PushTimeout is the deadline of one Push; 0 is 10 min.
	PushTimeout time.Duration
}

// Client asks one adb server. Its methods are safe for concurrent use. Each
// runs the adb program once or more and blocks for at most that many deadlines
// (or until its context ends). Errors carry what the program said. Those that
// are a phone's fault have class fault.Device or fault.Human; a server that is
// not there is fault.Infra; a command that ran and failed is an *ExitError.
type Client struct {
	cfg ClientConfig
}

// NewClient returns a client. It makes no call.
func NewClient(cfg ClientConfig) *Client {
	if cfg.Program == "" {
		cfg.Program = defaultProgram
	}
	if cfg.Host == "" {
		cfg.Host = loopback
	}
	if cfg.Timeout <= 0 {
		cfg.Timeout = defaultTimeout
	}
	if cfg.PushTimeout <= 0 {
		cfg.PushTimeout = defaultPushTimeout
	}
	return &Client{cfg: cfg}
}

// host runs a command that the server answers without a phone.
func (c *Client) host(ctx context.Context, args ...string) (string, error) {
	out, err := c.run(ctx, c.cfg.Timeout, args)
	if err != nil {
		return out, fmt.Errorf("adb %s: %w", args[0], err)
	}
	return out, nil
}

// on runs a command for one phone.
func (c *Client) on(ctx context.Context, d time.Duration, serial string, args ...string) (string, error) {
	out, err := c.run(ctx, d, append([]string{"-s", serial}, args...))
	if err != nil {
		return out, fmt.Errorf("adb %s on %s: %w", args[0], serial, err)
	}
	return out, nil
}

// run runs adb and returns its standard output, also on failure.
func (c *Client) run(ctx context.Context, d time.Duration, args []string) (string, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, d, errTimeout)
	defer cancel()
	// With a host named, even the loopback, adb never starts a server itself.
	argv := append([]string{"-H", c.cfg.Host, "-P", strconv.Itoa(c.cfg.Port)}, args...)
	cmd := exec.CommandContext(ctx, c.cfg.Program, argv...)
	stdout, stderr := process.NewTail(maxOutputBytes), process.NewTail(maxOutputBytes)
	cmd.Stdout, cmd.Stderr, cmd.WaitDelay = stdout, stderr, pipeDelay
	err := cmd.Run()
	switch {
	case ctx.Err() != nil:
		return "", context.Cause(ctx)
	case errors.Is(err, exec.ErrWaitDelay): // it succeeded; somebody else holds its output
		err = nil
	}
	if err == nil && needsLogin(stderr.String()) {
		return stderr.String(), nil // on whichever of the two it says so, it has run nothing
	}
	if err == nil {
		return stdout.String(), nil
	}
	return stdout.String(), runError(err, stdout.String(), stderr.String())
}
