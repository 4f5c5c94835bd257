//go:build integration

package e2e

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/testcontainers/testcontainers-go"

	"postfleet/workerimage"
)

// bench is a place without an orchestrator: phones, and workers that are told
// of them as of real ones. Its numbers begin where no fleet's do.
type bench struct {
	*fleet
	place workerimage.Place
}

const (
	benchFirst = 90
	// benchPorts begins the block of system ports, and serverPort is the adb
	// server's, both on the engine's host.
	benchPorts = 9300
	serverPort = 15037
)

func newBench(t *testing.T, name string, jobs []job) *bench {
	t.Helper()
	t.Setenv("TESTCONTAINERS_RYUK_DISABLED", "true")
	f := newFleet(t, name, jobs)
	if out, err := f.command("seed", "--data-dir", f.dir).CombinedOutput(); err != nil {
		t.Fatalf("seed: %v: %s", err, out)
	}
	return &bench{fleet: f, place: f.place(t)}
}

// phone switches the n-th phone on, with this serial number, and returns its
// container and the address of its adbd.
func (b *bench) phone(n int, serial string, flags ...string) (c testcontainers.Container, address string) {
	b.t.Helper()
	spec := b.place.Phone(benchFirst+n, "phone-"+serial, filepath.Join(b.dir, "sim"), accounts(2))
	spec.Command = append(append(spec.Command, "--serial", serial), flags...)
	spec.Name = b.name + "-real-" + strconv.Itoa(n) // none of a fleet's own
	c = start(b.t, spec)
	eventually(b.t, "phone "+serial+" is on", func() bool {
		return control(b.t.Context(), benchFirst+n, http.MethodGet, "/healthz", "", nil) == nil
	})
	return c, spec.Name + ":" + strconv.Itoa(workerimage.PhoneADBPort)
}

// worker starts a worker for the device.
func (b *bench) worker(d workerimage.Device) testcontainers.Container {
	b.t.Helper()
	s := settings(0)
	s.Fleet, s.Device, s.AppiumPort = b.name, d, 4723+2*benchFirst
	s.SystemPort, s.MJPEGPort, s.ChromedriverPort = benchPorts, benchPorts+1, benchPorts+2
	s.Device.Name = "real"
	spec, err := b.place.Worker(s)
	if err != nil {
		b.t.Fatal(err)
	}
	return start(b.t, spec)
}

// off removes a container before the test's end.
func (b *bench) off(c testcontainers.Container) {
	b.t.Helper()
	if err := c.Terminate(context.WithoutCancel(b.t.Context())); err != nil {
		b.t.Fatal(err)
	}
}

func (b *bench) mustEnd(c testcontainers.Container, want int, says string) {
	b.t.Helper()
	if code, said := exitCode(b.t, c), logs(b.t, c); code != want || !strings.Contains(said, says) {
		b.t.Errorf("the worker: got exit code %d, want %d and %q in what it says:\n%s", code, want, says, said)
	}
}

// A phone that hangs on the engine's host's adb server is driven through that:
// the worker runs no server, and leaves the server's other phones and forwards
// alone. A container plays the host's part, whose ports it has.
func TestIntegrationOtherHostsADBServer(t *testing.T) {
	jobs := manyJobs(2, 2)
	b := newBench(t, "adbserver", jobs)
	_, address := b.phone(0, "SERIALA")
	_, other := b.phone(1, "SERIALB")
	gateway := docker(t, "network", "inspect", "bridge", "-f", "{{(index .IPAM.Config 0).Gateway}}")
	ports := []workerimage.Port{{HostIP: gateway, HostPort: serverPort, ContainerPort: 5037}}
	for p := benchPorts; p < benchPorts+2; p++ {
		ports = append(ports, workerimage.Port{HostIP: gateway, HostPort: p, ContainerPort: p})
	}
	host := start(t, workerimage.Container{
		Name: b.name + "-adb", Image: image, Network: b.place.Network, User: b.place.User, Ports: ports,
		Command: []string{"adb", "-a", "nodaemon", "server"},
	})
	adb := func(args ...string) string {
		return docker(t, append([]string{"exec", host.GetContainerID(), "adb"}, args...)...)
	}
	for _, phone := range []string{address, other} {
		eventually(t, "the server has "+phone, func() bool {
			_ = adb("connect", phone)
			return strings.Contains(adb("devices"), phone+"\tdevice")
		})
	}
	adb("-s", other, "forward", "tcp:9998", "tcp:9998")

	w := b.worker(workerimage.Device{
		Address: address, Attached: true, ADBServer: workerimage.HostName + ":" + strconv.Itoa(serverPort),
	})
	b.mustEnd(w, workerimage.ExitDone, "adb server of another host answers")
	if got := b.count("success"); got != len(jobs) {
		t.Errorf("success rows: got %d, want %d", got, len(jobs))
	}
	if _, err := os.Stat(filepath.Join(b.dir, "logs", "adb-0.log")); err == nil {
		t.Error("the worker ran an adb server of its own")
	}
	if got, want := adb("forward", "--list"), other+" tcp:9998 tcp:9998"; got != want {
		t.Errorf("forwards left: got %q, want %q", got, want)
	}
	for _, phone := range []string{address, other} {
		if got := adb("devices"); !strings.Contains(got, phone+"\tdevice") {
			t.Errorf("phones of the server: got %q, want %s among them", got, phone)
		}
	}
}

