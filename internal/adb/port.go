package adb

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"syscall"
	"time"
)

const (
	loopback = "127.0.0.1"
	// leaveTimeout is what an adb server has to go when it is told to.
	leaveTimeout = 3 * time.Second
)

func address(port int) string { return net.JoinHostPort(loopback, strconv.Itoa(port)) }

// takePort returns when the port is free. An adb server that has it is told to
// go; anything else is ErrPortTaken.
func takePort(ctx context.Context, port int) error {
	err := checkPort(ctx, port)
	if !errors.Is(err, ErrPortTaken) || !ask(ctx, port, "host:kill") {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, leaveTimeout)
	defer cancel()
	tick := time.NewTicker(pollInterval)
	defer tick.Stop()
	for {
		if err = checkPort(ctx, port); !errors.Is(err, ErrPortTaken) {
			return err
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return err
		}
	}
}

func checkPort(ctx context.Context, port int) error {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", address(port))
	if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("%w: %w", ErrPortTaken, err)
	}
	if err != nil {
		return fmt.Errorf("adb: server port cannot be had: %w", err)
	}
	return l.Close()
}
