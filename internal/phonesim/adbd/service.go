package adbd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"postfleet/internal/logging"
)

// serveStream runs the service named by destination on s until either side
// is done with it.
func (c *conn) serveStream(ctx context.Context, s *stream, destination string) {
	name, argument, _ := strings.Cut(destination, ":")
	service, options, _ := strings.Cut(name, ",")
	switch service {
	case "shell":
		c.admit(s)
		c.shell(ctx, s, argument, slices.Contains(strings.Split(options, ","), "v2"))
	case "exec":
		c.admit(s)
		c.shell(ctx, s, argument, false)
	case "sync":
		c.admit(s)
		c.sync(s)
	case "tcp":
		c.forward(ctx, s, argument)
	default:
		c.refuse(s, destination, fmt.Errorf("no service %q", service))
	}
}

// admit tells the host that its stream is open.
func (c *conn) admit(s *stream) {
	c.sendOrDrop(message{command: cmdOkay, arg0: s.local, arg1: s.remote})
}

// refuse tells the host that its stream cannot be; its socket just closes.
func (c *conn) refuse(s *stream, destination string, err error) {
	c.logger.Debug("stream refused", slog.String(keyDestination, destination), logging.Err(err))
	c.sendOrDrop(message{command: cmdClose, arg1: s.remote})
}

// forward joins the stream to a TCP port of the phone.
func (c *conn) forward(ctx context.Context, s *stream, argument string) {
	port, err := strconv.Atoi(argument)
	if err != nil {
		c.refuse(s, "tcp:"+argument, err)
		return
	}
	target, err := s.session.Dial(ctx, port)
	if err != nil {
		c.refuse(s, "tcp:"+argument, err)
		return
	}
	c.admit(s)
	join(s, target)
}

// join copies both ways until one side ends, and closes both.
func join(s *stream, target net.Conn) {
	var copies sync.WaitGroup
	copies.Go(func() {
		_, _ = io.Copy(target, s) // Either end may hang up at any time.
		_ = target.Close()
	})
	_ = copyGathered(s, target)
	_ = s.Close()
	_ = target.Close()
	copies.Wait()
}

const (
	gatherBytes = 64 << 10
	gatherTime  = 300 * time.Microsecond
)

// copyGathered copies from to w in few large pieces. The host's adb passes on
// each piece with Nagle's algorithm on: an answer in two pieces would wait for
// a delayed acknowledgement, some 40 ms, in the middle.
func copyGathered(w io.Writer, from net.Conn) error {
	buffer := make([]byte, gatherBytes)
	for {
		n, err := gather(from, buffer)
		if n > 0 {
			if _, err := w.Write(buffer[:n]); err != nil {
				return err
			}
		}
		if err != nil {
			return err
		}
	}
}

// gather blocks for the first bytes and then takes what follows closely.
func gather(from net.Conn, buffer []byte) (int, error) {
	n, err := from.Read(buffer)
	if err != nil {
		return n, err
	}
	if err := from.SetReadDeadline(time.Now().Add(gatherTime)); err != nil {
		return n, err
	}
	for err == nil && n < len(buffer) {
		var more int
		more, err = from.Read(buffer[n:])
		n += more
	}
	if err != nil && !errors.Is(err, os.ErrDeadlineExceeded) {
		return n, err
	}
	return n, from.SetReadDeadline(time.Time{})
}
