package adbd_test

import (
	"bytes"
	"context"
	"io"
	"testing"
	"time"

	"postfleet/internal/phonesim/adbd"
)

// timeoutLong is for what must happen, timeoutShort for what must not.
const (
	timeoutLong  = 5 * time.Second
	timeoutShort = 50 * time.Millisecond
)

// TestPressureOnTheHost: data that nobody reads is not acknowledged. Messages
// are handled in order, so that the answer to a later one proves the point.
func TestPressureOnTheHost(t *testing.T) {
	t.Parallel()
	read := make(chan struct{})
	services := phone{shellFunc: func(_ context.Context, line string, std adbd.Stdio) uint8 {
		if line == "slow" {
			select {
			case <-read:
			case <-t.Context().Done(): // The test failed before.
			}
			_, _ = io.ReadFull(std.In, make([]byte, 8))
			_, _ = io.ReadAll(std.In)
		}
		return 0
	}}
	h := connect(t, serve(t, adbd.Config{Services: services}))
	slow := h.open(1, "exec:slow")
	h.send(packet{"WRTE", 1, slow, []byte("12345678")})
	quick := h.open(2, "exec:quick") // fails if it meets an OKAY for stream 1
	h.want("CLSE", quick, 2)
	close(read)
	h.want("OKAY", slow, 1)
	h.send(packet{"CLSE", 1, slow, nil})
	h.want("CLSE", slow, 1)
}

// TestPressureOnTheDevice: the second message waits for the host's OKAY.
func TestPressureOnTheDevice(t *testing.T) {
	t.Parallel()
	written := make(chan struct{}, 2)
	services := phone{shellFunc: func(_ context.Context, line string, std adbd.Stdio) uint8 {
		for range 2 {
			_, _ = io.WriteString(std.Out, line)
			written <- struct{}{}
		}
		return 0
	}}
	h := connect(t, serve(t, adbd.Config{Services: services}))
	remote := h.open(1, "exec:data")
	h.want("WRTE", remote, 1)
	<-written
	if p, err := h.receive(timeoutShort); err == nil {
		t.Fatalf("got %s before the OKAY, want nothing", p.command)
	}
	select {
	case <-written:
		t.Fatal("the second write returned before the OKAY")
	default:
	}
	h.send(packet{"OKAY", 1, remote, nil})
	h.want("WRTE", remote, 1)
	if p, err := h.receive(timeoutShort); err == nil {
		t.Fatalf("got %s before the last OKAY, want the stream to stay open", p.command)
	}
	h.send(packet{"OKAY", 1, remote, nil})
	h.want("CLSE", remote, 1)
}

func TestHostThatDoesNotWaitLosesTheStream(t *testing.T) {
	t.Parallel()
	services := phone{shellFunc: func(ctx context.Context, _ string, _ adbd.Stdio) uint8 {
		<-ctx.Done()
		return 0
	}}
	h := connect(t, serve(t, adbd.Config{Services: services}))
	remote := h.open(1, "exec:deaf")
	h.send(packet{"WRTE", 1, remote, []byte("a")})
	h.send(packet{"WRTE", 1, remote, []byte("b")})
	h.want("CLSE", remote, 1)
}

// TestSlowStreamHoldsUpNoOther: one stream is full both ways, another works.
func TestSlowStreamHoldsUpNoOther(t *testing.T) {
	t.Parallel()
	services := phone{shellFunc: func(ctx context.Context, line string, std adbd.Stdio) uint8 {
		if line == "stuck" {
			_, _ = std.Out.Write(bytes.Repeat([]byte("x"), 3*adbd.MaxPayloadBytes))
			return 0
		}
		_, err := io.Copy(std.Out, std.In)
		if err != nil {
			return 1
		}
		return 0
	}}
	h := connect(t, serve(t, adbd.Config{Services: services}))
	stuck := h.open(1, "exec:stuck")
	h.want("WRTE", stuck, 1) // never acknowledged
	echo := h.open(2, "exec:echo")
	for _, text := range []string{"one", "two", "three"} {
		h.send(packet{"WRTE", 2, echo, []byte(text)})
		h.want("OKAY", echo, 2)
		if p := h.want("WRTE", echo, 2); string(p.data) != text {
			t.Errorf("got %q, want %q", p.data, text)
		}
		h.send(packet{"OKAY", 2, echo, nil})
	}
}
