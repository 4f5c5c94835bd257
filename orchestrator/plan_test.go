package orchestrator_test

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"postfleet/orchestrator"
	"postfleet/workerimage"
)

// validConfig is a config of two TCP devices; cases change one thing each.
func validConfig() orchestrator.Config {
	return orchestrator.Config{
		Place: workerimage.Place{
			Fleet: "f", Image: "fake", Network: "net", User: "1000:1000",
			DataDir: "/srv/data", MediaDir: "/srv/data/media", LogDir: "/srv/data/logs",
		},
		Devices: []orchestrator.DeviceConfig{
			{Name: "lab-0", Connect: "tcp://192.0.2.7:5555", Accounts: []string{"shop_a"}},
			{Name: "lab-1", Connect: "tcp://[2001:db8::1]:5555"},
		},
		Ports: orchestrator.PortConfig{AppiumBase: 4723, AppiumStep: 2, SystemBase: 8200, SystemBlock: 10},
	}
}

func TestPlanPorts(t *testing.T) {
	t.Parallel()
	cfg := validConfig()
	cfg.Simulate, cfg.Workers = true, 3
	plan, err := orchestrator.NewPlan(cfg)
	if err != nil {
		t.Fatal(err)
	}
	type ports struct {
		Appium, System, MJPEG, Chromedriver, Control int
		Block                                        [2]int
	}
	var got []ports
	for _, s := range plan.Slots {
		got = append(got, ports{
			s.AppiumPort, s.SystemPort, s.MJPEGPort, s.ChromedriverPort, s.Phone.Ports[0].HostPort, s.SystemPorts,
		})
	}
	want := []ports{
		{4723, 8200, 8201, 8202, 8500, [2]int{8200, 8209}},
		{4725, 8210, 8211, 8212, 8501, [2]int{8210, 8219}},
		{4727, 8220, 8221, 8222, 8502, [2]int{8220, 8229}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("ports (-want +got):\n%s", diff)
	}
}

// TestPlanOfManyPhones: control ports on the host and system ports inside the
// containers may have the same numbers.
func TestPlanOfManyPhones(t *testing.T) {
	t.Parallel()
	cfg := validConfig()
	cfg.Simulate, cfg.Workers = true, 50
	if _, err := orchestrator.NewPlan(cfg); err != nil {
		t.Error(err)
	}
}

func TestPlanOfWorker(t *testing.T) {
	t.Parallel()
	cfg := validConfig()
	cfg.Worker = workerimage.Settings{AppiumStartCmd: "appium", Recipe: "builtin:x", WorkerID: 99, AppiumPort: 1}
	plan, err := orchestrator.NewPlan(cfg)
	if err != nil {
		t.Fatal(err)
	}
	c := plan.Slots[1].Worker
	got, err := workerimage.DecodeSettings(c.Env[workerimage.EnvSettings])
	if err != nil {
		t.Fatal(err)
	}
	want := workerimage.Settings{
		Fleet: "f", WorkerID: 1, AppiumStartCmd: "appium", Recipe: "builtin:x",
		AppiumPort: 4725, SystemPort: 8210, MJPEGPort: 8211, ChromedriverPort: 8212,
		Device: workerimage.Device{
			Name: "lab-1", Address: "[2001:db8::1]:5555", ReservedAccounts: []string{"shop_a"},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("settings (-want +got):\n%s", diff)
	}
	hash, err := c.Hash()
	if err != nil {
		t.Fatal(err)
	}
	wantLabels := map[string]string{
		workerimage.LabelFleet: "f", workerimage.LabelRole: workerimage.RoleWorker,
		workerimage.LabelWorker: "1", workerimage.LabelDevice: "lab-1", workerimage.LabelSpec: hash,
		workerimage.LabelAppiumPort: "4725", workerimage.LabelSystemPorts: "8210-8219",
	}
	if diff := cmp.Diff(wantLabels, c.Labels); diff != "" {
		t.Errorf("labels (-want +got):\n%s", diff)
	}
	if plan.Slots[1].Phone != nil {
		t.Error("a TCP device got a simulated phone")
	}
}

func TestPlanOfSimulatedPhones(t *testing.T) {
	t.Parallel()
	mixed := validConfig()
	mixed.Devices[1] = orchestrator.DeviceConfig{Name: "bench", Connect: "sim"}
	mixed.Accounts = []string{"shop_a", "shop_b"}
	all := mixed
	all.Simulate, all.Workers = true, 3
	cases := []struct {
		name      string
		cfg       orchestrator.Config
		devices   []string
		addresses []string
		phones    []string
	}{
		{
			"connect sim", mixed,
			[]string{"lab-0", "bench"},
			[]string{"192.0.2.7:5555", "f-phone-1:5555"},
			[]string{"", "f-phone-1"},
		},
		{
			"simulate all", all,
			[]string{"sim-0", "sim-1", "sim-2"},
			[]string{"f-phone-0:5555", "f-phone-1:5555", "f-phone-2:5555"},
			[]string{"f-phone-0", "f-phone-1", "f-phone-2"},
		},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			plan, err := orchestrator.NewPlan(tc.cfg)
			if err != nil {
				t.Fatal(err)
			}
			var devices, addresses, phones []string
			for _, s := range plan.Slots {
				devices, addresses = append(devices, s.Device.Name), append(addresses, s.Device.Address)
				if s.Phone == nil {
					phones = append(phones, "")
					continue
				}
				phones = append(phones, s.Phone.Name)
				if !slices.Contains(s.Phone.Command, "shop_b") {
					t.Errorf("%s does not know every account: %q", s.Phone.Name, s.Phone.Command)
				}
				if got := s.Phone.Mounts[0].Source; got != "/srv/data/sim" {
					t.Errorf("%s keeps its posts in %s", s.Phone.Name, got)
				}
			}
			for _, diff := range []string{
				cmp.Diff(tc.devices, devices), cmp.Diff(tc.addresses, addresses), cmp.Diff(tc.phones, phones),
			} {
				if diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
			}
			if got := plan.Slots[0].Device.Accounts; !slices.Equal(got, []string{"shop_a"}) {
				t.Errorf("accounts of the first device: got %q, want the config's", got)
			}
		})
	}
}

