package main

import (
	"context"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io"
	"net"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"postfleet/internal/config"
	"postfleet/internal/doctor"
	"postfleet/internal/usb"
	"postfleet/orchestrator"
	"postfleet/workerimage"
)

// TestKeyIsMadeOnce: the fleet's adb key is there before its workers, theirs
// alone, stays from run to run, and is mounted read-only.
func TestKeyIsMadeOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, twoJobs)
	key := w.path("data/adbkey/adbkey")
	w.engine.Run = func(
		ctx context.Context, spec workerimage.Container, signals <-chan orchestrator.Signal,
	) orchestrator.Exit {
		want := workerimage.Mount{Source: w.path("data/adbkey"), Target: workerimage.KeyDir, ReadOnly: true}
		var got []workerimage.Mount
		for _, m := range spec.Mounts {
			if m.Target == workerimage.KeyDir {
				got = append(got, m)
			}
		}
		if diff := cmp.Diff([]workerimage.Mount{want}, got); diff != "" {
			t.Errorf("mount (-want +got):\n%s", diff)
		}
		return postingWorker(ctx, spec, signals)
	}
	w.must("launch")
	info, err := os.Stat(key)
	if err != nil || info.Mode().Perm() != 0o400 {
		t.Fatalf("got %v and %v, want a file of mode 0400", info, err)
	}
	first, err := os.ReadFile(key)
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode(first)
	if block == nil {
		t.Fatalf("got %q, want PEM", first)
	}
	if _, err := x509.ParsePKCS8PrivateKey(block.Bytes); err != nil {
		t.Error(err)
	}
	w.must("launch")
	if again, err := os.ReadFile(key); err != nil || string(again) != string(first) {
		t.Errorf("a second launch changed the key, %v", err)
	}
}

// TestWhoNeedsTheKey: with simulated phones nobody has to accept it, and with
// another host's adb server it is that one's.
func TestWhoNeedsTheKey(t *testing.T) {
	t.Parallel()
	for connect, want := range map[string]bool{
		"usb": true, "tcp://192.0.2.7:5555": true, "sim": false, "adb-server://192.0.2.9:5037": false,
	} {
		r := config.Resolved{Derived: config.Derived{DataDir: t.TempDir(), Workers: 1}}
		r.Devices = []config.Device{{Connect: connect}, {Connect: "usb"}} // the second one is spare
		user := strconv.Itoa(os.Geteuid()) + ":" + strconv.Itoa(os.Getegid())
		if err := ensureKey(r, user); err != nil || exists(keyDir(r)) != want {
			t.Errorf("%s: got a key %t and %v, want %t", connect, exists(keyDir(r)), err, want)
		}
	}
}

// TestSecretsOfDevices: each device's own rotation URL is a file of its own, and
// nowhere else.
func TestSecretsOfDevices(t *testing.T) {
	t.Parallel()
	w := newWorld(t, twoJobs)
	const secret = "https://user:hunter2@proxy.example/rotate"
	w.write("fleet.yaml", `fleet: test
devices:
  - {name: lab-0, connect: "tcp://192.0.2.7:5555", rotate_url: "`+secret+`"}
  - {name: lab-1, connect: "tcp://192.0.2.8:5555"}
`)
	w.engine.Run = func(
		ctx context.Context, spec workerimage.Container, signals <-chan orchestrator.Signal,
	) orchestrator.Exit {
		s, err := workerimage.DecodeSettings(spec.Env[workerimage.EnvSettings])
		if err != nil {
			t.Error(err)
		}
		want := map[string]string{"lab-0": "proxy_rotate_url.lab-0", "lab-1": ""}[s.Device.Name]
		if s.Proxy.Secret != want {
			t.Errorf("%s: got secret %q, want %q", s.Device.Name, s.Proxy.Secret, want)
		}
		checkSecret(t, w.path("data/.secrets/proxy_rotate_url.lab-0"), secret)
		return postingWorker(ctx, spec, signals)
	}
	w.must("config", "show")
	w.must("launch")
	if strings.Contains(w.out.String()+w.err.String(), "hunter2") {
		t.Error("the output holds the secret")
	}
	for name, text := range w.tree() {
		if strings.Contains(text, "hunter2") && name != "fleet.yaml" {
			t.Errorf("%s holds the secret", name)
		}
	}
}

