package adbd

import (
	"context"
	"errors"
	"io"
	"sync"
)

// errHostClosed is why a stream's context ends when the host closes it.
var errHostClosed = errors.New("adbd: the host closed the stream")

// stream is one service the host opened. The protocol allows each side one
// unacknowledged WRTE, which is what makes back-pressure:
//
//	host ──WRTE──▶ inbox ──Read──▶ service     OKAY goes back once all is read
//	host ◀──WRTE── Write ◀──────── service     the next one waits for its OKAY
//
// One goroutine may read while another writes.
type stream struct {
	conn          *conn
	session       Services
	local, remote uint32
	// end is called when the host closed the stream, or the service is done
	// with it; done is closed from then on, or when the connection ended.
	end  context.CancelCauseFunc
	done <-chan struct{}

	// inbox holds the one WRTE not yet acknowledged.
	inbox   chan []byte
	pending []byte // read by the service, touched only in Read
	// credit holds a token while the host is ready for a WRTE.
	credit chan struct{}

	once sync.Once
}

// newStream returns a stream and the context that lasts as long as it does.
func newStream(ctx context.Context, c *conn, local, remote uint32) (context.Context, *stream) {
	ctx, end := context.WithCancelCause(ctx)
	s := &stream{
		conn: c, session: c.session, local: local, remote: remote, end: end, done: ctx.Done(),
		inbox: make(chan []byte, 1), credit: make(chan struct{}, 1),
	}
	s.giveCredit() // A stream just opened is ready for its first WRTE.
	return ctx, s
}

func (s *stream) ended() bool {
	select {
	case <-s.done:
		return true
	default:
		return false
	}
}

// Read gives what the host sent, and io.EOF once it closed the stream and all
// was read.
func (s *stream) Read(p []byte) (int, error) {
	if len(s.pending) == 0 {
		data, err := s.next()
		if err != nil {
			return 0, err
		}
		s.pending = data
	}
	n := copy(p, s.pending)
	s.pending = s.pending[n:]
	if len(s.pending) == 0 {
		s.pending = nil
		s.acknowledge()
	}
	return n, nil
}

func (s *stream) next() ([]byte, error) {
	select {
	case data := <-s.inbox:
		return data, nil
	default:
	}
	select {
	case data := <-s.inbox:
		return data, nil
	case <-s.done:
	}
	select { // What came before the end is read before the end is told.
	case data := <-s.inbox:
		return data, nil
	default:
		return nil, io.EOF
	}
}

// acknowledge tells the host that it may send more. A host that is gone need
// not know.
func (s *stream) acknowledge() {
	if !s.ended() {
		s.conn.sendOrDrop(message{command: cmdOkay, arg0: s.local, arg1: s.remote})
	}
}

// Write blocks until the host acknowledged all but the last of p's messages.
func (s *stream) Write(p []byte) (int, error) {
	written := 0
	for written < len(p) {
		if err := s.takeCredit(); err != nil {
			return written, err
		}
		chunk := p[written:min(len(p), written+s.conn.payloadLimit())]
		m := message{command: cmdWrite, arg0: s.local, arg1: s.remote, payload: chunk}
		if err := s.conn.send(m); err != nil {
			return written, err
		}
		written += len(chunk)
	}
	return written, nil
}

func (s *stream) takeCredit() error {
	select {
	case <-s.credit:
		return nil
	case <-s.done:
		return io.ErrClosedPipe
	}
}

// giveCredit is called for every OKAY of the host.
func (s *stream) giveCredit() {
	select {
	case s.credit <- struct{}{}:
	default: // A second OKAY for the same WRTE buys nothing.
	}
}

// deliver hands over a WRTE. It reports false when the host did not wait for
// the OKAY of the one before.
func (s *stream) deliver(data []byte) bool {
	if len(data) == 0 {
		s.acknowledge()
		return true
	}
	select {
	case s.inbox <- data:
		return true
	default:
		return false
	}
}

// Close waits until the host took the last WRTE, so that nothing is lost, and
// then closes the stream on both sides. It may be called many times.
func (s *stream) Close() error {
	s.once.Do(func() {
		if s.takeCredit() == nil {
			s.conn.sendOrDrop(message{command: cmdClose, arg0: s.local, arg1: s.remote})
		}
		s.conn.forget(s)
		s.end(io.ErrClosedPipe)
	})
	return nil
}

// closeByHost ends the stream from the other side: reads come to an end,
// writes fail, and the service's context is done.
func (s *stream) closeByHost() { s.end(errHostClosed) }
