package orchestrator

import (
	"errors"
	"fmt"
	"net"
	"strings"
)

// ErrConnect says that a device is to be connected in a way that is not supported.
var ErrConnect = errors.New("orchestrator: unsupported connect")

const (
	connectSim = "sim"
	connectTCP = "tcp://"
)

// resolveConnect returns the address of the phone's adbd. A simulated phone's
// follows from its place in the fleet, not from connect.
func resolveConnect(connect string) (address string, simulated bool, err error) {
	if connect == connectSim {
		return "", true, nil
	}
	address, isTCP := strings.CutPrefix(connect, connectTCP)
	if !isTCP {
		return "", false, fmt.Errorf("connect %q: %w: this version drives tcp://HOST:PORT and sim", connect, ErrConnect)
	}
	host, port, err := net.SplitHostPort(address)
	if err != nil || host == "" || port == "" {
		return "", false, fmt.Errorf("connect %q: want tcp://HOST:PORT", connect)
	}
	return address, false, nil
}
