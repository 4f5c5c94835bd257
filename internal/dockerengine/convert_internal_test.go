package dockerengine

import (
	"testing"
	"time"

	"github.com/docker/docker/api/types/container"
	"github.com/docker/docker/api/types/mount"
	"github.com/docker/docker/api/types/network"
	"github.com/docker/go-connections/nat"
	"github.com/google/go-cmp/cmp"

	"postfleet/workerimage"
)

func TestConvertConfig(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name string
		spec workerimage.Container
		want container.Config
	}{
		{"empty", workerimage.Container{Image: "i"}, container.Config{
			Image: "i", Env: []string{}, ExposedPorts: nat.PortSet{},
		}},
		{
			"all",
			workerimage.Container{
				Image: "i", Command: []string{"worker", "run"}, User: "1:2",
				Env:         map[string]string{"B": "x=y", "A": "line\nbreak"},
				Labels:      map[string]string{"k": "v"},
				Ports:       []workerimage.Port{{HostIP: "127.0.0.1", HostPort: 4723, ContainerPort: 4723}},
				StopTimeout: 90 * time.Second,
				Health: &workerimage.Health{
					Command: []string{"worker", "healthcheck"}, Interval: time.Second, Timeout: 2 * time.Second,
					StartPeriod: 3 * time.Second, Retries: 4,
				},
			},
			container.Config{
				Image: "i", Cmd: []string{"worker", "run"}, User: "1:2",
				Env:          []string{"A=line\nbreak", "B=x=y"},
				Labels:       map[string]string{"k": "v"},
				ExposedPorts: nat.PortSet{"4723/tcp": {}},
				StopTimeout:  new(90),
				Healthcheck: &container.HealthConfig{
					Test: []string{"CMD", "worker", "healthcheck"}, Interval: time.Second, Timeout: 2 * time.Second,
					StartPeriod: 3 * time.Second, Retries: 4,
				},
			},
		},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tc.want, *toConfig(tc.spec)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestConvertHostConfig(t *testing.T) {
	t.Parallel()
	// always is what no spec can turn off.
	always := func(change func(*container.HostConfig)) container.HostConfig {
		h := container.HostConfig{
			PortBindings:   nat.PortMap{},
			Tmpfs:          map[string]string{},
			Init:           new(true),
			RestartPolicy:  container.RestartPolicy{Name: "no"},
			CapDrop:        []string{"ALL"},
			SecurityOpt:    []string{"no-new-privileges"},
			ReadonlyRootfs: true,
			LogConfig: container.LogConfig{
				Type: "json-file", Config: map[string]string{"max-size": "10m", "max-file": "3"},
			},
		}
		change(&h)
		return h
	}
	cases := []struct {
		name string
		spec workerimage.Container
		want container.HostConfig
	}{
		{"empty", workerimage.Container{}, always(func(*container.HostConfig) {})},
		{
			"limits",
			workerimage.Container{MemoryBytes: 768 << 20, NanoCPUs: 5e8, PIDs: 256},
			always(func(h *container.HostConfig) {
				h.Memory, h.MemorySwap, h.NanoCPUs, h.PidsLimit = 768<<20, 768<<20, 5e8, new(int64(256))
			}),
		},
		{
			"ports",
			workerimage.Container{Ports: []workerimage.Port{
				{HostIP: "127.0.0.1", HostPort: 8501, ContainerPort: 8099},
				{HostIP: "::1", HostPort: 8501, ContainerPort: 8099},
			}},
			always(func(h *container.HostConfig) {
				h.PortBindings = nat.PortMap{"8099/tcp": {
					{HostIP: "127.0.0.1", HostPort: "8501"}, {HostIP: "::1", HostPort: "8501"},
				}}
			}),
		},
		{
			"mounts",
			workerimage.Container{
				Mounts: []workerimage.Mount{
					{Source: "/d", Target: "/data"}, {Source: "/m:x", Target: "/data/media", ReadOnly: true},
				},
				Tmpfs: []string{"/tmp"},
			},
			always(func(h *container.HostConfig) {
				h.Mounts = []mount.Mount{
					{Type: mount.TypeBind, Source: "/d", Target: "/data"},
					{Type: mount.TypeBind, Source: "/m:x", Target: "/data/media", ReadOnly: true},
				}
				h.Tmpfs = map[string]string{"/tmp": "rw,noexec,nosuid,nodev,mode=1777,size=256m"}
			}),
		},
		{
			"a phone on USB",
			workerimage.Container{Devices: []string{"/dev/bus/usb/1/5"}, Groups: []string{"46"}},
			always(func(h *container.HostConfig) {
				h.Devices = []container.DeviceMapping{{
					PathOnHost: "/dev/bus/usb/1/5", PathInContainer: "/dev/bus/usb/1/5", CgroupPermissions: "rw",
				}}
				h.GroupAdd = []string{"46"}
			}),
		},
		{
			"an adb server of the host's",
			workerimage.Container{HostGateway: "host.docker.internal"},
			always(func(h *container.HostConfig) { h.ExtraHosts = []string{"host.docker.internal:host-gateway"} }),
		},
		{"network", workerimage.Container{Network: "n"}, always(func(h *container.HostConfig) { h.NetworkMode = "n" })},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tc.want, *toHostConfig(tc.spec)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestConvertNetworking(t *testing.T) {
	t.Parallel()
	if got := toNetworking(workerimage.Container{}); got != nil {
		t.Errorf("no network: got %+v, want nil", got)
	}
	got := toNetworking(workerimage.Container{Network: "n", Aliases: []string{"phone"}})
	want := map[string]*network.EndpointSettings{"n": {Aliases: []string{"phone"}}}
	if diff := cmp.Diff(want, got.EndpointsConfig); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestObserved(t *testing.T) {
	t.Parallel()
	inspect := container.InspectResponse{
		ContainerJSONBase: &container.ContainerJSONBase{
			ID: "id", Name: "/f-phone-0",
			State: &container.State{
				Status: "running", StartedAt: "2026-01-02T03:04:05.6Z", Health: &container.Health{Status: "healthy"},
			},
		},
		Config:          &container.Config{ExposedPorts: nat.PortSet{"8099/tcp": {}}},
		NetworkSettings: &container.NetworkSettings{},
	}
	inspect.NetworkSettings.Ports = nat.PortMap{"8099/tcp": {{HostIP: "0.0.0.0", HostPort: "8500"}}, "5555/tcp": nil}
	got := observed(inspect, false)
	if got.Name != "f-phone-0" || got.State != "running" || got.Health != "healthy" || got.Started.Year() != 2026 {
		t.Errorf("got %+v", got)
	}
	if diff := cmp.Diff(map[int]string{8099: "127.0.0.1:8500"}, got.Addresses); diff != "" {
		t.Errorf("from the host (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[int]string{8099: "f-phone-0:8099"}, observed(inspect, true).Addresses); diff != "" {
		t.Errorf("from a container (-want +got):\n%s", diff)
	}
	inspect.State = &container.State{Status: "created", StartedAt: "0001-01-01T00:00:00Z"}
	if got := observed(inspect, false); got.State != "created" || got.Health != "" || !got.Started.IsZero() {
		t.Errorf("never started: got %+v", got)
	}
}
