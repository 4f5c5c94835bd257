package main

import (
	"os"
	"path/filepath"
	"testing"

	"postfleet/internal/fault"
	"postfleet/workerimage"
)

func TestADBServer(t *testing.T) {
	t.Parallel()
	a, _ := newApp(t, "")
	for address, want := range map[string]adbServer{
		"":                          {port: a.places.adbPort},
		"host.docker.internal:5038": {host: "host.docker.internal", port: 5038},
		"[2001:db8::1]:5037":        {host: "2001:db8::1", port: 5037},
	} {
		got, err := a.adbServer(workerimage.Device{ADBServer: address})
		if err != nil || got != want || got.isOwn() != (address == "") {
			t.Errorf("%q: got %+v and %v, want %+v", address, got, err, want)
		}
	}
	for _, address := range []string{"host", "host:adb"} {
		if _, err := a.adbServer(workerimage.Device{ADBServer: address}); !fault.Is(err, fault.Input) {
			t.Errorf("%q: got %v of class %q, want %q", address, err, fault.Of(err), fault.Input)
		}
	}
}

// TestCopyKey: adb gets the fleet's key, for itself alone, and no public key of
// another pair.
func TestCopyKey(t *testing.T) {
	t.Parallel()
	a, _ := newApp(t, "")
	if err := a.copyKey(); err != nil {
		t.Fatalf("without a key: %v", err)
	}
	dir := filepath.Join(a.places.home, ".android")
	if _, err := os.Stat(dir); !os.IsNotExist(err) {
		t.Errorf("without a key: got %v, want nothing made", err)
	}
	fleets := filepath.Join(a.places.data, "adbkey")
	if err := os.Mkdir(fleets, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"first", "second"} { // a server that is started again
		if err := os.WriteFile(filepath.Join(fleets, "adbkey"), []byte(key), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := a.copyKey(); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, "adbkey")
		info, err := os.Stat(path)
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("got %v and %v, want mode 0600", info, err)
		}
		if got, err := os.ReadFile(path); err != nil || string(got) != key {
			t.Errorf("got %q and %v, want %q", got, err, key)
		}
		if _, err := os.Stat(path + ".pub"); !os.IsNotExist(err) {
			t.Errorf("public key: got %v, want none", err)
		}
		if err := os.WriteFile(path+".pub", []byte("another pair's"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
