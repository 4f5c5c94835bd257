package dockerengine

import (
	"slices"
	"strings"
	"testing"

	"github.com/docker/docker/api/types/container"
	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"postfleet/compose"
	"postfleet/workerimage"
)

// service is what the rendered compose file says of a container, read by other
// code than wrote it.
type service struct {
	User        string
	ReadOnly    bool `yaml:"read_only"`
	Privileged  bool
	NetworkMode string   `yaml:"network_mode"`
	CapDrop     []string `yaml:"cap_drop"`
	CapAdd      []string `yaml:"cap_add"`
	SecurityOpt []string `yaml:"security_opt"`
	Devices     []string
	GroupAdd    []string `yaml:"group_add"`
	PID, IPC    string
	Init        bool
	Restart     string
	Tmpfs       []string
	Ports       []struct {
		HostIP string `yaml:"host_ip"`
	}
	Volumes []struct {
		Source, Target string
		ReadOnly       bool `yaml:"read_only"`
	}
	Networks map[string]any
	MemLimit int64 `yaml:"mem_limit"`
	Swap     int64 `yaml:"memswap_limit"`
	PIDs     int64 `yaml:"pids_limit"`
	Logging  struct{ Options map[string]string }
}

// made is one container as each of the two would make it.
type made struct {
	config   *container.Config
	host     *container.HostConfig
	rendered service
}

// rule is one thing that holds for every container of a fleet, as the engine's
// create request says it and as the compose file does.
type rule struct {
	name    string
	engine  func(m made) any
	compose func(m made) any
	want    any
}

func rules() []rule {
	const tmpfs = "rw,noexec,nosuid,nodev,mode=1777,size=256m"
	type keys = map[string]string
	logs := keys{"max-size": "10m", "max-file": "3"}
	return []rule{
		{"user", func(m made) any { return m.config.User }, func(m made) any { return m.rendered.User }, "1000:1000"},
		{
			"no capability",
			func(m made) any { return [][]string{m.host.CapDrop, m.host.CapAdd} },
			func(m made) any { return [][]string{m.rendered.CapDrop, m.rendered.CapAdd} },
			[][]string{{"ALL"}, nil},
		},
		{
			"not privileged",
			func(m made) any { return m.host.Privileged },
			func(m made) any { return m.rendered.Privileged }, false,
		},
		{
			"no file made for another device",
			func(m made) any { return anyMakesDevices(engineDevices(m)) },
			func(m made) any { return anyMakesDevices(m.rendered.Devices) }, false,
		},
		{
			"no new privileges",
			func(m made) any { return m.host.SecurityOpt },
			func(m made) any { return trimTrue(m.rendered.SecurityOpt) },
			[]string{"no-new-privileges"},
		},
		{
			"read-only root",
			func(m made) any { return m.host.ReadonlyRootfs },
			func(m made) any { return m.rendered.ReadOnly }, true,
		},
		{
			"tmpfs",
			func(m made) any { return m.host.Tmpfs },
			func(m made) any { return byColon(m.rendered.Tmpfs) },
			keys{"/tmp": tmpfs},
		},
		{
			"the fleet's network",
			func(m made) any { return string(m.host.NetworkMode) + string(m.host.PidMode) + string(m.host.IpcMode) },
			func(m made) any {
				_, joined := m.rendered.Networks["fleet"]
				others := m.rendered.NetworkMode + m.rendered.PID + m.rendered.IPC
				return map[bool]string{true: "net"}[joined && len(m.rendered.Networks) == 1] + others
			}, "net",
		},
		{"ports on loopback", engineHosts, composeHosts, []string{"127.0.0.1"}},
		{
			"memory without swap",
			func(m made) any { return [2]int64{m.host.Memory, m.host.MemorySwap - m.host.Memory} },
			func(m made) any { return [2]int64{m.rendered.MemLimit, m.rendered.Swap - m.rendered.MemLimit} },
			[2]int64{256 << 20, 0},
		},
		{
			"processes",
			func(m made) any { return *m.host.PidsLimit },
			func(m made) any { return m.rendered.PIDs }, int64(128),
		},
		{
			"logs",
			func(m made) any { return m.host.LogConfig.Config },
			func(m made) any { return m.rendered.Logging.Options }, logs,
		},
		{"init", func(m made) any { return *m.host.Init }, func(m made) any { return m.rendered.Init }, true},
		{
			"no restart but ours",
			func(m made) any { return string(m.host.RestartPolicy.Name) },
			func(m made) any { return m.rendered.Restart }, "no",
		},
	}
}

// TestHardeningOfBoth holds the engine's create request and the compose file to
// one list, so that neither loses a line of it.
func TestHardeningOfBoth(t *testing.T) {
	t.Parallel()
	for name, m := range bothWays(t) {
		for _, r := range rules() {
			if diff := cmp.Diff(r.want, r.engine(m)); diff != "" {
				t.Errorf("%s, engine, %s (-want +got):\n%s", name, r.name, diff)
			}
			if diff := cmp.Diff(r.want, r.compose(m)); diff != "" {
				t.Errorf("%s, compose, %s (-want +got):\n%s", name, r.name, diff)
			}
		}
	}
}

