package geelark

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"time"
)

// adbHost is a hand-made adb host with one connection.
type adbHost struct {
	conn net.Conn
	last uint32 // id of the last stream
}

func adbConnect(address string) (*adbHost, error) {
	conn, err := net.Dial("tcp", address)
	if err != nil {
		return nil, err
	}
	h := &adbHost{conn: conn}
	_ = conn.SetDeadline(time.Now().Add(5 * time.Second))
	h.send("CNXN", 0x01000001, 4096, "host::")
	if command, _, _, _, err := h.receive(); err != nil || command != "CNXN" {
		_ = conn.Close()
		return nil, fmt.Errorf("got %s, %w", command, err)
	}
	return h, nil
}

func (h *adbHost) send(command string, arg0, arg1 uint32, data string) {
	word := binary.LittleEndian.Uint32([]byte(command))
	sum := uint32(0)
	for _, c := range []byte(data) {
		sum += uint32(c)
	}
	var b bytes.Buffer
	for _, v := range []uint32{word, arg0, arg1, uint32(len(data)), sum, ^word} {
		_ = binary.Write(&b, binary.LittleEndian, v)
	}
	b.WriteString(data)
	_, _ = h.conn.Write(b.Bytes()) // The next receive tells.
}

func (h *adbHost) receive() (command string, from, to uint32, data []byte, err error) {
	var header [24]byte
	if _, err := io.ReadFull(h.conn, header[:]); err != nil {
		return "", 0, 0, nil, err
	}
	data = make([]byte, binary.LittleEndian.Uint32(header[12:]))
	_, err = io.ReadFull(h.conn, data)
	return string(header[:4]), binary.LittleEndian.Uint32(header[4:]), binary.LittleEndian.Uint32(header[8:]), data, err
}

// shell runs a line on the phone and returns what it wrote.
func (h *adbHost) shell(line string) (string, error) {
	h.last++
	h.send("OPEN", h.last, 0, "shell:"+line+"\x00")
	var out []byte
	for {
		command, remote, local, data, err := h.receive()
		switch {
		case err != nil:
			return string(out), err
		case local != h.last: // The end of an earlier stream.
		case command == "WRTE":
			out = append(out, data...)
			h.send("OKAY", h.last, remote, "")
		case command == "CLSE":
			h.send("CLSE", h.last, remote, "")
			return string(out), nil
		}
	}
}

func (h *adbHost) close() { _ = h.conn.Close() }
