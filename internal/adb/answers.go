package adb

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"time"
)

const (
	answerTimeout = time.Second
	okay          = "OKAY"
	digits        = 4
)

// answers reports whether the server says what version it is.
func answers(ctx context.Context, port int) bool { return ask(ctx, port, "host:version") }

// ask reports whether the server agrees to a request.
func ask(ctx context.Context, port int, request string) bool {
	conn, err := agree(ctx, address(port), request)
	if err != nil {
		return false
	}
	_ = conn.Close() // the question is answered by then
	return true
}

// agree makes one request of the server at addr and returns the connection
// when the server has agreed to it. It speaks the server's own protocol: four
// hexadecimal digits of length, the request, then OKAY. It costs no process, and
// starts no server.
func agree(ctx context.Context, addr, request string) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, answerTimeout)
	defer cancel()
	var d net.Dialer
	conn, err := d.DialContext(ctx, "tcp", addr)
	if err != nil {
		return nil, err
	}
	deadline, _ := ctx.Deadline()
	err = conn.SetDeadline(deadline)
	if err == nil {
		_, err = fmt.Fprintf(conn, "%04x%s", len(request), request)
	}
	status := make([]byte, len(okay))
	if err == nil {
		_, err = io.ReadFull(conn, status)
	}
	if err == nil && string(status) != okay {
		err = fmt.Errorf("answered %q", status)
	}
	if err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return conn, nil
}

// version asks the server at addr for the version of its protocol.
func version(ctx context.Context, addr string) (int, error) {
	conn, err := agree(ctx, addr, "host:version")
	if err != nil {
		return 0, err
	}
	defer func() { _ = conn.Close() }() // read to its end
	text := make([]byte, 2*digits)      // its length, itself
	if _, err := io.ReadFull(conn, text); err != nil {
		return 0, fmt.Errorf("read version: %w", err)
	}
	v, err := strconv.ParseUint(string(text[digits:]), 16, 16)
	if err != nil {
		return 0, fmt.Errorf("read version: %w", err)
	}
	return int(v), nil
}
