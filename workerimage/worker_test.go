package workerimage_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"postfleet/workerimage"
)

func place() workerimage.Place {
	return workerimage.Place{
		Fleet: "f", Image: "img", Network: "net", User: "1:2",
		DataDir: "/d", LogDir: "/l", MemoryBytes: 3, NanoCPUs: 4, PIDs: 5, StopTimeout: time.Minute,
	}
}

func TestWorkerContainer(t *testing.T) {
	t.Parallel()
	c, err := place().Worker(workerimage.Settings{
		WorkerID: 2, AppiumPort: 4727, Device: workerimage.Device{Name: "lab"},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := workerimage.Container{
		Name: "f-worker-2", Image: "img", Command: []string{"worker", "run"}, User: "1:2", Network: "net",
		Env: map[string]string{"HOME": "/tmp", workerimage.EnvSettings: c.Env[workerimage.EnvSettings]},
		Labels: map[string]string{
			workerimage.LabelFleet: "f", workerimage.LabelRole: "worker",
			workerimage.LabelWorker: "2", workerimage.LabelDevice: "lab",
		},
		Ports:       []workerimage.Port{{HostIP: "127.0.0.1", HostPort: 4727, ContainerPort: 4727}},
		Mounts:      []workerimage.Mount{{Source: "/d", Target: "/data"}, {Source: "/l", Target: "/logs"}},
		Tmpfs:       []string{"/tmp"},
		MemoryBytes: 3, NanoCPUs: 4, PIDs: 5, StopTimeout: time.Minute,
		Health: c.Health,
	}
	if diff := cmp.Diff(want, c); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if c.Health == nil || !slices.Equal(c.Health.Command, []string{"worker", "healthcheck"}) {
		t.Errorf("health check: got %+v", c.Health)
	}
}

func TestWorkerMounts(t *testing.T) {
	t.Parallel()
	p := place()
	p.MediaDir, p.KeyDir, p.SecretsDir, p.RecipePath = "/m", "/k", "/s", "/r.yaml"
	c, err := p.Worker(workerimage.Settings{})
	if err != nil {
		t.Fatal(err)
	}
	want := []workerimage.Mount{
		{Source: "/d", Target: "/data"},
		{Source: "/l", Target: "/logs"},
		{Source: "/m", Target: "/data/media", ReadOnly: true},
		{Source: "/k", Target: "/data/adbkey", ReadOnly: true},
		{Source: "/s", Target: "/run/postfleet/secrets", ReadOnly: true},
		{Source: "/r.yaml", Target: "/run/postfleet/recipe.yaml", ReadOnly: true},
	}
	if diff := cmp.Diff(want, c.Mounts); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, m := range c.Mounts {
		if strings.Contains(m.Source, "docker.sock") {
			t.Error("a worker must not reach the engine")
		}
	}
}

// TestHostGateway: the engine's host is named to those only who ask for it.
func TestHostGateway(t *testing.T) {
	t.Parallel()
	for server, want := range map[string]string{
		"": "", "192.0.2.7:5037": "", "host.docker.internal:5037": "host.docker.internal",
	} {
		c, err := place().Worker(workerimage.Settings{Device: workerimage.Device{ADBServer: server}})
		if err != nil || c.HostGateway != want {
			t.Errorf("adb server %q: got %q and %v, want %q", server, c.HostGateway, err, want)
		}
	}
}

func TestPhoneContainer(t *testing.T) {
	t.Parallel()
	c := place().Phone(1, "sim-1", "/d/sim", []string{"shop a", "--state"})
	want := workerimage.Container{
		Name: "f-phone-1", Image: "img", User: "1:2", Network: "net",
		Command: []string{
			"phonesim", "run", "--adb", ":5555", "--control", ":8099",
			"--state", "/phones/sim-1.json", "--peers", "/phones",
			"--account", "shop a", "--account", "--state",
		},
		Env: map[string]string{"HOME": "/tmp"},
		Labels: map[string]string{
			workerimage.LabelFleet: "f", workerimage.LabelRole: "phone",
			workerimage.LabelWorker: "1", workerimage.LabelDevice: "sim-1",
		},
		Ports:       []workerimage.Port{{HostIP: "127.0.0.1", HostPort: 8501, ContainerPort: 8099}},
		Mounts:      []workerimage.Mount{{Source: "/d/sim", Target: "/phones"}},
		Tmpfs:       []string{"/tmp"},
		MemoryBytes: c.MemoryBytes, PIDs: c.PIDs, StopTimeout: c.StopTimeout, Health: c.Health,
	}
	if diff := cmp.Diff(want, c); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if c.MemoryBytes == 0 || c.PIDs == 0 || c.Health == nil {
		t.Error("a phone has no limits or no health check")
	}
}

func TestContainersShareNothingMutable(t *testing.T) {
	t.Parallel()
	p := place()
	a, b := p.Phone(0, "a", "", nil), p.Phone(1, "b", "", nil)
	a.Labels["x"], a.Env["x"] = "y", "y"
	if b.Labels["x"] != "" || b.Env["x"] != "" {
		t.Error("two containers share a map")
	}
}

func TestPublishedPortsAreOnLoopback(t *testing.T) {
	t.Parallel()
	c, err := place().Worker(workerimage.Settings{})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range append(c.Ports, place().Phone(0, "a", "", nil).Ports...) {
		if p.HostIP != "127.0.0.1" {
			t.Errorf("port %d is published on %q", p.HostPort, p.HostIP)
		}
	}
}
