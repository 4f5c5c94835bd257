package orchestrator_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"postfleet/orchestrator"
	"postfleet/workerimage"
)

// TestPlanOfRealPhones: what each kind of device comes to, for its worker and
// for its slot.
func TestPlanOfRealPhones(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name    string
		device  orchestrator.DeviceConfig
		want    workerimage.Device
		usb     string
		gateway string
	}{
		{
			"tcp",
			orchestrator.DeviceConfig{Connect: "tcp://192.0.2.7:5555"},
			workerimage.Device{Address: "192.0.2.7:5555"},
			"", "",
		},
		{
			"tcp with udid",
			orchestrator.DeviceConfig{Connect: "tcp://192.0.2.7:5555", UDID: "R5"},
			workerimage.Device{Address: "192.0.2.7:5555", UDID: "R5"},
			"", "",
		},
		{
			"usb",
			orchestrator.DeviceConfig{Connect: "usb", UDID: "R5"},
			workerimage.Device{Address: "R5", Attached: true},
			"R5", "",
		},
		{
			"the host's adb server",
			orchestrator.DeviceConfig{Connect: "adb-server://host.docker.internal:5037", UDID: "R5"},
			workerimage.Device{Address: "R5", Attached: true, ADBServer: "host.docker.internal:5037"},
			"", "host.docker.internal",
		},
		{
			"another adb server",
			orchestrator.DeviceConfig{Connect: "adb-server://192.0.2.9:5037", UDID: "R5"},
			workerimage.Device{Address: "R5", Attached: true, ADBServer: "192.0.2.9:5037"},
			"", "",
		},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			cfg := validConfig()
			tc.device.Name = "phone"
			tc.want.Name = "phone"
			cfg.Devices = []orchestrator.DeviceConfig{tc.device}
			plan, err := orchestrator.NewPlan(cfg)
			if err != nil {
				t.Fatal(err)
			}
			s := plan.Slots[0]
			if diff := cmp.Diff(tc.want, s.Device); diff != "" {
				t.Errorf("device (-want +got):\n%s", diff)
			}
			if s.USB != tc.usb || s.Worker.HostGateway != tc.gateway || len(s.Worker.Devices) > 0 {
				t.Errorf("got USB %q, gateway %q, devices %q", s.USB, s.Worker.HostGateway, s.Worker.Devices)
			}
		})
	}
}

// TestPlanOfOwnRotateURL: a worker is told a file of its own only when its
// device has one.
func TestPlanOfOwnRotateURL(t *testing.T) {
	t.Parallel()
	cfg := validConfig()
	cfg.Devices[1].OwnRotateURL = true
	plan, err := orchestrator.NewPlan(cfg)
	if err != nil {
		t.Fatal(err)
	}
	for n, want := range []string{"", "proxy_rotate_url.lab-1"} {
		s, err := workerimage.DecodeSettings(plan.Slots[n].Worker.Env[workerimage.EnvSettings])
		if err != nil || s.Proxy.Secret != want {
			t.Errorf("worker %d: got %q and %v, want %q", n, s.Proxy.Secret, err, want)
		}
	}
}
