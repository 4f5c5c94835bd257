package adb

import (
	"context"
	"io"
	"net"
	"time"
)

const answerTimeout = time.Second

// answers asks the server for its version in its own protocol: four
// hexadecimal digits of length, the request, then OKAY. It costs no process.
func answers(ctx context.Context, port int) bool {
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
	if _, err := io.WriteString(conn, "000chost:version"); err != nil {
		return false
	}
	status := make([]byte, len("OKAY"))
	_, err = io.ReadFull(conn, status)
	return err == nil && string(status) == "OKAY"
}
