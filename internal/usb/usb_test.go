package usb_test

import (
	"errors"
	"io/fs"
	"maps"
	"strconv"
	"syscall"
	"testing"
	"testing/fstest"

	"postfleet/internal/usb"
)

// device is a device as the kernel shows it.
func device(name, serial, bus, number string) fstest.MapFS {
	all := fstest.MapFS{}
	for attribute, value := range map[string]string{"serial": serial, "busnum": bus, "devnum": number} {
		if value != "" {
			all[name+"/"+attribute] = &fstest.MapFile{Data: []byte(value + "\n")}
		}
	}
	return all
}

func sysfs(devices ...fstest.MapFS) fstest.MapFS {
	all := fstest.MapFS{
		// A hub's own entry, and an interface, which has none of the files.
		"usb1/busnum":              {Data: []byte("1\n")},
		"usb1/devnum":              {Data: []byte("1\n")},
		"1-2:1.0/bInterfaceNumber": {Data: []byte("00\n")},
	}
	for _, d := range devices {
		maps.Copy(all, d)
	}
	return all
}

func node(mode fs.FileMode, gid uint32) *fstest.MapFile {
	return &fstest.MapFile{Mode: mode, Sys: &syscall.Stat_t{Gid: gid}}
}

func TestFind(t *testing.T) {
	t.Parallel()
	const serial = "R5CT20ABCDE"
	one := device("1-2", serial, "1", "5")
	for _, tc := range []struct {
		name string
		sys  fstest.MapFS
		dev  fstest.MapFS
		want usb.Phone
		err  error
	}{
		{
			name: "there, of a group", sys: sysfs(one, device("1-3", "OTHER", "1", "6")),
			dev:  fstest.MapFS{"001/005": node(0o660, 46)},
			want: usb.Phone{Path: "/dev/bus/usb/001/005", Group: 46},
		},
		{
			name: "for everybody", sys: sysfs(one), dev: fstest.MapFS{"001/005": node(0o666, 46)},
			want: usb.Phone{Path: "/dev/bus/usb/001/005", Group: -1},
		},
		{
			name: "for its owner only", sys: sysfs(one), dev: fstest.MapFS{"001/005": node(0o644, 46)},
			want: usb.Phone{Path: "/dev/bus/usb/001/005", Group: -1},
		},
		{
			name: "its file is not to be seen", sys: sysfs(device("3-1.4.2", serial, "3", "117")), dev: fstest.MapFS{},
			want: usb.Phone{Path: "/dev/bus/usb/003/117", Group: -1},
		},
		{name: "absent", sys: sysfs(device("1-3", "OTHER", "1", "6")), err: usb.ErrAbsent},
		{name: "part of the serial", sys: sysfs(device("1-3", serial+"F", "1", "6")), err: usb.ErrAbsent},
		{name: "going just now", sys: sysfs(device("1-2", serial, "1", "")), err: usb.ErrAbsent},
		{name: "no number", sys: sysfs(device("1-2", serial, "1", "../x")), err: usb.ErrAbsent},
		{name: "twice", sys: sysfs(one, device("2-1", serial, "2", "9")), err: usb.ErrTwice},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, err := usb.New(tc.sys, tc.dev).Find(serial)
			if got != tc.want || !errors.Is(err, tc.err) {
				t.Errorf("got %+v and %v, want %+v and %v", got, err, tc.want, tc.err)
			}
		})
	}
}

// TestFindAgain: a phone that is plugged in again has another number.
func TestFindAgain(t *testing.T) {
	t.Parallel()
	sys := sysfs(device("1-2", "S", "1", "5"))
	bus := usb.New(sys, fstest.MapFS{})
	for number := 5; number < 8; number++ {
		sys["1-2/devnum"] = &fstest.MapFile{Data: []byte(strconv.Itoa(number))}
		want := "/dev/bus/usb/001/00" + strconv.Itoa(number)
		if got, err := bus.Find("S"); err != nil || got.Path != want {
			t.Errorf("got %+v and %v, want %s", got, err, want)
		}
	}
	delete(sys, "1-2/serial")
	if _, err := bus.Find("S"); !errors.Is(err, usb.ErrAbsent) {
		t.Errorf("unplugged: got %v, want %v", err, usb.ErrAbsent)
	}
}

func TestNoSerialFindsNothing(t *testing.T) {
	t.Parallel()
	if _, err := usb.New(sysfs(), fstest.MapFS{}).Find(""); !errors.Is(err, usb.ErrAbsent) {
		t.Errorf("got %v, want %v: hubs have no serial number either", err, usb.ErrAbsent)
	}
}

func TestNoBus(t *testing.T) {
	t.Parallel()
	none := noFS{}
	if _, err := usb.New(none, none).Find("S"); !errors.Is(err, usb.ErrNoBus) {
		t.Errorf("got %v, want %v", err, usb.ErrNoBus)
	}
}

// noFS is a directory that is not there.
type noFS struct{}

func (noFS) Open(name string) (fs.File, error) {
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
}
