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

// handset is a phone as a worker has it, however far away it is.
type handset struct {
	do func(ctx context.Context, o Order) (string, error)
}

var (
	_ worker.Device  = handset{}
	_ posting.Device = handset{}
)

func (h handset) Reach(ctx context.Context) error { return h.order(ctx, Order{Call: callConnect}) }

func (h handset) Connect(ctx context.Context) error { return h.order(ctx, Order{Call: callConnect}) }
func (handset) Close(context.Context) error         { return nil }

func (h handset) Launch(ctx context.Context, id string) error {
	return h.order(ctx, Order{Call: callLaunch, Text: id})
}

func (h handset) Upload(ctx context.Context, local, name string) (string, error) {
	return h.do(ctx, Order{Call: callUpload, File: local, Text: name})
}

func (h handset) Remove(ctx context.Context, remote string) error {
	return h.order(ctx, Order{Call: callRemove, Text: remote})
}

func (h handset) Screenshot(ctx context.Context) ([]byte, error) {
	picture, err := h.do(ctx, Order{Call: callScreenshot})
	return []byte(picture), err
}

func (h handset) Source(ctx context.Context) (string, error) {
	return h.do(ctx, Order{Call: callSource})
}

func (h handset) Tap(ctx context.Context, x, y int) error {
	return h.order(ctx, Order{Call: callTap, From: image.Pt(x, y)})
}

func (h handset) Swipe(ctx context.Context, x1, y1, x2, y2 int, _ time.Duration) error {
	return h.order(ctx, Order{Call: callSwipe, From: image.Pt(x1, y1), To: image.Pt(x2, y2)})
}

func (h handset) Type(ctx context.Context, text string) error {
	return h.order(ctx, Order{Call: callType, Text: text})
}

func (h handset) Back(ctx context.Context) error { return h.order(ctx, Order{Call: callBack}) }

func (h handset) note(ctx context.Context, e event) error {
	return h.order(ctx, Order{Call: callNote, Note: e})
}

func (h handset) order(ctx context.Context, o Order) error {
	_, err := h.do(ctx, o)
	return err
}

// inHand is the handset of a phone in this process.
func inHand(p *phone) handset {
	return handset{do: func(ctx context.Context, o Order) (string, error) {
		if ctx.Err() != nil {
			return "", ctx.Err()
		}
		text, err := p.do(o)
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
	*text, err = w.phone.do(o)
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

// dial is the handset of a phone that another process serves on a socket.
func dial(ctx context.Context, socket string) (handset, error) {
	conn, err := (&net.Dialer{}).DialContext(ctx, "unix", socket)
	if err != nil {
		return handset{}, err
	}
	client := rpc.NewClient(conn)
	return handset{do: func(ctx context.Context, o Order) (string, error) {
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
