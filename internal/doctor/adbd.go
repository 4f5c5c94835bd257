package doctor

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"time"
)

// Greeting is how an adbd answers a host that says hello.
type Greeting string

// The greetings of an adbd.
const (
	// Welcome: it lets any host in.
	Welcome Greeting = "welcome"
	// AsksForKey: it lets in the hosts whose key a person has accepted.
	AsksForKey Greeting = "asks for a key"
	// WantsTLS: wireless debugging, where hosts are paired.
	WantsTLS Greeting = "wants TLS"
)

// ErrNoADB says that something answers, and is no adbd.
var ErrNoADB = errors.New("doctor: what answers is no adbd")

// The first words of adb messages, four letters little-endian.
const (
	wordConnect = 0x4e584e43 // CNXN
	wordAuth    = 0x48545541 // AUTH
	wordTLS     = 0x534c5453 // STLS
	headerBytes = 24
	adbVersion  = 0x01000001
	adbPayload  = 1 << 20
)

// Greet says hello to the adbd at a host:port, as adb does, hears its answer
// and hangs up. No key is offered, so that no phone asks its owner anything. It
// blocks until ctx ends, at most.
func Greet(ctx context.Context, address string) (_ Greeting, err error) {
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", address)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	stop := context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) })
	defer stop()
	if _, err := conn.Write(hello()); err != nil {
		return "", fmt.Errorf("greet its adbd: %w", cause(ctx, err))
	}
	var header [headerBytes]byte
	if _, err := io.ReadFull(conn, header[:]); err != nil {
		return "", fmt.Errorf("hear its adbd: %w", cause(ctx, err))
	}
	first, magic := binary.LittleEndian.Uint32(header[:]), binary.LittleEndian.Uint32(header[20:])
	switch {
	case magic != ^first:
		return "", ErrNoADB
	case first == wordConnect:
		return Welcome, nil
	case first == wordAuth:
		return AsksForKey, nil
	case first == wordTLS:
		return WantsTLS, nil
	default:
		return "", ErrNoADB
	}
}

// cause is why nothing came: the end of ctx, if it has ended.
func cause(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return err
}

// hello is the message CNXN of a host without features.
func hello() []byte {
	banner := []byte("host::\x00")
	var sum uint32
	for _, b := range banner {
		sum += uint32(b)
	}
	words := []uint32{wordConnect, adbVersion, adbPayload, uint32(len(banner)), sum, wordConnect ^ 0xffffffff}
	var message []byte
	for _, w := range words {
		message = binary.LittleEndian.AppendUint32(message, w)
	}
	return append(message, banner...)
}
