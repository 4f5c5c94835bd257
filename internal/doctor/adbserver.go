package doctor

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"time"
)

// ErrNoADBServer says that something answers, and is no adb server.
var ErrNoADBServer = errors.New("doctor: what answers is no adb server")

const (
	lengthDigits   = 4
	maxServerBytes = 0xffff
)

// ServerPhones asks the adb server at a host:port which phones it has, and
// returns their states by serial number, in adb's words. It blocks until ctx
// ends, at most.
func ServerPhones(ctx context.Context, address string) (map[string]string, error) {
	text, err := askServer(ctx, address, "host:devices")
	if err != nil {
		return nil, err
	}
	phones := map[string]string{}
	for line := range strings.Lines(text) {
		if serial, state, ok := strings.Cut(strings.TrimSpace(line), "\t"); ok {
			phones[serial] = state
		}
	}
	return phones, nil
}

// ServerForwards asks the adb server at a host:port which of its host's ports
// it leads to phones, and returns the phones' serial numbers by port.
func ServerForwards(ctx context.Context, address string) (map[int]string, error) {
	text, err := askServer(ctx, address, "host:list-forward")
	if err != nil {
		return nil, err
	}
	const columns = 3
	forwards := map[int]string{}
	for line := range strings.Lines(text) {
		f := strings.Fields(line)
		if len(f) != columns {
			continue
		}
		if port, err := strconv.Atoi(strings.TrimPrefix(f[1], "tcp:")); err == nil {
			forwards[port] = f[0]
		}
	}
	return forwards, nil
}

// askServer makes one request in the server's protocol: four hexadecimal digits
// of length and the words, both ways, with OKAY before the answer.
func askServer(ctx context.Context, address, request string) (_ string, err error) {
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", address)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	stop := context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) })
	defer stop()
	if _, err := fmt.Fprintf(conn, "%04x%s", len(request), request); err != nil {
		return "", fmt.Errorf("ask the adb server: %w", cause(ctx, err))
	}
	const okay = "OKAY"
	head := make([]byte, len(okay)+lengthDigits)
	if _, err := io.ReadFull(conn, head); err != nil {
		return "", fmt.Errorf("hear the adb server: %w", cause(ctx, err))
	}
	size, err := strconv.ParseUint(string(head[len(okay):]), 16, 16)
	if string(head[:len(okay)]) != okay || err != nil {
		return "", ErrNoADBServer
	}
	text := make([]byte, min(size, maxServerBytes))
	if _, err := io.ReadFull(conn, text); err != nil {
		return "", fmt.Errorf("hear the adb server: %w", cause(ctx, err))
	}
	return string(text), nil
}
