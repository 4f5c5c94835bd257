package appium

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"strconv"
	"sync"
	"time"

	"postfleet/internal/fault"
	"postfleet/internal/logging"
	"postfleet/internal/process"
)

const (
	defaultCommand      = "appium"
	defaultAddress      = "127.0.0.1"
	defaultStartTimeout = 60 * time.Second
	defaultStopTimeout  = 5 * time.Second
	tailBytes           = 8 << 10
)

// ServerConfig is how to run the server. Port and LogPath must be given.
type ServerConfig struct {
	// Command is the program and, if need be, its first arguments, written as
	// for a shell. No shell runs it: it is split into words, and variables are
	// replaced. "" is "appium".
	Command string
	// Args are appended after our own, and so win over them.
	Args []string
	// Address is where the server listens; "" is 127.0.0.1.
	Address string
	Port    int
	// LogPath gets the server's output, rotated by size.
	LogPath string
	// LogLevel is Appium's --log-level; "" is info.
	LogLevel string
	// Env are variables (KEY=VALUE) on top of the inherited ones.
	Env []string
	// StartTimeout bounds the time until /status answers; 0 is 60 s.
	StartTimeout time.Duration
	// StopTimeout is what Stop grants between SIGTERM and SIGKILL; 0 is 5 s.
	// With a frozen phone Appium needs minutes to end by itself, so waiting
	// longer gains nothing.
	StopTimeout time.Duration
	// AfterStop, when set, is called once by Stop when the server is gone. It
	// is for what a killed server leaves behind, such as adb's port forwards.
	AfterStop func(context.Context) error
}

func (c ServerConfig) withDefaults() ServerConfig {
	if c.Command == "" {
		c.Command = defaultCommand
	}
	if c.Address == "" {
		c.Address = defaultAddress
	}
	if c.LogLevel == "" {
		c.LogLevel = "info"
	}
	if c.StartTimeout <= 0 {
		c.StartTimeout = defaultStartTimeout
	}
	if c.StopTimeout <= 0 {
		c.StopTimeout = defaultStopTimeout
	}
	return c
}

// Server is a running Appium server. Its methods are safe for concurrent use.
type Server struct {
	cfg    ServerConfig
	logger *slog.Logger
	proc   *process.Process
	tail   *process.Tail
	log    io.Closer

	stop    sync.Once
	stopErr error
}

// StartServer starts the server and returns when GET /status says that it is
// ready. Otherwise nothing of it is left running, and the error, of class
// fault.Appium, is ErrPortTaken, ErrExitedEarly or ErrNotReady, with the last
// lines of its log. When ctx ends first the error is the context's.
// The caller must Stop the server, also when it died by itself.
func StartServer(ctx context.Context, cfg ServerConfig, logger *slog.Logger) (*Server, error) {
	cfg = cfg.withDefaults()
	argv, err := commandLine(cfg)
	if err != nil {
		return nil, fault.Mark(fault.Appium, err)
	}
	if err := checkPort(ctx, cfg); err != nil {
		return nil, fault.Mark(fault.Appium, err)
	}
	s, err := launch(cfg, argv, logger)
	if err != nil {
		return nil, fault.Errorf(fault.Appium, "start appium: %w", err)
	}
	began := time.Now()
	if err := s.awaitReady(ctx); err != nil {
		return nil, s.abandon(ctx, err)
	}
	logger.InfoContext(ctx, "appium is ready", "port", cfg.Port, "took", time.Since(began).Round(time.Millisecond))
	return s, nil
}

// checkPort finds out whether the port can be had, before the second that the
// server needs to find out for itself.
func checkPort(ctx context.Context, cfg ServerConfig) error {
	var lc net.ListenConfig
	addr := net.JoinHostPort(cfg.Address, strconv.Itoa(cfg.Port))
	l, err := lc.Listen(ctx, "tcp", addr)
	if err != nil {
		return startError(bindError(err), nil, "")
	}
	if err := l.Close(); err != nil {
		return fmt.Errorf("release %s: %w", addr, err)
	}
	return nil
}

func launch(cfg ServerConfig, argv []string, logger *slog.Logger) (*Server, error) {
	log := logging.File(cfg.LogPath)
	s := &Server{cfg: cfg, logger: logger, tail: process.NewTail(tailBytes), log: log}
	out := &output{log: log, tail: s.tail}
	proc, err := process.Start(process.Config{
		Path:   argv[0],
		Args:   argv[1:],
		Env:    environ(cfg.Env),
		Stdout: out,
		Stderr: out,
		Grace:  cfg.StopTimeout,
	})
	if err != nil {
		_ = log.Close() // nothing was written
		return nil, err
	}
	s.proc = proc
	return s, nil
}

// URL returns the server's base URL, without a slash at its end.
func (s *Server) URL() string {
	return "http://" + net.JoinHostPort(s.cfg.Address, strconv.Itoa(s.cfg.Port))
}

// Done is closed when the server has ended, whoever ended it.
func (s *Server) Done() <-chan struct{} { return s.proc.Done() }

// Err says how the server ended, after Done is closed; nil for exit status 0.
func (s *Server) Err() error { return s.proc.Err() }

// Memory returns the resident bytes of the server and its children.
func (s *Server) Memory() (int64, error) { return s.proc.Memory() }

// LogTail returns the last few kilobytes the server wrote.
func (s *Server) LogTail() string { return s.tail.String() }

// Stop ends the server and all its children: SIGTERM, StopTimeout (or the end
// of ctx), SIGKILL. Then it calls AfterStop. It blocks until all that is done.
// Further calls wait for the first and return what it returned.
func (s *Server) Stop(ctx context.Context) error {
	s.stop.Do(func() { s.stopErr = s.shutDown(ctx) })
	return s.stopErr
}

func (s *Server) shutDown(ctx context.Context) error {
	if err := s.proc.Stop(ctx); err != nil {
		return fault.Errorf(fault.Appium, "stop appium: %w", err)
	}
	s.logger.InfoContext(ctx, "appium has ended", "port", s.cfg.Port, "exit", exitText(s.proc.Err()))
	if err := s.log.Close(); err != nil {
		s.logger.WarnContext(ctx, "appium log not closed", logging.Err(err))
	}
	if s.cfg.AfterStop == nil {
		return nil
	}
	if err := s.cfg.AfterStop(ctx); err != nil {
		return fmt.Errorf("clean up after appium: %w", err)
	}
	return nil
}

func exitText(err error) string {
	if err == nil {
		return "exit status 0"
	}
	return err.Error()
}