// The address of a device leads to another phone than its udid says: its worker
// ends before anything is done on it, for a person to look.
func TestIntegrationOtherPhoneAtTheAddress(t *testing.T) {
	b := newBench(t, "swapped", manyJobs(2, 2))
	_, first := b.phone(0, "SERIALA")
	_, second := b.phone(1, "SERIALB")
	for address, udid := range map[string]string{first: "SERIALB", second: "SERIALA"} {
		w := b.worker(workerimage.Device{Address: address, UDID: udid})
		b.mustEnd(w, workerimage.ExitHuman, "this is another phone")
		b.off(w)
	}
	if got := b.count("pending"); got != 2 {
		t.Errorf("pending rows: got %d, want both", got)
	}
	w := b.worker(workerimage.Device{Address: first, UDID: "SERIALA"})
	b.mustEnd(w, workerimage.ExitDone, "")
	if got := b.count("success"); got != 2 {
		t.Errorf("success rows with the right one: got %d, want 2", got)
	}
}

// Two phones change places while a worker works: it finds itself on the other
// one and stops at once; what it had not begun is pending.
func TestIntegrationPhonesSwappedInTheMiddle(t *testing.T) {
	b := newBench(t, "swap", manyJobs(6, 2))
	phone, address := b.phone(0, "SERIALA")
	w := b.worker(workerimage.Device{Address: address})
	eventually(t, "the first job is done", func() bool { return b.count("success") > 0 })
	b.off(phone)
	b.phone(0, "SERIALB")
	b.mustEnd(w, workerimage.ExitHuman, "this is another phone")
	if b.count("success")+b.count("pending")+b.count("claimed") != 6 || b.count("pending") == 0 {
		t.Errorf("rows: got %v, want the rest pending", b.rows())
	}
	var posts []post
	if err := control(t.Context(), benchFirst, http.MethodGet, "/posts", "", &posts); err != nil || len(posts) > 0 {
		t.Errorf("posts on the other phone: got %v and %v, want none", posts, err)
	}
}

// launch runs an orchestrator on one phone over TCP to its end, and returns its
// exit code and all it said.
func (b *bench) launchOn(address string) (code int, said string) {
	b.t.Helper()
	config := filepath.Join(b.dir, "fleet.yaml")
	text := "devices: [{name: real, connect: \"tcp://" + address + "\"}]\n" +
		"docker: {network: " + b.place.Network + ", image: \"" + image + "\"}\n" +
		"base_appium_port: 4903\nrestart: {max: 0}\n"
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		b.t.Fatal(err)
	}
	out, err := b.command("launch", "--config", config, "--data-dir", b.dir).CombinedOutput()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return exit.ExitCode(), string(out)
	}
	if err != nil {
		b.t.Fatal(err)
	}
	return 0, string(out)
}

// A phone that asks its owner about the fleet's key. As long as nobody accepts
// it, a person is told what to do; from then on each worker has the same key.
func TestIntegrationPhoneThatAsksForTheKey(t *testing.T) {
	b := newBench(t, "key", manyJobs(2, 2))
	phone, address := b.phone(0, "SERIALA", "--auth", "refuse")
	code, said := b.launchOn(address)
	if code != workerimage.ExitPending || !strings.Contains(said, "Always allow from this computer") {
		t.Errorf("refused: got exit code %d, want %d and what to do in\n%s", code, workerimage.ExitPending, said)
	}
	key, err := os.ReadFile(filepath.Join(b.dir, "adbkey", "adbkey"))
	if err != nil {
		t.Fatal(err)
	}
	b.off(phone)
	_, address = b.phone(0, "SERIALA", "--auth", "accept")
	if code, said := b.launchOn(address); code != workerimage.ExitDone {
		t.Errorf("accepted: got exit code %d, want 0 of\n%s", code, said)
	}
	if again, err := os.ReadFile(filepath.Join(b.dir, "adbkey", "adbkey")); err != nil || !bytes.Equal(key, again) {
		t.Errorf("the second launch has another key, %v", err)
	}
	if got := b.count("success"); got != 2 {
		t.Errorf("success rows: got %d, want 2", got)
	}
}