// TestPlanIsStable: the spec hash decides who is adopted, so equal configs must
// give equal hashes and a change must give another.
func TestPlanIsStable(t *testing.T) {
	t.Parallel()
	hash := func(cfg orchestrator.Config) string {
		plan, err := orchestrator.NewPlan(cfg)
		if err != nil {
			t.Fatal(err)
		}
		return plan.Slots[0].Worker.Labels[workerimage.LabelSpec]
	}
	first, second := hash(validConfig()), hash(validConfig())
	if first != second {
		t.Errorf("one config, two hashes: %s and %s", first, second)
	}
	changed := validConfig()
	changed.Worker.MaxSteps = 7
	if got := hash(changed); got == first {
		t.Error("changed settings left the hash as it was")
	}
}

func TestPlanProblems(t *testing.T) {
	t.Parallel()
	type config = orchestrator.Config
	cases := []struct {
		name   string
		change func(*config)
		want   []string
		is     error
	}{
		{"too few devices", func(c *config) { c.Workers = 3 }, []string{"3 workers but only 2 devices"}, nil},
		{"no devices", func(c *config) { c.Devices = nil }, []string{"at least one worker"}, nil},
		{
			"usb", func(c *config) { c.Devices[0].Connect = "usb" }, []string{"lab-0", `"usb"`, "udid"}, nil,
		},
		{
			"adb server", func(c *config) { c.Devices[0].Connect = "adb-server://h:5037" },
			[]string{"adb-server://HOST:PORT", "udid"},
			nil,
		},
		{
			"adb server without a port",
			func(c *config) { c.Devices[0].Connect, c.Devices[0].UDID = "adb-server://h", "R5" },
			[]string{"adb-server://HOST:PORT"},
			nil,
		},
		{
			"nonsense", func(c *config) { c.Devices[0].Connect = "usb://1-2" },
			[]string{"lab-0", "tcp://HOST:PORT"},
			orchestrator.ErrConnect,
		},
		{
			"no cloud phone", func(c *config) { c.Devices[0].Connect = "geelark://" },
			[]string{"want geelark://PHONE-NAME"},
			nil,
		},
		{
			"all problems at once", func(c *config) {
				c.Devices[0].Connect, c.Devices[1].Connect = "usb", "tcp://nohost"
			},
			[]string{"device 0", "device 1", "tcp://nohost"},
			nil,
		},
		{"no host", func(c *config) { c.Devices[0].Connect = "tcp://:5555" }, []string{"want tcp://HOST:PORT"}, nil},
		{"bad name", func(c *config) { c.Devices[0].Name = "../x" }, []string{`"../x"`}, nil},
		{"bad fleet", func(c *config) { c.Place.Fleet = "a b" }, []string{`fleet "a b"`}, nil},
		{"small block", func(c *config) { c.Ports.SystemBlock = 2 }, []string{"needs 3"}, nil},
		{
			"one Appium port", func(c *config) { c.Ports.AppiumStep = 0 },
			[]string{"workers 0 and 1 would both use port 4723"},
			nil,
		},
		{"Appium in a block", func(c *config) { c.Ports.AppiumBase = 8205 }, []string{"port 8205"}, nil},
		{"port too high", func(c *config) { c.Ports.SystemBase = 65530 }, []string{"port 65536"}, nil},
		{"port too low", func(c *config) { c.Ports.AppiumBase = 80 }, []string{"port 80"}, nil},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			cfg := validConfig()
			tc.change(&cfg)
			_, err := orchestrator.NewPlan(cfg)
			if err == nil {
				t.Fatal("no error")
			}
			if tc.is != nil && !errors.Is(err, tc.is) {
				t.Errorf("got %v, want %v in its chain", err, tc.is)
			}
			for _, want := range tc.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("got %q, want it to say %s", err, strconv.Quote(want))
				}
			}
		})
	}
}
