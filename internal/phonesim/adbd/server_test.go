package adbd_test

import (
	"errors"
	"net"
	"os"
	"testing"

	"postfleet/internal/phonesim/adbd"
)

func TestDropClosesConnectionsAndWelcomesNewOnes(t *testing.T) {
	t.Parallel()
	server := serve(t, adbd.Config{Services: phone{}})
	h := connect(t, server)
	server.Drop()
	if p, err := h.receive(timeoutLong); err == nil {
		t.Errorf("got %s, want the connection closed", p.command)
	}
	h = connect(t, server)
	if got := string(h.drain(1, h.open(1, "exec:echo back"))); got != "back" {
		t.Errorf("got %q", got)
	}
}

func TestOfflineRefusesConnections(t *testing.T) {
	t.Parallel()
	server := serve(t, adbd.Config{Services: phone{}})
	h := connect(t, server)
	if err := server.SetOnline(false); err != nil {
		t.Fatal(err)
	}
	if p, err := h.receive(timeoutLong); err == nil {
		t.Errorf("got %s, want the connection closed", p.command)
	}
	if conn, err := net.Dial("tcp", server.Address()); err == nil {
		_ = conn.Close()
		t.Error("a connection was accepted while offline")
	}
	if err := server.SetOnline(true); err != nil {
		t.Fatal(err)
	}
	connect(t, server)
}

func TestFrozenPhoneIsSilentAndRecovers(t *testing.T) {
	t.Parallel()
	server := serve(t, adbd.Config{Services: phone{}})
	h := connect(t, server)
	server.SetFrozen(true)
	h.send(packet{"OPEN", 1, 0, []byte("exec:echo hi\x00")})
	late := dial(t, server)
	late.send(packet{"CNXN", hostVersion, adbd.MaxPayloadBytes, []byte("host::")})
	for name, silent := range map[string]*host{"open": h, "handshake": late} {
		if p, err := silent.receive(timeoutShort); !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("%s: got %s, %v, want silence", name, p.command, err)
		}
	}
	server.SetFrozen(false)
	late.want("CNXN", hostVersion, adbd.MaxPayloadBytes)
	if p := h.next(); p.command != "OKAY" {
		t.Errorf("got %s, want OKAY", p.command)
	}
}

func TestFrozenPhoneCanBeDropped(t *testing.T) {
	t.Parallel()
	server := serve(t, adbd.Config{Services: phone{}})
	h := connect(t, server)
	server.SetFrozen(true)
	h.send(packet{"OPEN", 1, 0, []byte("exec:echo hi\x00")})
	server.Drop()
	if p, err := h.receive(timeoutLong); err == nil || errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("got %s, %v, want the connection closed", p.command, err)
	}
}

func TestConnections(t *testing.T) {
	t.Parallel()
	server := serve(t, adbd.Config{Services: phone{}})
	first, second := connect(t, server), dial(t, server)
	second.send(packet{"CNXN", hostVersion, adbd.MaxPayloadBytes, []byte("host::")})
	second.want("CNXN", hostVersion, adbd.MaxPayloadBytes)
	got := server.Connections()
	if len(got) != 2 {
		t.Fatalf("got %d connections, want 2", len(got))
	}
	for i, h := range []*host{first, second} {
		if want := h.conn.LocalAddr().String(); got[i].Remote != want || !got[i].Online {
			t.Errorf("got %+v, want %s online", got[i], want)
		}
	}
}
