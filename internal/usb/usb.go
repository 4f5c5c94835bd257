// Package usb finds a phone on the host's USB by its serial number, and says by
// which device file it is reached. It reads what the kernel shows in /sys and
// looks at files in /dev; it opens no device and changes nothing.
package usb

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"syscall"
)

// Why a phone was not found. Ask with errors.Is.
var (
	// ErrAbsent: no device on the bus has the serial number. A phone that is
	// plugged in somewhere else has none either as long as it charges only.
	ErrAbsent = errors.New("usb: phone is not plugged in")
	// ErrTwice: several devices have it, as cheap phones do.
	ErrTwice = errors.New("usb: several devices have this serial number")
	// ErrNoBus: this machine shows no USB.
	ErrNoBus = errors.New("usb: no USB bus to be seen here")
)

// Phone is where a phone is plugged in just now. Plugged in again it is
// somewhere else: the number of the device is never the same.
type Phone struct {
	// Path is its device file on the host, such as /dev/bus/usb/001/005.
	Path string
	// Group is the group that has to be joined to open it; -1 when everybody
	// may, or when nobody but its owner may, or when that is not to be seen.
	Group int
}

// Bus is the USB as two file systems show it. The zero value is of no use.
type Bus struct {
	sys, dev fs.FS
}

const (
	sysRoot = "/sys/bus/usb/devices"
	devRoot = "/dev/bus/usb"
)

// Host is this machine's bus.
func Host() Bus { return New(os.DirFS(sysRoot), os.DirFS(devRoot)) }

// New is a bus of which sys is what the kernel has in /sys/bus/usb/devices, and
// dev what is in /dev/bus/usb.
func New(sys, dev fs.FS) Bus { return Bus{sys: sys, dev: dev} }

// Find returns where the phone with the serial number is. Safe for concurrent
// use; it reads a few small files for each device on the bus.
func (b Bus) Find(serial string) (Phone, error) {
	entries, err := fs.ReadDir(b.sys, ".")
	if err != nil {
		return Phone{}, fmt.Errorf("%w: %s: %w", ErrNoBus, sysRoot, err)
	}
	var found []string
	for _, e := range entries {
		// An attribute that cannot be read belongs to a device that is just
		// being unplugged, or to an interface, which has no serial number.
		if serial == "" || b.attribute(e.Name(), "serial") != serial {
			continue
		}
		if file, ok := b.file(e.Name()); ok {
			found = append(found, file)
		}
	}
	switch len(found) {
	case 0:
		return Phone{}, fmt.Errorf("find %s: %w", serial, ErrAbsent)
	case 1:
		return Phone{Path: path.Join(devRoot, found[0]), Group: b.group(found[0])}, nil
	default:
		slices.Sort(found)
		return Phone{}, fmt.Errorf("find %s: %w: %s", serial, ErrTwice, strings.Join(found, ", "))
	}
}

func (b Bus) attribute(device, name string) string {
	text, err := fs.ReadFile(b.sys, path.Join(device, name))
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(text))
}

// file is a device's file below /dev/bus/usb, such as 001/005.
func (b Bus) file(device string) (string, bool) {
	bus, busErr := strconv.ParseUint(b.attribute(device, "busnum"), 10, 16)
	number, err := strconv.ParseUint(b.attribute(device, "devnum"), 10, 16)
	return fmt.Sprintf("%03d/%03d", bus, number), busErr == nil && err == nil
}

// group is Phone.Group. In a container the file may not be there; the engine,
// which makes the one in the worker's container, sees the host's.
func (b Bus) group(file string) int {
	const groupWrites, othersWrite = 0o020, 0o002
	info, err := fs.Stat(b.dev, file)
	if err != nil {
		return -1
	}
	owner, ok := info.Sys().(*syscall.Stat_t)
	if !ok || info.Mode()&othersWrite != 0 || info.Mode()&groupWrites == 0 {
		return -1
	}
	return int(owner.Gid)
}
