package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"testing"
	"testing/synctest"
	"time"
)

// TestLinkHoldsBytesBack: half a round trip each way, whatever is on its way
// already, in order, and the end as late as the rest.
func TestLinkHoldsBytesBack(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const delay, gap = 75 * time.Millisecond, 10 * time.Millisecond
		host, near := net.Pipe()
		far, phone := net.Pipe()
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			join(t.Context(), near, far, delay)
		}()
		for _, way := range []struct{ from, to net.Conn }{{host, phone}, {phone, host}} {
			began := time.Now()
			go func() {
				for _, text := range []string{"one", "two"} {
					if _, err := io.WriteString(way.from, text); err != nil {
						t.Errorf("write: %v", err)
					}
					<-time.After(gap)
				}
			}()
			for i, want := range []string{"one", "two"} {
				got := make([]byte, len(want))
				if _, err := io.ReadFull(way.to, got); err != nil || string(got) != want {
					t.Fatalf("got %q, %v, want %q", got, err, want)
				}
				if took, want := time.Since(began), delay+time.Duration(i)*gap; took != want {
					t.Errorf("%s arrived after %s, want %s", got, took, want)
				}
			}
			<-time.After(gap)
		}
		began := time.Now()
		_ = host.Close()
		if _, err := phone.Read(make([]byte, 1)); !errors.Is(err, io.EOF) || time.Since(began) != delay {
			t.Errorf("after the end got %v after %s, want the end after %s", err, time.Since(began), delay)
		}
		<-ended
	})
}

// TestLinkReachesThePhone goes through ports as adb does.
func TestLinkReachesThePhone(t *testing.T) {
	t.Parallel()
	phone, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer phone.Close() //nolint:errcheck // the test's own
	ctx, end := context.WithCancel(t.Context())
	l, err := openLink(ctx, phone.Addr().String(), time.Millisecond)
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- l.run(ctx) }()
	host, err := net.Dial("tcp", l.address())
	if err != nil {
		t.Fatal(err)
	}
	inside, err := phone.Accept()
	if err != nil {
		t.Fatal(err)
	}
	sent := bytes.Repeat([]byte("0123456789"), 100_000)
	go func() {
		_, _ = host.Write(sent)
		_ = host.Close()
	}()
	if got, err := io.ReadAll(inside); err != nil || !bytes.Equal(got, sent) {
		t.Errorf("got %d bytes, %v, want the %d that were sent", len(got), err, len(sent))
	}
	end()
	if err := <-ended; err != nil {
		t.Errorf("run: %v", err)
	}
}
