package guide_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"os"
	"testing"

	"go.uber.org/goleak"

	"postfleet/internal/claude"
	"postfleet/internal/navigator"
)

// The client is given no transport: what it has by itself is put on a wire
// within the process, so that whole walks run in a bubble of fake time.
// Files are in memory: it is not the disk that is tested.
func TestMain(m *testing.M) {
	const shm = "/dev/shm"
	if _, err := os.Stat(shm); err == nil {
		if err := os.Setenv("TMPDIR", shm); err != nil {
			panic(err)
		}
	}
	if base, ok := http.DefaultTransport.(*http.Transport); ok {
		base.Proxy, base.DialContext = nil, dial
	}
	goleak.VerifyTestMain(m)
}

// wire is a network of one server. It is a net.Listener.
type wire struct {
	conns chan net.Conn
	down  chan struct{}
}

type wireKey struct{}

// onWire returns a ctx whose requests go to w.
func onWire(ctx context.Context, w *wire) context.Context {
	return context.WithValue(ctx, wireKey{}, w)
}

func newWire() *wire { return &wire{conns: make(chan net.Conn), down: make(chan struct{})} }

func dial(ctx context.Context, _, _ string) (net.Conn, error) {
	w, ok := ctx.Value(wireKey{}).(*wire)
	if !ok {
		return nil, errors.New("a test has no network")
	}
	client, server := net.Pipe()
	select {
	case w.conns <- server:
		return client, nil
	case <-w.down:
	case <-ctx.Done():
	}
	return nil, errors.Join(errors.New("nobody listens"), client.Close(), server.Close())
}

func (w *wire) Accept() (net.Conn, error) {
	select {
	case c := <-w.conns:
		return c, nil
	case <-w.down:
		return nil, net.ErrClosed
	}
}

func (w *wire) Close() error {
	close(w.down)
	return nil
}

func (*wire) Addr() net.Addr { return &net.TCPAddr{} }

// TestVerbs: an answer's verb is taken over as it is written.
func TestVerbs(t *testing.T) {
	t.Parallel()
	for of, as := range map[claude.Verb]navigator.Verb{
		claude.Wait: navigator.VerbWait, claude.Back: navigator.VerbBack, claude.GiveUp: navigator.VerbGiveUp,
		claude.ScrollUp: navigator.VerbScrollUp, claude.ScrollDown: navigator.VerbScrollDown,
	} {
		if string(of) != string(as) {
			t.Errorf("the client says %q, the navigator %q", of, as)
		}
	}
}
