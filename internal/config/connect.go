package config

import (
	"errors"
	"fmt"
	"net"
	"strings"
)

// The kinds of devices that connect names.
const (
	KindSim     = "sim"
	KindTCP     = "tcp"
	KindUSB     = "usb"
	KindGeelark = "geelark"
	// KindADBServer is a phone that an adb server of the host's has.
	KindADBServer = "adb-server"
)

// connection is a device's connect, taken apart.
type connection struct {
	kind string
	// address is the host:port behind the scheme; "" for a kind that has none.
	address string
}

// Connection returns the kind of a device and the host:port that its connect
// names; "" where there is none. The device has been checked.
func (d Device) Connection() (kind, address string) {
	c, _ := parseConnect(d.Connect)
	return c.kind, c.address
}

// place is what only one device can have: the address of a phone, or a cloud
// phone's name; "" where there is none. An adb server has many phones.
func (d Device) place() string {
	switch kind, address := d.Connection(); {
	case kind == KindTCP:
		return address
	case kind == KindGeelark && d.CloudPhone() != ByAccount:
		return d.Connect
	default:
		return ""
	}
}

// parseConnect takes connect apart. Its errors end in the mend.
func parseConnect(connect string) (connection, error) {
	kind, address, _ := strings.Cut(connect, "://")
	switch kind {
	case KindSim, KindUSB:
		if kind != connect {
			return connection{}, fmt.Errorf("%s takes no address: write %s", kind, kind)
		}
		return connection{kind: kind}, nil
	case KindTCP:
		if !isHostPort(address) {
			return connection{}, errors.New(
				"is no address of an adbd: write tcp://host:port, such as tcp://192.0.2.7:5555")
		}
		return connection{kind, address}, nil
	case KindADBServer:
		if !isHostPort(address) {
			return connection{}, errors.New(
				"is no address of an adb server: write adb-server://host:port, " +
					"such as adb-server://host.docker.internal:5037")
		}
		return connection{kind, address}, nil
	case KindGeelark:
		return connection{kind: kind}, parseCloudPhone(address)
	case "":
		return connection{}, errors.New("is missing: write " + connectForms)
	default:
		return connection{}, errors.New("is no way to connect: write " + connectForms)
	}
}

const connectForms = "tcp://host:port, usb, adb-server://host:port, geelark://… or sim"

func isHostPort(address string) bool {
	host, port, err := net.SplitHostPort(address)
	return err == nil && host != "" && validPort(port)
}
