package lifetest

import (
	"context"
	"image"
	"net"
	"net/rpc"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"postfleet/internal/fault"
	"postfleet/internal/posting"
	"postfleet/internal/worker"
)

// remote is a phone as a worker has it, however far away it is.
type remote struct {
	do func(ctx context.Context, o Order) (string, error)
}

var (
	_ worker.Device  = remote{}
	_ posting.Device = remote{}
)

func (h remote) Reach(ctx context.Context) error { return h.order(ctx, Order{Call: callConnect}) }

func (h remote) Connect(ctx context.Context) error { return h.order(ctx, Order{Call: callConnect}) }
func (remote) Close(context.Context) error         { return nil }

func (h remote) Launch(ctx context.Context, id string) error {
	return h.order(ctx, Order{Call: callLaunch, Text: id})
}

func (h remote) Upload(ctx context.Context, local, name string) (string, error) {
	return h.do(ctx, Order{Call: callUpload, File: local, Text: name})
}

func (h remote) Remove(ctx context.Context, path string) error {
	return h.order(ctx, Order{Call: callRemove, Text: path})
}

func (h remote) Screenshot(ctx context.Context) ([]byte, error) {
	picture, err := h.do(ctx, Order{Call: callScreenshot})
	return []byte(picture), err
}

func (h remote) Source(ctx context.Context) (string, error) {
	return h.do(ctx, Order{Call: callSource})
}

func (h remote) Tap(ctx context.Context, x, y int) error {
	return h.order(ctx, Order{Call: callTap, From: image.Pt(x, y)})
}

func (h remote) Swipe(ctx context.Context, x1, y1, x2, y2 int, _ time.Duration) error {
	return h.order(ctx, Order{Call: callSwipe, From: image.Pt(x1, y1), To: image.Pt(x2, y2)})
}

func (h remote) Type(ctx context.Context, text string) error {
	return h.order(ctx, Order{Call: callType, Text: text})
}

func (h remote) Back(ctx context.Context) error { return h.order(ctx, Order{Call: callBack}) }

func (h remote) note(ctx context.Context, e event) error {
	return h.order(ctx, Order{Call: callNote, Note: e})
}

func (h remote) order(ctx context.Context, o Order) error {
	_, err := h.do(ctx, o)
	return err
}

// inHand is the remote of a phone in this process.
func inHand(p *phone) remote {
	return remote{do: func(ctx context.Context, o Order) (string, error) {
		if ctx.Err() != nil {
			return "", ctx.Err()
		}
		text, err := p.do(ctx, o)
		if fault.Of(err) == fault.Unclassified {
			err = fault.Mark(fault.Infra, err)
		}
		return text, err
	}}
}

// Wire is what a phone serves on its socket.
type Wire struct{ phone *phone }

// Do does what a worker asks.
func (w *Wire) Do(o Order, text *string) (err error) {
	*text, err = w.phone.do(context.Background(), o)
	return err
}

// serve serves the phone on a socket until the test ends.
func serve(t *testing.T, p *phone) (socket string) {
	t.Helper()
	dir, err := os.MkdirTemp("", "phone") //nolint:usetesting // a socket's path must be short
	if err != nil {
		t.Fatal(err)
	}
	socket = filepath.Join(dir, "s")
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	server := rpc.NewServer()
	if err := server.Register(&Wire{p}); err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	all.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			all.Go(func() { server.ServeConn(conn) }) // until the worker ends
		}
	})
	t.Cleanup(func() {
		_ = listener.Close()
		all.Wait()
		_ = os.RemoveAll(dir)
	})
	return socket
}

// dial is the remote of a phone that another process serves on a socket.
func dial(ctx context.Context, socket string) (remote, error) {
	conn, err := (&net.Dialer{}).DialContext(ctx, "unix", socket)
	if err != nil {
		return remote{}, err
	}
	client := rpc.NewClient(conn)
	return remote{do: func(ctx context.Context, o Order) (string, error) {
		var text string
		call := client.Go("Wire.Do", o, &text, make(chan *rpc.Call, 1))
		select {
		case <-call.Done:
			return text, fault.Mark(fault.Infra, call.Error)
		case <-ctx.Done():
			return "", ctx.Err()
		}
	}}, nil
}
