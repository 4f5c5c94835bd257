package adb

import (
	"context"
	"fmt"
	"io"
	"net"
	"time"
)

const answerTimeout = time.Second

// answers reports whether the server says what version it is.
func answers(ctx context.Context, port int) bool { return ask(ctx, port, "host:version") }

// ask reports whether the server agrees to a request. It speaks the server's
// own protocol: four hexadecimal digits of length, the request, then OKAY. It
// costs no process, and starts no server.
func ask(ctx context.Context, port int, request string) bool {
	ctx, cancel := context.WithTimeout(ctx, answerTimeout)
	defer cancel()
	var d net.Dialer
	conn, err := d.DialContext(ctx, "tcp", address(port))
	if err != nil {
		return false
	}
	defer conn.Close() //nolint:errcheck // the question is answered by then
	deadline, _ := ctx.Deadline()
	if err := conn.SetDeadline(deadline); err != nil {
		return false
	}
	if _, err := fmt.Fprintf(conn, "%04x%s", len(request), request); err != nil {
		return false
	}
	status := make([]byte, len("OKAY"))
	_, err = io.ReadFull(conn, status)
	return err == nil && string(status) == "OKAY"
}
