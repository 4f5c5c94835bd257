package adbd

import (
	"encoding/binary"
	"fmt"
	"io"
)

// command is the first word of a message, four ASCII letters little-endian.
type command uint32

const (
	cmdConnect command = 0x4e584e43 // CNXN
	cmdAuth    command = 0x48545541 // AUTH
	cmdOpen    command = 0x4e45504f // OPEN
	cmdOkay    command = 0x59414b4f // OKAY
	cmdClose   command = 0x45534c43 // CLSE
	cmdWrite   command = 0x45545257 // WRTE
)

const (
	// protocolVersion is the first version in which payload checksums are
	// neither needed nor looked at.
	protocolVersion = 0x01000001
	// MaxPayloadBytes is the largest payload either side may send.
	MaxPayloadBytes = 1 << 20
	// minPayloadBytes is what every host understands, however old.
	minPayloadBytes = 4096
	headerBytes     = 24
)

// message is one packet of the protocol; arg0 is the sender's id, arg1 the
// receiver's, except in handshakes.
type message struct {
	command    command
	arg0, arg1 uint32
	payload    []byte
}

func (c command) String() string {
	var b [4]byte
	binary.LittleEndian.PutUint32(b[:], uint32(c))
	return string(b[:])
}

// readMessage blocks until a whole message arrived. Its payload is fresh
// memory that the caller owns.
func readMessage(r io.Reader) (message, error) {
	var header [headerBytes]byte
	if _, err := io.ReadFull(r, header[:]); err != nil {
		return message{}, err
	}
	word := func(i int) uint32 { return binary.LittleEndian.Uint32(header[4*i:]) }
	m := message{command: command(word(0)), arg0: word(1), arg1: word(2)}
	size := word(3)
	if word(5) != ^word(0) {
		return message{}, fmt.Errorf("message %q: bad magic %#x", m.command, word(5))
	}
	if size > MaxPayloadBytes {
		return message{}, fmt.Errorf("message %q: payload of %d bytes is over the limit", m.command, size)
	}
	m.payload = make([]byte, size)
	if _, err := io.ReadFull(r, m.payload); err != nil {
		return message{}, fmt.Errorf("message %q: read payload: %w", m.command, err)
	}
	return m, nil
}

// writeMessage writes m in one call, with the checksum that hosts older than
// protocolVersion insist on.
func writeMessage(w io.Writer, m message) error {
	b := make([]byte, headerBytes, headerBytes+len(m.payload))
	words := [...]uint32{
		uint32(m.command), m.arg0, m.arg1,
		uint32(len(m.payload)), checksum(m.payload), ^uint32(m.command),
	}
	for i, v := range words {
		binary.LittleEndian.PutUint32(b[4*i:], v)
	}
	_, err := w.Write(append(b, m.payload...))
	return err
}

func checksum(b []byte) uint32 {
	var sum uint32
	for _, c := range b {
		sum += uint32(c)
	}
	return sum
}
