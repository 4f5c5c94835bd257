package adbd

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"postfleet/internal/logging"
)

// features are the abilities announced to the host: only what is implemented.
const features = "shell_v2,cmd,stat_v2,fixed_push_mkdir"

// conn is one host's connection: one transport, in adb's words.
type conn struct {
	server *Server
	net    net.Conn
	since  time.Time
	logger *slog.Logger

	// end says why the connection is over; done is closed from then on.
	end  context.CancelCauseFunc
	done <-chan struct{}

	auth authState
	// session is what the host sees of the phone since its last handshake, and
	// ended tells that it sees it no longer; only the read loop writes them.
	session Services
	ended   func()
	// online is set once the handshake is done.
	online atomic.Bool
	limit  atomic.Int64 // largest payload the host takes

	writing sync.Mutex
	mu      sync.Mutex
	streams map[uint32]*stream
	lastID  uint32
	running sync.WaitGroup
}

// newConn returns a connection and the context that lasts as long as it does.
func newConn(ctx context.Context, s *Server, nc net.Conn) (context.Context, *conn) {
	ctx, end := context.WithCancelCause(ctx)
	c := &conn{
		server: s, net: nc, since: time.Now(), end: end, done: ctx.Done(),
		logger:  s.logger.With(slog.String(keyRemote, nc.RemoteAddr().String())),
		streams: map[uint32]*stream{}, session: s.cfg.Services, ended: func() {},
	}
	c.limit.Store(minPayloadBytes)
	return ctx, c
}

// serve answers the host until the connection ends, and returns once all of
// its streams' services have ended too.
func (c *conn) serve(ctx context.Context) {
	stop := context.AfterFunc(ctx, func() { _ = c.net.Close() })
	defer stop()
	c.end(c.readLoop(ctx))
	_ = c.net.Close()
	c.running.Wait()
	c.ended()
	c.logger.DebugContext(ctx, "adb connection ended", logging.Err(context.Cause(ctx)))
}

func (c *conn) readLoop(ctx context.Context) error {
	for {
		m, err := readMessage(c.net)
		if err != nil {
			return err
		}
		if !c.server.frozen.pass(c.done) {
			return context.Cause(ctx)
		}
		if err := c.handle(ctx, m); err != nil {
			return fmt.Errorf("answer %s: %w", m.command, err)
		}
	}
}

func (c *conn) handle(ctx context.Context, m message) error {
	switch m.command {
	case cmdConnect:
		return c.connect(m)
	case cmdAuth:
		return c.authenticate(m)
	default:
		if !c.online.Load() {
			return errors.New("not connected yet")
		}
		return c.handleStream(ctx, m)
	}
}

// handleStream handles what comes after the handshake.
func (c *conn) handleStream(ctx context.Context, m message) error {
	switch m.command {
	case cmdOpen:
		c.open(ctx, m)
	case cmdOkay:
		if s := c.find(m.arg1); s != nil {
			s.giveCredit()
		}
	case cmdWrite:
		c.write(m)
	case cmdClose:
		c.closeStream(m)
	default:
		return errors.New("unknown command")
	}
	return nil
}

// connect answers CNXN. A host that says it again starts afresh.
func (c *conn) connect(m message) error {
	c.online.Store(false)
	c.dropStreams()
	c.limit.Store(int64(min(max(m.arg1, minPayloadBytes), MaxPayloadBytes)))
	if c.server.cfg.Authorize != nil {
		return c.challenge()
	}
	return c.welcome()
}

func (c *conn) welcome() error {
	if open := c.server.cfg.SessionFunc; open != nil {
		c.ended()
		c.session, c.ended = open(c.net.RemoteAddr().String())
	}
	c.online.Store(true)
	p := c.session.Product()
	banner := fmt.Sprintf("device::ro.product.name=%s;ro.product.model=%s;ro.product.device=%s;features=%s",
		p.Name, p.Model, p.Device, features)
	return c.send(message{command: cmdConnect, arg0: protocolVersion, arg1: MaxPayloadBytes, payload: []byte(banner)})
}

// open starts the service the host asks for in a goroutine of its own, so
// that a slow one holds up no other stream.
func (c *conn) open(ctx context.Context, m message) {
	destination := strings.TrimRight(string(m.payload), "\x00")
	c.mu.Lock()
	c.lastID++
	ctx, s := newStream(ctx, c, c.lastID, m.arg0)
	c.streams[s.local] = s
	c.mu.Unlock()
	c.running.Go(func() {
		defer c.forget(s)
		defer s.end(nil)
		c.serveStream(ctx, s, destination)
	})
}

func (c *conn) write(m message) {
	s := c.find(m.arg1)
	if s == nil {
		c.sendOrDrop(message{command: cmdClose, arg1: m.arg0})
		return
	}
	if !s.deliver(m.payload) {
		c.logger.Warn("host sent before the last data was acknowledged")
		c.sendOrDrop(message{command: cmdClose, arg0: s.local, arg1: s.remote})
		c.forget(s)
		s.closeByHost()
	}
}

// closeStream answers CLSE once: with a CLSE, unless ours crossed it.
func (c *conn) closeStream(m message) {
	s := c.find(m.arg1)
	if s == nil {
		return
	}
	c.forget(s)
	s.closeByHost()
	c.sendOrDrop(message{command: cmdClose, arg0: s.local, arg1: s.remote})
}

func (c *conn) find(local uint32) *stream {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.streams[local]
}

func (c *conn) forget(s *stream) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.streams, s.local)
}

func (c *conn) dropStreams() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for id, s := range c.streams {
		s.closeByHost()
		delete(c.streams, id)
	}
}

func (c *conn) payloadLimit() int { return int(c.limit.Load()) }

// send writes one message, waiting while the phone is frozen.
func (c *conn) send(m message) error {
	if !c.server.frozen.pass(c.done) {
		return net.ErrClosed
	}
	c.writing.Lock()
	defer c.writing.Unlock()
	return writeMessage(c.net, m)
}

// sendOrDrop is send for messages nobody waits for: when they cannot be
// written, the connection is no longer of use.
func (c *conn) sendOrDrop(m message) {
	if err := c.send(m); err != nil {
		c.end(err)
	}
}
