package adb

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	"postfleet/internal/fault"
	"postfleet/internal/logging"
	"postfleet/internal/process"
)

const (
	defaultProgram      = "adb"
	defaultStartTimeout = 15 * time.Second
	stopGrace           = 3 * time.Second
	pollInterval        = 20 * time.Millisecond
	tailBytes           = 4 << 10
)

// Why a server did not start; class fault.Infra.
var (
	// ErrPortTaken: something that is no adb server, or will not go, listens on
	// the port.
	ErrPortTaken = errors.New("adb: server port is taken")
	// ErrNotReady: the server ended, or did not answer in time.
	ErrNotReady = errors.New("adb: server did not get ready")
)

// ServerConfig is how to run the server. Port, LogPath and Home must be given.
type ServerConfig struct {
	// Program is the adb executable; "" is adb, from PATH.
	Program string
	// Port is on the loopback only.
	Port int
	// LogPath gets the server's output, rotated by size.
	LogPath string
	// Home is where the server keeps its key (.android/adbkey), by which phones
	// know it. It must be writable.
	Home string
	// StartTimeout bounds the time until it answers; 0 is 15 s.
	StartTimeout time.Duration
}

// Server is a running adb server. Its methods are safe for concurrent use.
type Server struct {
	cfg    ServerConfig
	logger *slog.Logger
	proc   *process.Process
	tail   *process.Tail
	log    io.Closer

	stop    sync.Once
	stopErr error
}

// StartServer runs an adb server in the foreground and returns when it
// answers. Another adb server on the port is told to go: a client has started
// it because ours had died, and it has neither our log nor our key. On error
// nothing of it is left running. The caller must Stop it.
func StartServer(ctx context.Context, cfg ServerConfig, logger *slog.Logger) (*Server, error) {
	if cfg.Program == "" {
		cfg.Program = defaultProgram
	}
	if cfg.StartTimeout <= 0 {
		cfg.StartTimeout = defaultStartTimeout
	}
	if err := takePort(ctx, cfg.Port); err != nil {
		return nil, fault.Mark(fault.Infra, err)
	}
	s, err := launch(cfg, logger)
	if err != nil {
		return nil, fault.Errorf(fault.Infra, "start adb server: %w", err)
	}
	if err := s.awaitReady(ctx); err != nil {
		stopErr := s.Stop(context.WithoutCancel(ctx))
		return nil, errors.Join(err, stopErr)
	}
	logger.InfoContext(ctx, "adb server is ready", "port", cfg.Port)
	return s, nil
}

func launch(cfg ServerConfig, logger *slog.Logger) (*Server, error) {
	log := logging.File(cfg.LogPath)
	s := &Server{cfg: cfg, logger: logger, tail: process.NewTail(tailBytes), log: log}
	out := io.MultiWriter(s.tail, unfailing{log})
	proc, err := process.Start(process.Config{
		Path: cfg.Program,
		Args: []string{"-P", strconv.Itoa(cfg.Port), "nodaemon", "server"},
		Env: append(os.Environ(),
			"HOME="+cfg.Home,
			"ADB_LOCAL_TRANSPORT_MAX_PORT=0", // no scan of the loopback for emulators
		),
		Stdout: out,
		Stderr: out,
		Grace:  stopGrace,
	})
	if err != nil {
		_ = log.Close() // nothing was written
		return nil, err
	}
	s.proc = proc
	return s, nil
}

func (s *Server) awaitReady(ctx context.Context) error {
	ctx, cancel := context.WithTimeoutCause(ctx, s.cfg.StartTimeout, ErrNotReady)
	defer cancel()
	tick := time.NewTicker(pollInterval)
	defer tick.Stop()
	for {
		if answers(ctx, s.cfg.Port) {
			return nil
		}
		select {
		case <-s.Done():
			return s.startError(ErrNotReady)
		case <-ctx.Done():
			if cause := context.Cause(ctx); !errors.Is(cause, ErrNotReady) {
				return cause
			}
			return s.startError(ErrNotReady)
		case <-tick.C:
		}
	}
}

func (s *Server) startError(why error) error {
	exit := ""
	if err := s.Err(); err != nil {
		exit = " (" + err.Error() + ")"
	}
	return fault.Errorf(fault.Infra, "%w%s: %s", why, exit, strings.TrimSpace(s.tail.String()))
}

// Done is closed when the server has ended, whoever ended it.
func (s *Server) Done() <-chan struct{} { return s.proc.Done() }

// Err says how the server ended, after Done is closed.
func (s *Server) Err() error { return s.proc.Err() }

// Stop ends the server, and with it all its links and forwards. It blocks
// until it has gone. Further calls wait for the first and return the same.
func (s *Server) Stop(ctx context.Context) error {
	s.stop.Do(func() { s.stopErr = s.shutDown(ctx) })
	return s.stopErr
}

func (s *Server) shutDown(ctx context.Context) error {
	if err := s.proc.Stop(ctx); err != nil {
		return fault.Errorf(fault.Infra, "stop adb server: %w", err)
	}
	if err := s.log.Close(); err != nil {
		s.logger.WarnContext(ctx, "adb log not closed", logging.Err(err))
	}
	return nil
}

// unfailing drops what its writer does not take: a full disk must not cost us
// the server.
type unfailing struct{ w io.Writer }

// Write implements io.Writer.
func (u unfailing) Write(b []byte) (int, error) {
	_, _ = u.w.Write(b)
	return len(b), nil
}
