package adbd_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"postfleet/internal/phonesim/adbd"
)

func TestHandshake(t *testing.T) {
	t.Parallel()
	h := dial(t, serve(t, adbd.Config{Services: phone{}}))
	h.send(packet{"CNXN", hostVersion, 1 << 18, []byte("host::")})
	banner := string(h.want("CNXN", hostVersion, adbd.MaxPayloadBytes).data)
	want := "device::ro.product.name=simphone;ro.product.model=Sim;ro.product.device=sim;" +
		"features=shell_v2,cmd,stat_v2,fixed_push_mkdir"
	if banner != want {
		t.Errorf("got banner %q, want %q", banner, want)
	}
}

func TestNothingBeforeTheHandshake(t *testing.T) {
	t.Parallel()
	h := dial(t, serve(t, adbd.Config{Services: phone{}}))
	h.send(packet{"OPEN", 1, 0, []byte("shell:id\x00")})
	if p, err := h.receive(timeoutLong); err == nil {
		t.Errorf("got %s, want the connection closed", p.command)
	}
}

// frame is one part of a shell v2 stream.
type frame struct {
	ID   byte
	Text string
}

func frames(t *testing.T, b []byte) []frame {
	t.Helper()
	var list []frame
	for len(b) > 0 {
		if len(b) < 5 || len(b) < 5+int(binary.LittleEndian.Uint32(b[1:])) {
			t.Fatalf("truncated frame %q", b)
		}
		n := 5 + int(binary.LittleEndian.Uint32(b[1:]))
		list = append(list, frame{b[0], string(b[5:n])})
		b = b[n:]
	}
	return list
}

func TestShell(t *testing.T) {
	t.Parallel()
	services := phone{shellFunc: func(_ context.Context, line string, std adbd.Stdio) uint8 {
		_, _ = io.WriteString(std.Out, "out:"+line)
		_, _ = io.WriteString(std.Err, "err")
		return 7
	}}
	server := serve(t, adbd.Config{Services: services})
	t.Run("v2 tells streams and exit code apart", func(t *testing.T) {
		t.Parallel()
		h := connect(t, server)
		got := frames(t, h.drain(1, h.open(1, "shell,v2,TERM=xterm,raw:ls -l")))
		if diff := cmp.Diff([]frame{{1, "out:ls -l"}, {2, "err"}, {3, "\x07"}}, got); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
	})
	for _, service := range []string{"shell:ls -l", "exec:ls -l"} {
		t.Run("raw "+service, func(t *testing.T) {
			t.Parallel()
			h := connect(t, server)
			if got := string(h.drain(1, h.open(1, service))); got != "out:ls -lerr" {
				t.Errorf("got %q", got)
			}
		})
	}
}

func TestShellInputFrames(t *testing.T) {
	t.Parallel()
	services := phone{shellFunc: func(_ context.Context, _ string, std adbd.Stdio) uint8 {
		b, _ := io.ReadAll(std.In)
		_, _ = std.Out.Write(bytes.ToUpper(b))
		return 0
	}}
	h := connect(t, serve(t, adbd.Config{Services: services}))
	remote := h.open(1, "shell,v2:cat")
	resize, first, second := "\x05\x02\x00\x00\x00xx", "\x00\x02\x00\x00\x00ab", "\x00\x01\x00\x00\x00c"
	for _, part := range []string{resize + first[:3], first[3:] + second, "\x04\x00\x00\x00\x00"} {
		h.send(packet{"WRTE", 1, remote, []byte(part)})
		h.want("OKAY", remote, 1)
	}
	if diff := cmp.Diff([]frame{{1, "ABC"}, {3, "\x00"}}, frames(t, h.drain(1, remote))); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestRefusedServices(t *testing.T) {
	t.Parallel()
	services := phone{dialFunc: func(context.Context, int) (net.Conn, error) { return nil, errors.New("refused") }}
	h := connect(t, serve(t, adbd.Config{Services: services}))
	for _, destination := range []string{"reverse:forward", "tcp:6790", "tcp:six", "localabstract:x", "jdwp:1"} {
		h.send(packet{"OPEN", 9, 0, append([]byte(destination), 0)})
		h.want("CLSE", 0, 9)
	}
}

func TestForward(t *testing.T) {
	t.Parallel()
	services := phone{dialFunc: func(_ context.Context, port int) (net.Conn, error) {
		near, far := net.Pipe()
		go func() { // Ends with the connection.
			defer func() { _ = far.Close() }()
			buffer := make([]byte, 64)
			n, _ := far.Read(buffer)
			_, _ = far.Write([]byte{byte(port)})
			_, _ = far.Write(bytes.ToUpper(buffer[:n]))
		}()
		return near, nil
	}}
	h := connect(t, serve(t, adbd.Config{Services: services}))
	remote := h.open(1, "tcp:80")
	h.send(packet{"WRTE", 1, remote, []byte("hello")})
	h.want("OKAY", remote, 1)
	if got := string(h.drain(1, remote)); got != "PHELLO" {
		t.Errorf("got %q, want %q", got, "PHELLO")
	}
}

func TestPayloadLimitOfTheHost(t *testing.T) {
	t.Parallel()
	text := strings.Repeat("0123456789", 2000)
	services := phone{shellFunc: func(_ context.Context, _ string, std adbd.Stdio) uint8 {
		_, _ = io.WriteString(std.Out, text)
		return 0
	}}
	h := dial(t, serve(t, adbd.Config{Services: services}))
	const limit = 4096
	h.send(packet{"CNXN", hostVersion, limit, []byte("host::")})
	h.want("CNXN", hostVersion, adbd.MaxPayloadBytes)
	remote := h.open(1, "exec:x")
	var got []byte
	for {
		p := h.next()
		if p.command == "CLSE" {
			break
		}
		if len(p.data) > limit {
			t.Fatalf("got a payload of %d bytes, want at most %d", len(p.data), limit)
		}
		got = append(got, p.data...)
		h.send(packet{"OKAY", 1, remote, nil})
	}
	if string(got) != text {
		t.Errorf("got %d bytes, want %d", len(got), len(text))
	}
}

func TestHostCloseEndsTheService(t *testing.T) {
	t.Parallel()
	ended := make(chan error, 1)
	services := phone{shellFunc: func(ctx context.Context, _ string, _ adbd.Stdio) uint8 {
		<-ctx.Done()
		ended <- ctx.Err()
		return 0
	}}
	h := connect(t, serve(t, adbd.Config{Services: services}))
	remote := h.open(1, "shell,v2:logcat")
	h.send(packet{"CLSE", 1, remote, nil})
	h.want("CLSE", remote, 1)
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want the context cancelled", err)
	}
}

func TestWhatCameBeforeTheCloseIsRead(t *testing.T) {
	t.Parallel()
	start, got := make(chan struct{}), make(chan string, 1)
	services := phone{shellFunc: func(_ context.Context, _ string, std adbd.Stdio) uint8 {
		select {
		case <-start:
		case <-t.Context().Done(): // The test failed before.
		}
		b, _ := io.ReadAll(std.In)
		got <- string(b)
		return 0
	}}
	h := connect(t, serve(t, adbd.Config{Services: services}))
	remote := h.open(1, "exec:cat")
	h.send(packet{"WRTE", 1, remote, []byte("last words")})
	h.send(packet{"CLSE", 1, remote, nil})
	h.want("CLSE", remote, 1)
	close(start)
	if text := <-got; text != "last words" {
		t.Errorf("got %q", text)
	}
}
