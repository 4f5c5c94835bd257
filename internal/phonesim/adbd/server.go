package adbd

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"slices"
	"sync"
	"time"
)

const (
	keyRemote      = "remote"
	keyDestination = "destination"
	keyLine        = "line"
	keyCode        = "exit_code"
)

// Why connections end.
var (
	// ErrDropped is the cause when Drop closed the connection.
	ErrDropped = errors.New("adbd: link dropped")
	// ErrOffline is the cause when the phone went offline.
	ErrOffline = errors.New("adbd: phone is offline")
)

// Config is what a Server needs.
type Config struct {
	// Address is where to listen, host:port. Port 0 is any free port, kept
	// until Move; "" is nowhere yet.
	Address  string
	Services Services
	// SessionFunc is asked for the phone that a host gets to see, once the
	// handshake with it is done; ended is called when its connection is over. A
	// host that shakes hands again gets another. With nil, all see Services.
	SessionFunc func(remote string) (session Services, ended func())
	// Authorize is asked about the RSA key a host offers; false leaves the
	// host unauthorized. With nil, hosts are let in without a key.
	Authorize func(PublicKey) bool
}

// Server accepts hosts. All methods are safe for concurrent use.
type Server struct {
	cfg    Config
	logger *slog.Logger
	frozen gate
	keys   keyring

	mu       sync.Mutex
	address  string
	listener net.Listener // nil while offline
	closed   bool
	online   chan struct{} // closed and replaced when a listener was opened
	conns    map[*conn]struct{}
	running  sync.WaitGroup
}

// Connection tells about one host's connection.
type Connection struct {
	Remote  string    `json:"remote"`
	Since   time.Time `json:"since"`
	Streams int       `json:"streams"`
	// Online is true once the handshake, and where asked for the
	// authorization, is done.
	Online bool `json:"online"`
}

// Listen opens the port, if there is one; hosts are answered from Run on.
// Without a Run the caller ends it with Close.
func Listen(cfg Config, logger *slog.Logger) (*Server, error) {
	s := &Server{
		cfg: cfg, logger: logger, address: cfg.Address,
		online: make(chan struct{}), conns: map[*conn]struct{}{},
	}
	if cfg.Address == "" {
		return s, nil
	}
	if err := s.listen(); err != nil {
		return nil, err
	}
	return s, nil
}

// Run serves hosts until ctx is done and returns when every connection and
// stream has ended. It is called once.
func (s *Server) Run(ctx context.Context) error {
	stop := context.AfterFunc(ctx, s.Close)
	defer stop()
	defer s.Close()
	for {
		l, ok := s.current(ctx)
		if !ok {
			return nil
		}
		nc, err := l.Accept()
		switch {
		case err == nil:
			s.start(ctx, l, nc)
		case !errors.Is(err, net.ErrClosed):
			return fmt.Errorf("accept adb host: %w", err)
		}
	}
}

// Close stops listening, ends all connections and waits for them. It may be
// called many times.
func (s *Server) Close() {
	s.mu.Lock()
	s.closed = true
	s.shut(net.ErrClosed)
	s.mu.Unlock()
	s.running.Wait()
}

// Address is where the server listens, with the port that it really got.
func (s *Server) Address() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.address
}

// Drop closes all connections. The next one is welcome at once.
func (s *Server) Drop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.dropAll(ErrDropped)
}

// SetOnline makes the phone reachable or not. Offline, its connections are
// closed and new ones refused by the kernel. Setting what is so does nothing.
func (s *Server) SetOnline(online bool) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !online {
		s.shut(ErrOffline)
		return nil
	}
	if s.listener != nil || s.closed {
		return nil
	}
	return s.listen()
}

// Move takes the phone offline; it listens on address when it is set online
// the next time.
func (s *Server) Move(address string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.shut(ErrOffline)
	s.address = address
}

// SetFrozen makes the phone go silent, or speak again: connections stay open
// and are still accepted, but nothing is read from or written to them.
func (s *Server) SetFrozen(frozen bool) { s.frozen.set(frozen) }

// Connections lists who is connected, oldest first.
func (s *Server) Connections() []Connection {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := make([]Connection, 0, len(s.conns))
	for c := range s.conns {
		c.mu.Lock()
		streams := len(c.streams)
		c.mu.Unlock()
		list = append(list, Connection{
			Remote: c.net.RemoteAddr().String(), Since: c.since, Streams: streams, Online: c.online.Load(),
		})
	}
	slices.SortFunc(list, func(a, b Connection) int { return a.Since.Compare(b.Since) })
	return list
}

// current is the open listener; it blocks while the phone is offline, and
// reports false once ctx is done.
func (s *Server) current(ctx context.Context) (net.Listener, bool) {
	for {
		s.mu.Lock()
		l, online := s.listener, s.online
		s.mu.Unlock()
		if ctx.Err() != nil {
			return nil, false
		}
		if l != nil {
			return l, true
		}
		select {
		case <-online:
		case <-ctx.Done():
		}
	}
}

func (s *Server) listen() error {
	l, err := net.Listen("tcp", s.address)
	if err != nil {
		return fmt.Errorf("listen for adb on %s: %w", s.address, err)
	}
	s.listener, s.address = l, l.Addr().String()
	close(s.online)
	s.online = make(chan struct{})
	return nil
}

// start serves one host, unless the listener it came through was shut meanwhile.
func (s *Server) start(ctx context.Context, l net.Listener, nc net.Conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.listener != l {
		_ = nc.Close()
		return
	}
	ctx, c := newConn(ctx, s, nc)
	s.conns[c] = struct{}{}
	c.logger.DebugContext(ctx, "adb connection accepted")
	s.running.Go(func() {
		c.serve(ctx)
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.conns, c)
	})
}

// shut closes the listener and all connections; mu is held.
func (s *Server) shut(cause error) {
	if s.listener != nil {
		_ = s.listener.Close()
		s.listener = nil
	}
	s.dropAll(cause)
}

func (s *Server) dropAll(cause error) {
	for c := range s.conns {
		c.end(cause)
	}
}
