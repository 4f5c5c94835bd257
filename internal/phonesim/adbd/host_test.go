package adbd_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"postfleet/internal/logging"
	"postfleet/internal/phonesim/adbd"
)

// packet is a message as the protocol's documentation has it, written down
// again here so that the tests do not share the server's mistakes.
type packet struct {
	command    string
	arg0, arg1 uint32
	data       []byte
}

// host is a hand-made adb host.
type host struct {
	t    *testing.T
	conn net.Conn
}

const hostVersion = 0x01000001

// serve runs a server with services until the test ends and returns it.
func serve(t *testing.T, cfg adbd.Config) *adbd.Server {
	t.Helper()
	cfg.Address = "127.0.0.1:0"
	server, err := adbd.Listen(cfg, logging.Discard())
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- server.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("Run: %v", err)
		}
	})
	return server
}

func dial(t *testing.T, server *adbd.Server) *host {
	t.Helper()
	conn, err := net.Dial("tcp", server.Address())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return &host{t: t, conn: conn}
}

// connect dials and shakes hands.
func connect(t *testing.T, server *adbd.Server) *host {
	t.Helper()
	h := dial(t, server)
	h.send(packet{"CNXN", hostVersion, adbd.MaxPayloadBytes, []byte("host::features=shell_v2")})
	h.want("CNXN", hostVersion, adbd.MaxPayloadBytes)
	return h
}

func (h *host) send(p packet) {
	h.t.Helper()
	var b bytes.Buffer
	command := binary.LittleEndian.Uint32([]byte(p.command))
	sum := uint32(0)
	for _, c := range p.data {
		sum += uint32(c)
	}
	for _, v := range []uint32{command, p.arg0, p.arg1, uint32(len(p.data)), sum, ^command} {
		_ = binary.Write(&b, binary.LittleEndian, v)
	}
	b.Write(p.data)
	if _, err := h.conn.Write(b.Bytes()); err != nil {
		h.t.Fatalf("send %s: %v", p.command, err)
	}
}

func (h *host) receive(timeout time.Duration) (packet, error) {
	_ = h.conn.SetReadDeadline(time.Now().Add(timeout))
	var header [24]byte
	if _, err := io.ReadFull(h.conn, header[:]); err != nil {
		return packet{}, err
	}
	p := packet{
		command: string(header[:4]),
		arg0:    binary.LittleEndian.Uint32(header[4:]), arg1: binary.LittleEndian.Uint32(header[8:]),
		data: make([]byte, binary.LittleEndian.Uint32(header[12:])),
	}
	_, err := io.ReadFull(h.conn, p.data)
	return p, err
}

func (h *host) next() packet {
	h.t.Helper()
	p, err := h.receive(5 * time.Second)
	if err != nil {
		h.t.Fatalf("receive: %v", err)
	}
	return p
}

// want receives the next message and checks all but its data.
func (h *host) want(command string, arg0, arg1 uint32) packet {
	h.t.Helper()
	p := h.next()
	if p.command != command || p.arg0 != arg0 || p.arg1 != arg1 {
		h.t.Fatalf("got %s(%d, %d) %q, want %s(%d, %d)", p.command, p.arg0, p.arg1, p.data, command, arg0, arg1)
	}
	return p
}

// open opens a service as stream local and returns the device's id for it.
func (h *host) open(local uint32, destination string) uint32 {
	h.t.Helper()
	h.send(packet{"OPEN", local, 0, append([]byte(destination), 0)})
	p := h.next()
	if p.command != "OKAY" || p.arg1 != local {
		h.t.Fatalf("open %s: got %s(%d, %d)", destination, p.command, p.arg0, p.arg1)
	}
	return p.arg0
}

// drain reads a stream to its end, acknowledging everything.
func (h *host) drain(local, remote uint32) []byte {
	h.t.Helper()
	var all []byte
	for {
		switch p := h.next(); p.command {
		case "WRTE":
			all = append(all, p.data...)
			h.send(packet{"OKAY", local, remote, nil})
		case "CLSE":
			h.send(packet{"CLSE", local, remote, nil})
			return all
		}
	}
}

// phone is a phone made of functions.
type phone struct {
	shellFunc func(ctx context.Context, line string, std adbd.Stdio) uint8
	dialFunc  func(ctx context.Context, port int) (net.Conn, error)
	files     adbd.FileStore
}

var _ adbd.Services = phone{}

func (p phone) Product() adbd.Product {
	return adbd.Product{Name: "simphone", Model: "Sim", Device: "sim"}
}
func (p phone) Files() adbd.FileStore { return p.files }

func (p phone) Shell(ctx context.Context, line string, std adbd.Stdio) uint8 {
	if p.shellFunc == nil {
		_, _ = io.WriteString(std.Out, strings.TrimPrefix(line, "echo "))
		return 0
	}
	return p.shellFunc(ctx, line, std)
}

func (p phone) Dial(ctx context.Context, port int) (net.Conn, error) { return p.dialFunc(ctx, port) }
