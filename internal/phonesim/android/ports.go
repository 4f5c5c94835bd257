package android

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
)

// ErrNoListener is Dial's when nothing listens on the port.
var ErrNoListener = errors.New("android: connection refused")

// ports are the phone's own TCP ports, which exist only in memory.
type ports struct {
	mu        sync.Mutex
	listeners map[int]*listener
}

// listen opens a port; the listener's Close frees it.
func (p *ports) listen(port int) (net.Listener, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.listeners[port] != nil {
		return nil, fmt.Errorf("listen on device port %d: address in use", port)
	}
	l := &listener{ports: p, port: port, incoming: make(chan net.Conn), closed: make(chan struct{})}
	if p.listeners == nil {
		p.listeners = map[int]*listener{}
	}
	p.listeners[port] = l
	return l, nil
}

// dial connects to a port of the phone.
func (p *ports) dial(ctx context.Context, port int) (net.Conn, error) {
	p.mu.Lock()
	l := p.listeners[port]
	p.mu.Unlock()
	if l == nil {
		return nil, fmt.Errorf("dial device port %d: %w", port, ErrNoListener)
	}
	near, far := net.Pipe()
	select {
	case l.incoming <- far:
		return near, nil
	case <-l.closed:
		return nil, fmt.Errorf("dial device port %d: %w", port, ErrNoListener)
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// listener is one open port.
type listener struct {
	ports    *ports
	port     int
	incoming chan net.Conn
	once     sync.Once
	closed   chan struct{}
}

// Accept implements [net.Listener].
func (l *listener) Accept() (net.Conn, error) {
	select {
	case c := <-l.incoming:
		return c, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

// Close implements [net.Listener].
func (l *listener) Close() error {
	l.once.Do(func() {
		l.ports.mu.Lock()
		delete(l.ports.listeners, l.port)
		l.ports.mu.Unlock()
		close(l.closed)
	})
	return nil
}

// Addr implements [net.Listener].
func (l *listener) Addr() net.Addr {
	return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: l.port}
}
