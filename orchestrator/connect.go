package orchestrator

import (
	"errors"
	"fmt"
	"net"
	"strings"

	"postfleet/workerimage"
)

// ErrConnect says that a device is to be connected in a way that is not supported.
var ErrConnect = errors.New("orchestrator: unsupported connect")

const (
	connectSim       = "sim"
	connectUSB       = "usb"
	connectTCP       = "tcp://"
	connectADBServer = "adb-server://"
	connectGeelark   = "geelark://"
)

// connect returns the phone as its worker is told of it, but for its name and
// accounts. The address of a simulated one follows from its place in the fleet.
func (dc DeviceConfig) connect() (workerimage.Device, error) {
	wrong := func(format string, args ...any) (workerimage.Device, error) {
		return workerimage.Device{}, fmt.Errorf("connect %q: "+format, append([]any{dc.Connect}, args...)...)
	}
	kind, address := dc.kind()
	switch kind {
	case connectSim:
		return workerimage.Device{}, nil
	case connectTCP:
		if !isHostPort(address) {
			return wrong("want tcp://HOST:PORT")
		}
		return workerimage.Device{Address: address, UDID: dc.UDID}, nil
	case connectUSB:
		if dc.UDID == "" {
			return wrong("want a udid as well")
		}
		return workerimage.Device{Address: dc.UDID, Attached: true}, nil
	case connectADBServer:
		if !isHostPort(address) || dc.UDID == "" {
			return wrong("want adb-server://HOST:PORT, and a udid as well")
		}
		return workerimage.Device{Address: dc.UDID, Attached: true, ADBServer: address}, nil
	case connectGeelark:
		if address == "" {
			return wrong("want geelark://PHONE-NAME or geelark://%s", workerimage.ByAccount)
		}
		return workerimage.Device{CloudPhone: address}, nil
	default:
		return wrong("%w: want tcp://HOST:PORT, usb, adb-server://HOST:PORT, geelark://… or sim", ErrConnect)
	}
}

// kind returns which of the ways to connect is meant, "" for none of them, and
// what follows the scheme.
func (dc DeviceConfig) kind() (kind, address string) {
	for _, k := range []string{connectSim, connectUSB} {
		if dc.Connect == k {
			return k, ""
		}
	}
	for _, k := range []string{connectTCP, connectADBServer, connectGeelark} {
		if rest, ok := strings.CutPrefix(dc.Connect, k); ok {
			return k, rest
		}
	}
	return "", ""
}

func isHostPort(address string) bool {
	host, port, err := net.SplitHostPort(address)
	return err == nil && host != "" && port != ""
}