// bus is one on which a phone is, or why it is not.
type bus struct {
	phone usb.Phone
	err   error
}

func (b bus) Find(string) (usb.Phone, error) { return b.phone, b.err }

func TestCheckUSB(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		bus  bus
		want doctor.Status
		says string
	}{
		"there":    {bus{phone: usb.Phone{Path: "/dev/bus/usb/001/005", Group: -1}}, doctor.OK, "001/005"},
		"group":    {bus{phone: usb.Phone{Path: "/dev/bus/usb/001/005", Group: 46}}, doctor.OK, "group 46"},
		"absent":   {bus{err: usb.ErrAbsent}, doctor.Fail, "not plugged in"},
		"no bus":   {bus{err: usb.ErrNoBus}, doctor.Unchecked, "no USB"},
		"two same": {bus{err: usb.ErrTwice}, doctor.Fail, "several devices"},
	} {
		var r doctor.Report
		checkUSB(&r, "device x", "R5", tc.bus)
		if f := r.Findings[0]; f.Status != tc.want || !strings.Contains(f.Seen, tc.says) {
			t.Errorf("%s: got %+v, want %s that says %q", name, f, tc.want, tc.says)
		}
	}
}

func TestPlugIn(t *testing.T) {
	t.Parallel()
	plan := func() orchestrator.Plan {
		return orchestrator.Plan{Slots: []orchestrator.Slot{{USB: "R5"}, {}}}
	}
	p := plan()
	if err := plugIn(p, bus{phone: usb.Phone{Path: "/dev/bus/usb/001/005", Group: 46}}); err != nil {
		t.Fatal(err)
	}
	got := [][]string{p.Slots[0].Worker.Devices, p.Slots[0].Worker.Groups, p.Slots[1].Worker.Devices}
	if diff := cmp.Diff([][]string{{"/dev/bus/usb/001/005"}, {"46"}, nil}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if err := plugIn(plan(), bus{err: usb.ErrAbsent}); !errors.Is(err, usb.ErrAbsent) {
		t.Errorf("got %v, want %v", err, usb.ErrAbsent)
	}
}

// adbServer answers every request alike and returns its port.
func adbServer(t *testing.T, answer string) string {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			_, _ = io.ReadFull(conn, make([]byte, 5)) // not to cut the asker short
			_, _ = io.WriteString(conn, answer)
			_ = conn.Close()
		}
	}()
	t.Cleanup(func() {
		_ = l.Close()
		<-done
	})
	_, port, _ := net.SplitHostPort(l.Addr().String())
	return port
}

// TestServerPortsTaken: with the host's adb server a worker's ports are the
// host's. A forward of its own phone is no obstacle.
func TestServerPortsTaken(t *testing.T) {
	t.Parallel()
	taken, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close() //nolint:errcheck // the test's own
	port := taken.Addr().(*net.TCPAddr).Port
	list := "R5 tcp:" + strconv.Itoa(port) + " tcp:6790\n"
	forwards := adbServer(t, "OKAY00"+strconv.FormatInt(int64(len(list)), 16)+list)
	for name, tc := range map[string]struct {
		server, phone string
		want          int
	}{
		"somebody's":             {workerimage.HostName + ":1", "R5", 1},
		"a forward of its phone": {workerimage.HostName + ":" + forwards, "R5", 0},
		"a forward of another":   {workerimage.HostName + ":" + forwards, "R6", 1},
		"another host":           {"192.0.2.9:5037", "R5", 0},
		"its own server":         {"", "R5", 0},
	} {
		got := serverPortsTaken(t.Context(), orchestrator.Slot{
			Device: workerimage.Device{ADBServer: tc.server, Address: tc.phone}, SystemPort: port,
		})
		if len(got) != tc.want {
			t.Errorf("%s: got %v, want %d ports taken", name, got, tc.want)
		}
	}
}