// TestMountsOfBoth: the same mounts, read-only where they are to be, and the
// engine's socket in none.
func TestMountsOfBoth(t *testing.T) {
	t.Parallel()
	worker := []string{
		"/d:/data", "/l:/logs", "/d/media:/data/media:ro", "/s:/run/postfleet/secrets:ro",
		"/r.yaml:/run/postfleet/recipe.yaml:ro",
	}
	want := map[string][]string{
		"f-worker-0": worker, usbWorker: worker,
		"f-phone-0": {"/d/sim:/phones"},
	}
	for name, m := range bothWays(t) {
		var engine, rendered []string
		for _, v := range m.host.Mounts {
			engine = append(engine, mountText(v.Source, v.Target, v.ReadOnly))
		}
		for _, v := range m.rendered.Volumes {
			rendered = append(rendered, mountText(v.Source, v.Target, v.ReadOnly))
		}
		if diff := cmp.Diff(want[name], engine); diff != "" || len(m.host.Binds) > 0 {
			t.Errorf("%s, engine, binds %v (-want +got):\n%s", name, m.host.Binds, diff)
		}
		if diff := cmp.Diff(want[name], rendered); diff != "" {
			t.Errorf("%s, compose (-want +got):\n%s", name, diff)
		}
	}
}

// TestDevicesOfBoth: only a worker whose phone is on USB has a device, that one,
// and the group that may open it.
func TestDevicesOfBoth(t *testing.T) {
	t.Parallel()
	const node = "/dev/bus/usb/001/005"
	for name, m := range bothWays(t) {
		want := [][]string{nil, nil}
		if name == usbWorker {
			want = [][]string{{node + ":" + node + ":rw"}, {"46"}}
		}
		if diff := cmp.Diff(want, [][]string{engineDevices(m), m.host.GroupAdd}); diff != "" {
			t.Errorf("%s, engine (-want +got):\n%s", name, diff)
		}
		if diff := cmp.Diff(want, [][]string{m.rendered.Devices, m.rendered.GroupAdd}); diff != "" {
			t.Errorf("%s, compose (-want +got):\n%s", name, diff)
		}
		if len(m.host.DeviceCgroupRules)+len(m.host.DeviceRequests) > 0 {
			t.Errorf("%s: got %v and %v, want none", name, m.host.DeviceCgroupRules, m.host.DeviceRequests)
		}
	}
}

const usbWorker = "f-worker-1"

// bothWays makes two workers, one with its phone on USB, and a simulated phone,
// with the same limits.
func bothWays(t *testing.T) map[string]made {
	t.Helper()
	place := workerimage.Place{
		Fleet: "f", Image: "img", Network: "net", User: "1000:1000",
		DataDir: "/d", MediaDir: "/d/media", LogDir: "/l", SecretsDir: "/s", RecipePath: "/r.yaml",
		MemoryBytes: 256 << 20, PIDs: 128,
	}
	worker, err := place.Worker(workerimage.Settings{AppiumPort: 4723})
	if err != nil {
		t.Fatal(err)
	}
	onBus, err := place.Worker(workerimage.Settings{AppiumPort: 4725, WorkerID: 1})
	if err != nil {
		t.Fatal(err)
	}
	onBus.Devices, onBus.Groups = []string{"/dev/bus/usb/001/005"}, []string{"46"}
	specs := []workerimage.Container{worker, onBus, place.Phone(0, "sim", "/d/sim", nil)}
	text, err := compose.Render(compose.Fleet{Name: "f", Network: "net", Containers: specs})
	if err != nil {
		t.Fatal(err)
	}
	var project struct {
		Services map[string]service
		Networks map[string]struct{ Name string }
	}
	if err := yaml.Unmarshal(text, &project); err != nil {
		t.Fatal(err)
	}
	if got := project.Networks["fleet"].Name; got != "net" {
		t.Fatalf("network: got %q, want net", got)
	}
	all := map[string]made{}
	for _, spec := range specs {
		rendered := project.Services[strings.TrimPrefix(spec.Name, "f-")]
		all[spec.Name] = made{config: toConfig(spec), host: toHostConfig(spec), rendered: rendered}
	}
	return all
}

func engineDevices(m made) []string {
	var out []string
	for _, d := range m.host.Devices {
		out = append(out, d.PathOnHost+":"+d.PathInContainer+":"+d.CgroupPermissions)
	}
	return out
}

// anyMakesDevices reports whether a mapping allows more than to read and write.
func anyMakesDevices(mappings []string) bool {
	return slices.ContainsFunc(mappings, func(m string) bool { return !strings.HasSuffix(m, ":rw") })
}

func engineHosts(m made) any {
	var hosts []string
	for _, bindings := range m.host.PortBindings {
		for _, b := range bindings {
			hosts = append(hosts, b.HostIP)
		}
	}
	return hosts
}

func composeHosts(m made) any {
	var hosts []string
	for _, p := range m.rendered.Ports {
		hosts = append(hosts, p.HostIP)
	}
	return hosts
}

// trimTrue: compose writes the flag with a value, which means the same.
func trimTrue(options []string) []string {
	var out []string
	for _, o := range options {
		out = append(out, strings.TrimSuffix(o, ":true"))
	}
	return out
}

func byColon(entries []string) map[string]string {
	out := map[string]string{}
	for _, e := range entries {
		key, value, _ := strings.Cut(e, ":")
		out[key] = value
	}
	return out
}

func mountText(source, target string, readOnly bool) string {
	if readOnly {
		target += ":ro"
	}
	return source + ":" + target
}
