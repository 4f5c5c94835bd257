package main

import (
	"context"
	"errors"
	"io"
	"net"
	"sync"
	"time"
)

const (
	parcelBytes = 64 << 10
	// underway is how many parcels a link holds at most: far more than adb sends
	// before it waits for the phone.
	underway = 4096
)

// link is a slow way to a phone: a relay that holds each byte back for delay. It
// keeps the order and has any bandwidth.
type link struct {
	listener net.Listener
	target   string
	delay    time.Duration
}

// openLink opens the way to the phone at target; run relays.
func openLink(ctx context.Context, target string, delay time.Duration) (*link, error) {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	return &link{listener: l, target: target, delay: delay}, nil
}

func (l *link) address() string { return l.listener.Addr().String() }

// run relays until ctx ends, and returns when all connections have ended.
func (l *link) run(ctx context.Context) error {
	stop := context.AfterFunc(ctx, func() { _ = l.listener.Close() })
	defer stop()
	var conns sync.WaitGroup
	defer conns.Wait()
	for {
		near, err := l.listener.Accept()
		if ctx.Err() != nil {
			return nil
		}
		if err != nil {
			return err
		}
		conns.Go(func() { l.relay(ctx, near) })
	}
}

func (l *link) relay(ctx context.Context, near net.Conn) {
	defer near.Close() //nolint:errcheck // it has ended
	var d net.Dialer
	far, err := d.DialContext(ctx, "tcp", l.target)
	if err != nil {
		return
	}
	defer far.Close() //nolint:errcheck // it has ended
	join(ctx, near, far, l.delay)
}

// join relays both ways until one ends, or ctx, and ends both.
func join(ctx context.Context, near, far net.Conn, delay time.Duration) {
	end := func() { _, _ = near.Close(), far.Close() }
	defer context.AfterFunc(ctx, end)()
	var ways sync.WaitGroup
	for _, way := range []struct{ to, from net.Conn }{{far, near}, {near, far}} {
		ways.Go(func() {
			carry(way.to, way.from, delay)
			end()
		})
	}
	ways.Wait()
}

// parcel is what was read at once, and when it may arrive.
type parcel struct {
	bytes []byte
	due   time.Time
}

// carry brings what is read to the other end, each parcel delay after it was
// read, until either end is closed.
func carry(to io.Writer, from io.Reader, delay time.Duration) {
	parcels, gone := make(chan parcel, underway), make(chan struct{})
	var reading sync.WaitGroup
	reading.Go(func() {
		defer close(parcels)
		collect(parcels, from, delay, gone)
	})
	for p := range parcels {
		if wait := time.Until(p.due); wait > 0 {
			<-time.After(wait)
		}
		if len(p.bytes) == 0 {
			break // the end
		}
		if _, err := to.Write(p.bytes); err != nil {
			break
		}
	}
	close(gone)
	if c, ok := from.(io.Closer); ok {
		_ = c.Close() // so that the reading ends
	}
	reading.Wait()
}

// collect stamps what comes until it ends, or whoever takes the parcels is gone.
func collect(parcels chan<- parcel, from io.Reader, delay time.Duration, gone <-chan struct{}) {
	for {
		buffer := make([]byte, parcelBytes)
		n, err := from.Read(buffer)
		if n > 0 {
			select {
			case parcels <- parcel{buffer[:n], time.Now().Add(delay)}:
			case <-gone:
				return
			}
		}
		if err != nil {
			if errors.Is(err, io.EOF) {
				// The end arrives as late as what came before it.
				select {
				case parcels <- parcel{nil, time.Now().Add(delay)}:
				case <-gone:
				}
			}
			return
		}
	}
}
